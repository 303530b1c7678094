"""Who may write papers."""

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import Unit


def can_write_papers(person: Person, owner: Unit | None) -> bool:
    """Whoever writes questions for the unit. Papers without an owner come with the program."""
    return owner is not None and scope_of(person).covers(Permission.WRITE_QUESTIONS, owner)
