"""Who may do what with a class."""

from hocvu.classes.models import ClassSession, Roll, TrainingClass
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import Unit


def can_open_classes_at(person: Person, unit: Unit) -> bool:
    return scope_of(person).covers(Permission.RUN_CLASSES, unit)


def can_run(person: Person, training_class: TrainingClass) -> bool:
    """Training officers of the host unit, and the class supervisor."""
    return training_class.supervisor_id == person.pk or can_open_classes_at(
        person, training_class.host_unit
    )


def can_change(person: Person, session: ClassSession) -> bool:
    """Whoever runs the class, while it is open."""
    training_class = session.training_class
    return not training_class.is_closed and can_run(person, training_class)


def can_take_roll(person: Person, roll: Roll) -> bool:
    """The coordinator and the chair of the bridge point, and whoever runs the class."""
    point = roll.bridge_point
    return person.pk in {point.coordinator_id, point.chair_id} or can_run(
        person, roll.session.training_class
    )


def can_show_code(person: Person, roll: Roll) -> bool:
    """Whoever takes the roll, and the technical contact who looks after the screen."""
    return roll.bridge_point.technical_contact_id == person.pk or can_take_roll(person, roll)
