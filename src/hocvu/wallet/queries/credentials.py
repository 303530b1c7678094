"""A certificate as the Open Badges credential that is to be signed."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from hocvu.credentials.models import Certificate
from hocvu.portable.achievement import Achievement, Award, achievement_credential
from hocvu.portable.keys import PublicKey
from hocvu.portable.status import place
from hocvu.recognition.models import CertificateKind
from hocvu.wallet.queries.achievements import achievement_of, issuer_address

_KINDS = {
    CertificateKind.COMPLETION: "CertificateOfCompletion",
    CertificateKind.STATUTORY: "Certificate",
}


def credential_of(certificate: Certificate, identifier: UUID, *, key: PublicKey) -> dict[str, Any]:
    """The credential, not yet signed; in Vietnamese, as the certificate is.

    It names the holder as the certificate does: whoever receives it must be able to compare.
    """
    decision = certificate.entry.decision
    in_a_list = certificate.status_list is not None and certificate.status_index is not None
    award = Award(
        address=f"urn:uuid:{identifier}",
        holder_name=certificate.holder.full_name,
        serial_number=certificate.serial_number,
        issued_at=certificate.issued_at,
        started_on=decision.starts_on,
        ended_on=decision.ends_on,
        site=settings.SITE_ADDRESS,
        status_place=place(certificate.status_list or 0, certificate.status_index or 0)
        if in_a_list
        else None,
    )
    return achievement_credential(
        award,
        _achievement(certificate),
        issuer=key,
        issuer_address=issuer_address(certificate.issuer),
    )


def _achievement(certificate: Certificate) -> Achievement:
    decision = certificate.entry.decision
    with translation.override("vi"):
        return achievement_of(
            decision.training_class.programme,
            certificate.issuer,
            kind=_KINDS[CertificateKind(decision.kind)],
            name=decision.programme_name,
        )
