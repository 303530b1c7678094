"""A link and a request of the learner who holds a certificate."""

from datetime import timedelta
from uuid import uuid4

from browser_scene import LEARNER, player
from django.utils import timezone

from hocvu.credentials.models import Certificate
from hocvu.wallet.actions import make_share, note_opening, request_correction
from hocvu.wallet.models import CorrectionRequest, Share, Way
from hocvu.wallet.queries.shares import address_of
from hocvu.wallet.rules.requests import Wish
from hocvu.wallet.rules.shares import Terms


def _certificate() -> Certificate:
    return Certificate.objects.get(entry__person=player(LEARNER))


def share() -> Share:
    """Opened once."""
    found = Share.objects.first()
    if found is None:
        now = timezone.now()
        terms = Terms("Hồ sơ bổ nhiệm, Sở Nội vụ", now + timedelta(days=7), with_file=True)
        found = make_share([_certificate()], terms, client_id=uuid4(), by=player(LEARNER), at=now)
        note_opening(found, Way.PAGE, at=now)
    return found


def token() -> list[str]:
    return [address_of(share()).rpartition("/")[2]]


def request() -> CorrectionRequest:
    """Waiting for the registrar."""
    found = CorrectionRequest.objects.first()
    wish = Wish("birth", "05/02/1981", "Giấy khai sinh do UBND phường Thủy Nguyên cấp")
    return found or request_correction(
        _certificate(), wish, client_id=uuid4(), by=player(LEARNER), at=timezone.now()
    )


def achievement() -> list[int]:
    decision = _certificate().entry.decision
    return [decision.training_class.programme_id, decision.issuer_id]


def issuer() -> list[int]:
    return [_certificate().issuer_id]
