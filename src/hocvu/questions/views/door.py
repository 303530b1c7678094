"""Who comes in: the bank shows keys, so only those who write questions do."""

from django.utils.translation import gettext as _

from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import Person, SignedInRequest
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


def writer_of(request: SignedInRequest) -> Person:
    """The person of the request, if they write questions anywhere; `NotAllowed` if not."""
    person = request.user.person
    if not scope_of(person).may_anywhere(Permission.WRITE_QUESTIONS):
        raise NotAllowed(
            _("The question bank is open to those who write questions."),
            _("Please ask the administrator of your unit for the role of teacher."),
        )
    return person
