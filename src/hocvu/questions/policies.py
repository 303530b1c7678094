"""Who may write, review and see questions."""

from hocvu.people.models import Person
from hocvu.questions.models import Question
from hocvu.questions.queries.reach import writes_for
from hocvu.units.models import Unit


def can_write_for(actor: Person, owner: Unit | None) -> bool:
    return writes_for(actor, owner)


def can_write(actor: Person, question: Question) -> bool:
    """Questions that come with the program belong to nobody: they are copied, never edited."""
    return question.created_by_id is not None and can_write_for(actor, question.owner)


def can_retire(actor: Person, question: Question) -> bool:
    return can_write_for(actor, question.owner)


def can_review(actor: Person, question: Question) -> bool:
    """Anyone who writes for the owner, but not the author."""
    return question.created_by_id != actor.pk and can_write(actor, question)
