"""Who may show, carry away and ask about a certificate, and who answers."""

from hocvu.credentials.models import Certificate
from hocvu.credentials.policies import can_revoke
from hocvu.people.models import Person
from hocvu.wallet.models import CorrectionRequest


def is_holder(person: Person, certificate: Certificate) -> bool:
    """Only holders share their certificates, download them for wallets, ask for corrections."""
    return certificate.entry.person_id == person.pk


def can_answer(person: Person, request: CorrectionRequest) -> bool:
    """Who may correct the certificate may also say why not."""
    return can_revoke(person, request.certificate)
