"""What every act on a question begins with."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import Person
from hocvu.questions import policies
from hocvu.questions.models import Question
from hocvu.questions.queries.withheld import keys_withheld_from, sentence_of_withheld
from hocvu.units.models import Unit


class KeyIsWithheld(NotAllowed):
    """It cannot be done without seeing the key of a question that a test may still ask them."""


def locked(question: Question) -> Question:
    """The question as it stands now, held until the transaction ends."""
    return held([question])[0]


def held(questions: Iterable[Question]) -> list[Question]:
    """These questions as they stand now, locked in one order."""
    return list(
        Question.objects.select_for_update(of=("self",))
        .select_related("owner")
        .filter(pk__in={question.pk for question in questions})
        .order_by("pk")
    )


def refuse_unless_can_write(question: Question, by: Person) -> None:
    if policies.can_write(by, question):
        return
    if question.created_by_id is None and policies.can_write_for(by, question.owner):
        raise NotAllowed(
            _("Question %(question)s comes with the program and is not edited here.")
            % {"question": question},
            _("Please make a copy of it and edit that."),
        )
    raise NotAllowed(
        _("You may not change question %(question)s.") % {"question": question},
        _("Please make a copy of it for your unit, or ask whoever writes for its owner."),
    )


def refuse_unless_can_review(question: Question, by: Person) -> None:
    if not policies.can_review(by, question):
        raise NotAllowed(
            _("You may not review question %(question)s.") % {"question": question},
            _("Two persons other than its author review a question."),
        )


def refuse_unless_can_retire(question: Question, by: Person) -> None:
    if not policies.can_retire(by, question):
        raise NotAllowed(
            _("You may not retire question %(question)s.") % {"question": question},
            _("Please ask whoever writes questions for its owner."),
        )


def refuse_unless_can_write_for(owner: Unit | None, by: Person) -> None:
    if not policies.can_write_for(by, owner):
        raise NotAllowed(
            _("You may not write questions for %(owner)s.")
            % {"owner": owner.name if owner else _("the national bank")},
            _("Please choose a unit you write questions for."),
        )


def refuse_if_withheld(question: Question, person: Person, now: datetime) -> None:
    """For what cannot be done without seeing the key: reviewing, editing, copying, rating."""
    until = keys_withheld_from(person, now).until(question)
    if until is not None:
        raise KeyIsWithheld(
            sentence_of_withheld(until), _("Please ask somebody else to do it, or wait until then.")
        )
