"""Offering a case to a class."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import TrainingClass
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.situations import policies
from hocvu.situations.models import Case, Debrief, Exercise, Mode


class ExerciseEndsBeforeItOpens(NotPossible):
    pass


class ClassIsClosed(NotPossible):
    pass


class CaseIsAlreadyOffered(NotPossible):
    """The class has this case in this mode with other times."""


def open_exercise(
    case: Case,
    training_class: TrainingClass,
    *,
    mode: Mode,
    debrief: Debrief,
    opens_at: datetime,
    closes_at: datetime,
    by: Person,
    at: datetime,
) -> Exercise:
    """Offer this case to the learners of a class, or to its bridge points, between two moments."""
    with transaction.atomic():
        training_class = TrainingClass.objects.select_for_update(of=("self",)).get(
            pk=training_class.pk
        )
        if not policies.can_open_exercises(by, training_class):
            raise NotAllowed(
                _(
                    "Only officers who run this class, or its supervisor, can open a situation "
                    "exercise for it."
                ),
                _("Please ask the unit that hosts the class."),
            )
        if closes_at <= opens_at:
            raise ExerciseEndsBeforeItOpens(
                _("The exercise would close before it opens."),
                _("Choose a closing time after the opening time."),
            )
        before = Exercise.objects.filter(
            case=case, training_class=training_class, mode=mode
        ).first()
        if before is not None:
            return _same_exercise(before, debrief, opens_at, closes_at)
        if training_class.is_closed:
            raise ClassIsClosed(
                _("This class has been closed."),
                _("Open the exercise in a class that is running."),
            )
        exercise = Exercise.objects.create(
            case=case,
            training_class=training_class,
            mode=mode,
            debrief=debrief,
            opens_at=opens_at,
            closes_at=closes_at,
        )
        record("exercise_opened", exercise, by=by, at=at, class_id=training_class.pk)
        return exercise


def _same_exercise(
    before: Exercise, debrief: Debrief, opens_at: datetime, closes_at: datetime
) -> Exercise:
    """The exercise opened before, when this is the same wish sent twice."""
    if (before.debrief, before.opens_at, before.closes_at) != (debrief, opens_at, closes_at):
        raise CaseIsAlreadyOffered(
            _("This class already has this case, with other times or another debriefing."),
            _("Use that one, or choose another case."),
        )
    return before
