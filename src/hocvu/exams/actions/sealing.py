"""Sealing the days: a signed Merkle head over the seals of all attempts handed in.

Write order: the head is signed and committed together with what it covers, then published as a
file. A crash in between is mended by the next run. Each day has a tree and a name of its own
(`…/exams/2026-11-21`), so no head can be taken for the continuation of another.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app

from hocvu.audit.actions import record
from hocvu.exams.models import Attempt, SealedDay, SealedPage
from hocvu.exams.queries.sealed_tree import pages_of
from hocvu.exams.queries.seals import PUBLIC_KEY_FILE, leaf_of, origin, origin_of
from hocvu.kernel.time import VIETNAM, day_of
from hocvu.register.checkpoint import Checkpoint, SigningKey, sign_checkpoint
from hocvu.register.durable import put_whole
from hocvu.register.merkle import Frontier

_KEY_FILE = "exams.key"
_ONE_DAY = timedelta(days=1)


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="seal_days", pass_context=False)
def seal_days_that_are_over(timestamp: int) -> None:
    """Every hour, so that midnight in Viet Nam is followed soon and a missed night is made up."""
    seal_days(at=datetime.fromtimestamp(timestamp, UTC))
    publish_days()


def seal_days(*, at: datetime) -> list[SealedDay]:
    """Seal every day that is over; the heads made. A second run makes none.

    A day covers what was handed in until its end and no earlier day covers: an attempt that comes
    in later (an answer sheet brought from a place without a network) is sealed with the next day.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE exams_sealedday IN SHARE ROW EXCLUSIVE MODE")  # one at a time
        waiting = _waiting(before=day_of(at))
        sealed = []
        for day in _days_to_seal(waiting, until=day_of(at)):
            covered = [each for each in waiting if each[0] <= day]
            if covered:
                sealed.append(_seal(day, covered, at=at))
                waiting = waiting[len(covered) :]
        return sealed


def _waiting(*, before: date) -> list[tuple[date, int, bytes]]:
    """(day handed in, attempt, seal) of what no day covers yet, in the order of the leaves."""
    midnight = datetime(before.year, before.month, before.day, tzinfo=VIETNAM)
    unsealed = Attempt.objects.filter(seal__isnull=False, sealed_in=None, handed_in_at__lt=midnight)
    rows = unsealed.order_by("handed_in_at", "pk").values_list("handed_in_at", "pk", "seal")
    return [(day_of(at), pk, bytes(seal)) for at, pk, seal in rows if at and seal]


def _days_to_seal(waiting: Sequence[tuple[date, int, bytes]], *, until: date) -> list[date]:
    if not waiting:
        return []
    first = waiting[0][0]
    done = set(SealedDay.objects.filter(day__gte=first).values_list("day", flat=True))
    days = (first + n * _ONE_DAY for n in range((until - first).days))
    return [day for day in days if day not in done]


_COVER = """
UPDATE exams_attempt SET sealed_in_id = %s, sealed_as = covered.place - 1
FROM unnest(%s::bigint[]) WITH ORDINALITY AS covered (id, place)
WHERE exams_attempt.id = covered.id
"""


def _seal(day: date, covered: Sequence[tuple[date, int, bytes]], *, at: datetime) -> SealedDay:
    head = Frontier().extend(leaf_of(seal) for _, _, seal in covered).head()
    signing = SigningKey(origin_of(day), _signing_key(at).private)
    sealed = SealedDay.objects.create(
        day=day,
        size=head.size,
        root=head.root,
        note=sign_checkpoint(Checkpoint(signing.name, head.size, head.root), signing),
        sealed_at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute(_COVER, [sealed.pk, [pk for _, pk, _ in covered]])
    SealedPage.objects.bulk_create(pages_of(sealed, [leaf_of(seal) for _, _, seal in covered]))
    record("day_sealed", sealed, by=None, at=at, attempts=head.size)
    return sealed


def _signing_key(at: datetime) -> SigningKey:
    """The key of all days, made once. Its public part lies beside it for whoever checks."""
    folder = Path(settings.AUTHORITY_FOLDER)
    file = folder / _KEY_FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        SigningKey.generate(origin()).save(file)
        record("seal_key_made", "exams.sealedday", by=None, at=at)
    key = SigningKey.load(file)
    public = folder / PUBLIC_KEY_FILE
    if not public.exists():
        put_whole(public, key.verifier.to_text() + "\n")
    return key


def publish_days() -> int:
    """Write the notes of sealed days into the register's folder; how many were missing there."""
    folder = Path(settings.REGISTER_FOLDER) / "exams"
    folder.mkdir(parents=True, exist_ok=True)
    shown = {file.name for file in folder.iterdir()}
    missing = [each for each in SealedDay.objects.order_by("day") if str(each.day) not in shown]
    for sealed in missing:
        put_whole(folder / str(sealed.day), sealed.note)
    return len(missing)
