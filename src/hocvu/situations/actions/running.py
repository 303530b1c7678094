"""Running through a case: one node at a time, one decision after another.

Devices lose replies and repeat themselves. A decision is named by its `client_id`; delivered again
it is answered with the step it made. Once a node has been left, whatever arrives for it is answered
with the step that stands. What the clock is may be asked of the server only.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.situations import policies
from hocvu.situations.actions.finishing import finish, locked_run
from hocvu.situations.models import Exercise, Run, Step
from hocvu.situations.queries.groups import roll_of_group
from hocvu.situations.queries.running import end_of_node, has_text
from hocvu.situations.rules.cases import TIMED_OUT, Decision, Node, NodeKind
from hocvu.situations.rules.timing import is_too_late


class ExerciseIsNotOpenYet(NotPossible):
    pass


class ExerciseIsClosed(NotPossible):
    pass


class ExerciseIsForGroups(NotPossible):
    """Its bridge points run it; a learner alone does not."""


class ExerciseIsForLearners(NotPossible):
    """Each learner runs it alone; a bridge point does not."""


class RollIsNotOpen(NotPossible):
    """Nobody could say whose evidence a group's run would be."""


class RunIsFinished(NotPossible):
    pass


class RunStandsElsewhere(NotPossible):
    """The run has not come to this node."""


class NodeIsNotOpened(NotPossible):
    """Its time has not begun to run."""


class DecisionIsNotOffered(NotPossible):
    pass


class DispositionIsEmpty(NotPossible):
    pass


def start_run(
    exercise: Exercise, *, bridge_point: BridgePoint | None = None, by: Person, at: datetime
) -> Run:
    """Begin a run, or go on with the one there is: a case is run once."""
    with transaction.atomic():
        if bridge_point is None:
            own = _begin_alone(exercise, by)
        else:
            own = _begin_as_group(exercise, bridge_point, by)
        before = own.first()
        if before is not None:
            return before
        _refuse_outside(exercise, at)
        if bridge_point is not None and roll_of_group(bridge_point, at) is None:
            raise RollIsNotOpen(
                _("The roll of this bridge point has not been opened today."),
                _("Open the roll first: those present are the group."),
            )
        run = Run.objects.create(
            exercise=exercise,
            person=None if bridge_point else by,
            bridge_point=bridge_point,
            started_by=by,
            started_at=at,
            node=exercise.case.written.start,
        )
        record("run_started", run, by=by, at=at, exercise_id=exercise.pk)
        return run


def _begin_alone(exercise: Exercise, by: Person) -> QuerySet[Run]:
    """The enrolment row is the lock."""
    if exercise.is_for_groups:
        raise ExerciseIsForGroups(
            _("This exercise is answered by each bridge point as a group."),
            _("The coordinator of your bridge point enters what the group decides."),
        )
    enrolments = Enrolment.objects.active().filter(training_class=exercise.training_class_id)
    if not enrolments.select_for_update(of=("self",)).filter(person=by).first():
        raise NotAllowed(
            _("Only learners of this class can take its exercise."),
            _("If you should be on the list of learners, please tell the class supervisor."),
        )
    return Run.objects.filter(exercise=exercise, person=by)


def _begin_as_group(exercise: Exercise, point: BridgePoint, by: Person) -> QuerySet[Run]:
    """The row of the bridge point is the lock."""
    point = BridgePoint.objects.select_for_update(of=("self",)).get(pk=point.pk)
    if not exercise.is_for_groups:
        raise ExerciseIsForLearners(
            _("This exercise is answered by each learner alone."),
            _("Each learner opens it from their own account."),
        )
    if not policies.can_run_for(by, point, exercise):
        raise NotAllowed(
            _("Only the coordinator of the bridge point enters what its group decides."),
            _("Please ask the unit that hosts the class who the coordinator is."),
        )
    return Run.objects.filter(exercise=exercise, bridge_point=point)


def _refuse_outside(exercise: Exercise, at: datetime) -> None:
    if at < exercise.opens_at:
        raise ExerciseIsNotOpenYet(
            _("This exercise is not open yet."), _("Please come back when the exercise opens.")
        )
    if is_too_late(exercise.closes_at, at):
        raise ExerciseIsClosed(
            _("This exercise has closed."),
            _("If you could not take it in time, please tell the class supervisor."),
        )


