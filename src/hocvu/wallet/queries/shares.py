"""Shares as their holder sees them, and as whoever opens one does."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max, Prefetch, QuerySet, Sum
from django.utils.encoding import force_bytes

from hocvu.credentials.models import Certificate
from hocvu.people.models import Person
from hocvu.verification.queries.verification import check_codes
from hocvu.verification.rules.verdicts import Verdict, Verification
from hocvu.wallet.models import Share, SharedCertificate
from hocvu.wallet.rules.shares import State, hash_of, state_of, token_of

ADDRESS = "/w/{token}"


@dataclass(frozen=True)
class Shown:
    """One certificate of a share, as it stands at this moment."""

    position: int
    certificate_id: int
    verification: Verification
    has_file: bool


def shares_of(person: Person) -> QuerySet[Share]:
    """A person's own links, with `opened` times and `opened_last`."""
    certificates = Certificate.objects.select_related("entry__decision", "issuer").defer(
        "stored_file", "tail"
    )
    shown = SharedCertificate.objects.prefetch_related(Prefetch("certificate", certificates))
    return (
        Share.objects.filter(holder=person)
        .annotate(opened=Sum("openings__count", default=0), opened_last=Max("openings__minute"))
        .prefetch_related(Prefetch("shown", shown))
    )


def share_behind(token: str, at: datetime) -> Share | None:
    """The share that this link opens now; None whether it is over, withdrawn or never was."""
    share = Share.objects.filter(token_sha256=hash_of(token)).first()
    if share is None or state_of(share.expires_at, share.withdrawn_at, at) is not State.OPEN:
        return None
    return share


def shown_by(share: Share) -> list[Shown]:
    """What verification says now about each certificate; three statements, however many."""
    rows = share.shown.values_list("position", "certificate", "certificate__verification_code")
    places = list(rows.order_by("position"))
    verdicts = check_codes([code for _position, _certificate, code in places])
    return [
        Shown(
            position,
            certificate,
            verification,
            has_file=share.with_file and verification.verdict is Verdict.VALID,
        )
        for (position, certificate, _code), verification in zip(places, verdicts, strict=True)
    ]


def address_of(share: Share) -> str:
    """The whole link, for its owner; "" where the key that made it is gone.

    Links made under an earlier key go on opening: they are found by their hash.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = token_of(force_bytes(key), bytes(share.seed))
        if hmac.compare_digest(hash_of(token), bytes(share.token_sha256)):
            return settings.SITE_ADDRESS + ADDRESS.format(token=token)
    return ""
