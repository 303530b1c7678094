"""How often attempts were marked, and under which names their results stand."""

from collections.abc import Collection

from django.db.models import Count

from hocvu.exams import rules
from hocvu.exams.models import Remarking


def times_marked(attempt_ids: Collection[int]) -> dict[int, int]:
    """Once, and once more for each time the result changed. One query."""
    changed = Remarking.objects.filter(attempt__in=list(attempt_ids)).order_by()
    counted = changed.values("attempt").annotate(n=Count("pk"))
    times = dict(counted.values_list("attempt", "n"))
    return {pk: 1 + times.get(pk, 0) for pk in attempt_ids}


def evidence_of(attempt_ids: Collection[int]) -> list[str]:
    """The names of everything these attempts ever showed."""
    times = times_marked(attempt_ids)
    return [rules.evidence(pk, n) for pk in attempt_ids for n in range(1, times[pk] + 1)]
