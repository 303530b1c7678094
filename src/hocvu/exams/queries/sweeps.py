"""Checking whole days of sealed attempts at once, few statements for thousands of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hocvu.exams.models import Attempt, SealedDay
from hocvu.exams.queries.receipts import answers_of, digest_of_late
from hocvu.exams.queries.seals import Step, is_signed, late_that_count, leaf_of, stored_steps
from hocvu.register.merkle import Frontier, TreeHead

_AT_ONCE = 2_000


@dataclass(frozen=True)
class Swept:
    """What was found of one day, or of the attempts no day covers yet (`day` none)."""

    day: date | None
    attempts: int
    broken: dict[int, list[Step]]  # attempt: the steps that do not hold
    steps: dict[Step, bool]  # of the day as a whole; the signature is missing without a key

    @property
    def is_intact(self) -> bool:
        return not self.broken and all(self.steps.values())

    @property
    def is_certain(self) -> bool:
        return self.day is None or Step.SIGNATURE in self.steps


def sweep_day(sealed: SealedDay) -> Swept:
    """Every attempt of a day from its own rows, then all seals under the signed head."""
    head = TreeHead(sealed.size, bytes(sealed.root))
    broken, tree = _sweep(Attempt.objects.filter(sealed_in=sealed))
    steps = {Step.DAY: tree.head() == head}
    if (signed := is_signed(sealed.day, sealed.note, head)) is not None:
        steps[Step.SIGNATURE] = signed
    return Swept(sealed.day, tree.size, broken, steps)


def sweep_unsealed() -> Swept:
    """Attempts handed in with a seal whose day is not over, or not sealed yet."""
    broken, tree = _sweep(Attempt.objects.filter(seal__isnull=False, sealed_in=None))
    return Swept(None, tree.size, broken, {})


def attempts_without_a_seal() -> int:
    """Handed in before there were seals: nothing can be said of them."""
    return Attempt.objects.filter(
        handed_in_at__isnull=False, seal__isnull=True, sealed_in=None
    ).count()


def _sweep(attempts: QuerySet[Attempt]) -> tuple[dict[int, list[Step]], Frontier]:
    broken, tree = {}, Frontier()
    for chunk in _chunks(attempts.order_by("handed_in_at", "pk")):
        ids = [each.pk for each in chunk]
        answers, late = answers_of(ids), _late_by_attempt(ids)
        for each in chunk:
            steps = stored_steps(each, answers.get(each.pk, []), late.get(each.pk, set()))
            if failing := [step for step, holds in steps.items() if not holds]:
                broken[each.pk] = failing
        tree = tree.extend(leaf_of(bytes(each.seal or b"")) for each in chunk)
    return broken, tree


def _chunks(attempts: QuerySet[Attempt]) -> Iterator[list[Attempt]]:
    chunk: list[Attempt] = []
    for each in attempts.iterator(chunk_size=_AT_ONCE):
        chunk.append(each)
        if len(chunk) == _AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _late_by_attempt(attempt_ids: list[int]) -> dict[int, set[bytes]]:
    late: dict[int, set[bytes]] = {}
    for each in late_that_count(attempt_ids):
        late.setdefault(each.attempt_id, set()).add(digest_of_late(each))
    return late