def open_node(run: Run, node_id: str, *, by: Person, at: datetime) -> Run:
    """Begin a node that is under time pressure; opened again, its time goes on running."""
    with transaction.atomic():
        run = locked_run(run)
        _refuse_strangers(run, by)
        if run.node != node_id or run.node_opened_at is not None or run.finished_at is not None:
            return run
        _refuse_outside(run.exercise, at)
        run.node_opened_at = at
        run.save(update_fields=["node_opened_at"])
        record("node_opened", run, by=by, at=at, node=node_id)
        return run


def decide(
    run: Run, node_id: str, decision_id: str, *, client_id: UUID, by: Person, at: datetime
) -> Step:
    """Make this decision, unless one already stands; the step that stands.

    Compare its `client_id` with the one given to see whether this delivery made it. A decision that
    comes after the time of its node has run out is not made: what the case says of that is.
    """
    with transaction.atomic():
        run = locked_run(run)
        _refuse_strangers(run, by)
        standing = _standing(run, node_id, decision_id, client_id)
        if standing is not None:
            return standing
        node = _node_to_decide(run, node_id, at)
        if node.time_out and is_too_late(end_of_node(run), at):
            return _take(run, node.time_out, client_id=client_id, by=by, at=at)
        decision = node.decision(decision_id)
        if decision is None or decision.id == TIMED_OUT:
            raise DecisionIsNotOffered(
                _("This cannot be decided here."), _("Please load the page of the case again.")
            )
        if node.kind is NodeKind.DISPOSITION and not has_text(run, node.id):
            raise DispositionIsEmpty(
                _("Nothing has been written yet."),
                _("Write your disposition, then hand it in."),
            )
        return _take(run, decision, client_id=client_id, by=by, at=at)


def let_time_run_out(run: Run, *, at: datetime) -> Step | None:
    """Move on, by the server's clock, from a node whose time is over; none if it is not."""
    with transaction.atomic():
        run = locked_run(run)
        node = run.exercise.case.written[run.node]
        if run.finished_at or not node.time_out or not is_too_late(end_of_node(run), at):
            return None
        return _take(run, node.time_out, client_id=uuid4(), by=None, at=at)


def _refuse_strangers(run: Run, by: Person) -> None:
    if not policies.can_decide(by, run):
        raise NotAllowed(
            _("Only those whose run this is can decide in it."),
            _("Please sign in with your own account."),
        )


def _standing(run: Run, node_id: str, decision_id: str, client_id: UUID) -> Step | None:
    """The step this delivery made before, or the one that makes it come too late."""
    node = run.exercise.case.written.nodes.get(node_id)
    steps = list(run.steps.filter(Q(client_id=client_id) | Q(node=node_id)))
    for step in steps:
        made = node.decision(step.decision) if node else None
        left = made is not None and node is not None and not node.is_enquiry(made)
        if step.client_id == client_id or left or step.decision == decision_id:
            return step
    return None


def _node_to_decide(run: Run, node_id: str, at: datetime) -> Node:
    if run.finished_at is not None:
        raise RunIsFinished(
            _("This run is finished, so nothing more can be decided in it."),
            _("Please open the debrief."),
        )
    if run.node != node_id:
        raise RunStandsElsewhere(
            _("The case has not come to this point."),
            _("Please load the page of the case again."),
        )
    _refuse_outside(run.exercise, at)
    node = run.exercise.case.written[node_id]
    if node.seconds and run.node_opened_at is None:
        raise NodeIsNotOpened(
            _("The time for this decision has not begun."),
            _("Please load the page of the case again."),
        )
    return node


def _take(
    run: Run, decision: Decision, *, client_id: UUID, by: Person | None, at: datetime
) -> Step:
    case = run.exercise.case.written
    step = Step.objects.create(
        run=run,
        sequence=run.steps.count() + 1,
        node=run.node,
        decision=decision.id,
        client_id=client_id,
        decided_by=by,
        decided_at=at,
        timed_out=decision.id == TIMED_OUT,
    )
    record("decision_made", run, by=by, at=at, node=step.node, decision=step.decision)
    if decision.to != run.node:
        run.node, run.node_opened_at = decision.to, None
        run.save(update_fields=["node", "node_opened_at"])
    if case[run.node].kind is NodeKind.ENDING:
        record("run_finished", run, by=by, at=at, exercise_id=run.exercise_id)
        finish([run], at=at)
    return step
