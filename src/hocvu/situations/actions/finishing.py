"""Finishing runs, adding up what is marked, and telling the rooms above."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hocvu.audit.actions import record
from hocvu.competency.actions import NewResult, record_results
from hocvu.competency.rules import Share
from hocvu.items.scores import as_stored
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import publish
from hocvu.people.models import Person
from hocvu.situations import policies
from hocvu.situations.events import RunMarked
from hocvu.situations.models import Disposition, Exercise, Run, RunMember, Step
from hocvu.situations.queries.groups import people_present_in
from hocvu.situations.queries.running import scores_of, texts_of
from hocvu.situations.rules.cases import WRITTEN
from hocvu.situations.rules.scoring import PathScore
from hocvu.situations.rules.timing import GRACE

_AT_ONCE = 500


def locked_run(run: Run) -> Run:
    """The run as it stands now; nobody else moves it until this transaction ends."""
    return (
        Run.objects.select_for_update(of=("self",))
        .select_related("exercise__case", "exercise__training_class", "bridge_point", "person")
        .get(pk=run.pk)
    )


def finish_run(run: Run, *, by: Person, at: datetime) -> Run:
    """Break off: what was not decided earns nothing. Finishing twice changes nothing."""
    with transaction.atomic():
        run = locked_run(run)
        if not policies.can_decide(by, run):
            raise NotAllowed(
                _("Only those whose run this is can end it."),
                _("Please sign in with your own account."),
            )
        if run.finished_at is None:
            record("run_broken_off", run, by=by, at=at, exercise_id=run.exercise_id)
            finish([run], at=at)
        return run


def finish_overdue(
    at: datetime, *, person: Person | None = None, exercise: Exercise | None = None
) -> int:
    """End the runs of exercises that have closed; the number of them.

    Runs somebody else is ending at this moment are left to them.
    """
    with transaction.atomic():
        overdue = Run.objects.select_for_update(of=("self",), skip_locked=True).filter(
            finished_at=None, exercise__closes_at__lt=at - GRACE
        )
        if person is not None:
            overdue = overdue.filter(person=person)
        if exercise is not None:
            overdue = overdue.filter(exercise=exercise)
        found = overdue.select_related("exercise__case", "exercise__training_class")
        runs = list(found.order_by("exercise__closes_at", "pk")[:_AT_ONCE])
        if runs:
            record("overdue_runs_finished", "situations.run", by=None, at=at, runs=len(runs))
            finish(runs, at=at)
        return len(runs)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="finish_runs_of_closed_exercises", pass_context=False)
def finish_runs_of_closed_exercises(timestamp: int) -> None:
    """Every minute."""
    at = datetime.fromtimestamp(timestamp, UTC)
    while finish_overdue(at) == _AT_ONCE:
        pass


def finish(runs: Sequence[Run], *, at: datetime) -> None:
    """End runs that are locked, in a few statements however many; whoever asks records why.

    A text saved where a run stands is handed in with it.
    """
    texts = texts_of(runs)
    for run in runs:
        run.finished_at = min(at, run.exercise.closes_at)
    standing = [run for run in runs if texts.get((run.pk, run.node), "").strip()]
    taken = dict.fromkeys((run.pk for run in standing), 0)
    for step in Step.objects.filter(run__in=standing):
        taken[step.run_id] = max(taken[step.run_id], step.sequence)
    Step.objects.bulk_create(
        Step(
            run=run,
            sequence=taken[run.pk] + 1,
            node=run.node,
            decision=WRITTEN,
            client_id=uuid4(),
            decided_by=None,
            decided_at=at,
            timed_out=True,
        )
        for run in standing
    )
    Run.objects.bulk_update(runs, ["finished_at"])
    _write_down_members(runs)
    taken_back = Q(pk__in=[])
    for (run_id, node), text in texts.items():
        if not text.strip():
            taken_back |= Q(run=run_id, node=node)
    Disposition.objects.filter(taken_back).update(settled_at=at)  # nobody has to mark nothing
    settle(runs, at=at)


def _write_down_members(runs: Sequence[Run]) -> None:
    """Who was present when a group finished is written down: later corrections do not change it."""
    present = people_present_in([run for run in runs if run.bridge_point_id is not None])
    RunMember.objects.bulk_create(
        RunMember(run_id=run_id, person_id=person_id) for run_id, person_id in present
    )


def settle(runs: Iterable[Run], *, at: datetime) -> None:
    """Mark the finished runs that wait for nobody, record what they show, and tell.

    A person's run is their evidence (`situations.run:12`). A group's run is evidence of everybody
    who was present (`situations.run:12/group/345`): it counts for the components it touched, but it
    is never a pass, because nobody can say who of the group would have decided so alone.
    """
    scores = scores_of([run for run in runs if run.marked_at is None])
    settled = [run for run in runs if run.pk in scores and not scores[run.pk].waits_for]
    if not settled:
        return
    for run in settled:
        total = scores[run.pk].total
        run.marked_at, run.passed = at, scores[run.pk].passed
        run.points, run.out_of = as_stored(total.points), as_stored(total.out_of)
    Run.objects.bulk_update(settled, ["marked_at", "passed", "points", "out_of"])
    members: dict[int, list[int]] = {}
    for run_id, person_id in RunMember.objects.filter(run__in=settled).values_list("run", "person"):
        members.setdefault(run_id, []).append(person_id)
    record_results(
        [
            _result(run, scores[run.pk], person_id)
            for run in settled
            for person_id in ([run.person_id] if run.person_id else members.get(run.pk, []))
        ],
        at=at,
    )
    ids = [run.pk for run in settled]
    record("runs_marked", "situations.run", by=None, at=at, run_ids=ids)
    for run in settled:
        shown_by = [run.person_id] if run.person_id else sorted(members.get(run.pk, []))
        publish(RunMarked(run.pk, tuple(shown_by), at))


def _result(run: Run, score: PathScore, person_id: int) -> NewResult:
    """What a run showed, component by component.

    It never passes a level: one case touches a few components, a level stands on all of them.
    """
    case, is_own = run.exercise.case, run.person_id is not None
    return NewResult(
        person_id=person_id,
        framework_id=case.framework_id,
        level=case.level,
        passed=False,
        points=as_stored(score.total.points),
        out_of=as_stored(score.total.out_of),
        assessed_at=run.finished_at or run.started_at,
        evidence=f"situations.run:{run.pk}" + ("" if is_own else f"/group/{person_id}"),
        components={
            code: Share(as_stored(part.points), as_stored(part.out_of))
            for code, part in score.by_component.items()
        },
    )
