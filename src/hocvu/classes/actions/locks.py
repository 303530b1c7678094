"""Rows locked in one order: class, then roll. Every act on a class begins here."""

from django.utils.translation import gettext as _

from hocvu.classes import policies
from hocvu.classes.models import Roll, TrainingClass
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person


class ClassIsClosed(NotPossible):
    """A closed class changes no more."""


def class_to_change(training_class: TrainingClass, *, by: Person) -> TrainingClass:
    """The class, locked, for somebody who may run it, while it is open."""
    locked = locked_class(training_class, by=by)
    if locked.is_closed:
        raise ClassIsClosed(
            _("This class is closed."), _("Its records stay as they are; open a new class instead.")
        )
    return locked


def locked_class(training_class: TrainingClass, *, by: Person) -> TrainingClass:
    locked = (
        TrainingClass.objects.select_for_update(of=("self",), no_key=True)
        .select_related("host_unit")
        .get(pk=training_class.pk)
    )
    if not policies.can_run(by, locked):
        raise NotAllowed(
            _("Only the training officers of the host unit and the class supervisor may do this."),
            _("Please ask one of them."),
        )
    return locked


def locked_roll(roll: Roll) -> Roll:
    return (
        Roll.objects.select_for_update(of=("self",), no_key=True)
        .select_related("session__training_class__host_unit", "bridge_point")
        .get(pk=roll.pk)
    )
