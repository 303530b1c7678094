"""What every act on a question begins with."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import Person
from hocvu.questions import policies
from hocvu.questions.models import Question
from hocvu.units.models import Unit


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


def refuse_unless_can_write_for(owner: Unit | None, by: Person) -> None:
    if not policies.can_write_for(by, owner):
        raise NotAllowed(
            _("You may not write questions for %(owner)s.")
            % {"owner": owner.name if owner else _("the national bank")},
            _("Please choose a unit you write questions for."),
        )
