"""Who may write, review and see questions."""

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.models import Question
from hocvu.questions.queries.reach import writes_for_everybody
from hocvu.units.models import Unit


def can_write_for(actor: Person, owner: Unit | None) -> bool:
    """Questions of a unit: whoever writes there; everybody's: who writes for the whole nation."""
    if owner is None:
        return writes_for_everybody(actor)
    return scope_of(actor).covers(Permission.WRITE_QUESTIONS, owner)


def can_write(actor: Person, question: Question) -> bool:
    """Questions that come with the program belong to nobody: they are copied, never edited."""
    return question.created_by_id is not None and can_write_for(actor, question.owner)


def can_retire(actor: Person, question: Question) -> bool:
    return can_write_for(actor, question.owner)


def can_review(actor: Person, question: Question) -> bool:
    """Anyone who writes for the owner, but not the author."""
    return question.created_by_id != actor.pk and can_write(actor, question)
