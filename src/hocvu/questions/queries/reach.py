"""Which questions, units and files a person who writes questions reaches."""

from django.db.models import Q, QuerySet

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.models import BankImport, Question, QuestionQuerySet
from hocvu.units.models import Unit


def questions_open_to(person: Person) -> QuestionQuerySet:
    """Those of the units this person writes for, and whatever others share once it was in use.

    Whoever does not write questions reaches none: every question shows its key.
    """
    if not scope_of(person).may_anywhere(Permission.WRITE_QUESTIONS):
        return Question.objects.none()
    offered = Q(owner=None) | Q(is_shared=True)
    return Question.objects.filter(
        _own(person) | (offered & Q(put_in_use_at__isnull=False))
    ).select_related("owner", "created_by")


def files_open_to(person: Person) -> QuerySet[BankImport]:
    """Files uploaded for the units this person writes for."""
    return BankImport.objects.filter(_own(person)).select_related("owner", "uploaded_by")


def owners_open_to(person: Person) -> QuerySet[Unit]:
    """The units on which this person was given a role that writes questions, the widest only."""
    paths = scope_of(person).paths(Permission.WRITE_QUESTIONS)
    return Unit.objects.filter(path__in=paths).order_by("path")


def writes_for_everybody(person: Person) -> bool:
    """Whether a role holds at the root of the tree, and so for the national bank."""
    paths = scope_of(person).paths(Permission.WRITE_QUESTIONS)
    return any(path.count(".") == 1 for path in paths)


def writes_for(person: Person, owner: Unit | None) -> bool:
    """Questions of a unit: whoever writes there; everybody's: who writes for the whole nation."""
    if owner is None:
        return writes_for_everybody(person)
    return scope_of(person).covers(Permission.WRITE_QUESTIONS, owner)


def _own(person: Person) -> Q:
    own = scope_of(person).reach(Permission.WRITE_QUESTIONS, "owner")
    return own | Q(owner=None) if writes_for_everybody(person) else own
