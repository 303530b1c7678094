"""Which certificates no longer count, as files for anybody who checks without asking us.

`status/<purpose>/<n>`: a W3C Bitstring Status List 1.0, as a signed VC-JWT, and beside it as a
document with its proof inside. Each is written beside and renamed, so a reader finds the old one or
the new one, whole. Writing them again is harmless.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.certificates import with_state
from hocvu.portable.status import ListName, Purpose, place, prove_status_list, write_status_list
from hocvu.register.durable import alone, put_whole
from hocvu.signing import require_usable
from hocvu.trust.queries.believed import PROVED_FOLDER, STATUS_FOLDER
from hocvu.trust.queries.signing_keys import (
    did,
    installation_key,
    public_key,
)

LISTS_COUNT_FOR = timedelta(days=7)  # a checker without a network carries them no longer


def publish_status_lists(*, at: datetime) -> int:
    """Write the lists of certificates that no longer count, as they stand; how many were written.

    A list names places only, which were drawn at random. One writer at a time: who comes last has
    read last, so what another one has just taken back is not written over.
    """
    with alone(settings.REGISTER_FOLDER / STATUS_FOLDER):
        return _publish_status_lists(at)


def _publish_status_lists(at: datetime) -> int:
    changed = with_state(Certificate.objects.exclude(status_index=None))
    last = Certificate.objects.exclude(status_list=None).order_by("-status_list").first()
    numbers = range(1, (last.status_list or 0) + 1) if last else range(0)
    revoked = _places(changed.filter(is_revoked=True))
    corrected = _places(changed.filter(is_corrected=True)) - revoked
    written = 0
    for number in numbers:
        for purpose, places in (
            (Purpose.REVOCATION, revoked | corrected),
            (Purpose.REFRESH, corrected),
        ):
            of_list = [place(*each) for each in places if each[0] == number]
            _write_list(ListName(settings.SITE_ADDRESS, purpose, number), of_list, at=at)
            written += 1
    return written


def lists_are_missing() -> bool:
    """Whether somebody's place is in a list that was never written. One query."""
    last = Certificate.objects.aggregate(last=Max("status_list"))["last"]
    folder = settings.REGISTER_FOLDER / STATUS_FOLDER
    return last is not None and not all(
        (folder / purpose.value / str(last)).exists()
        for purpose in (Purpose.REVOCATION, Purpose.REFRESH)
    )


@jobs.periodic(cron="17 * * * *")
@jobs.task(queueing_lock="renew_status_lists", pass_context=False)
def renew_status_lists(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every hour, so that whoever carries the lists can tell how old they are."""
    publish_status_lists(at=timezone.now())


def _places(certificates: Any) -> set[tuple[int, int]]:
    return set(certificates.values_list("status_list", "status_index"))


def _write_list(name: ListName, places: list[int], *, at: datetime) -> None:
    """As a token and as a document with its proof inside: some wallets read only the one."""
    key = installation_key()
    require_usable(key, at)
    public, until = public_key(key, did()), at + LISTS_COUNT_FOR
    with key.open() as session:
        for kind, write in ((PROVED_FOLDER, prove_status_list), (STATUS_FOLDER, write_status_list)):
            signed = write(name, places, at=at, valid_until=until, session=session, key=public)
            folder = settings.REGISTER_FOLDER / kind / name.purpose.value
            put_whole(folder / str(name.number), signed)
