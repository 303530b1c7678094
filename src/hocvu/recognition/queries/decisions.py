"""Decisions that are in force, as each person may see them."""

from django.db.models import Max, QuerySet

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.recognition.models import RecognitionDecision
from hocvu.units.models import Unit


def decisions_open_to(person: Person) -> QuerySet[RecognitionDecision]:
    """Decisions within reach of those who see what was issued."""
    reach = scope_of(person).reach(Permission.SEE_CERTIFICATES, "training_class__host_unit")
    return RecognitionDecision.objects.filter(reach).select_related(
        "training_class__host_unit", "issuer"
    )


def last_decision_of(issuer: Unit) -> RecognitionDecision | None:
    """What this issuer decided last: its signer is probably the next one's too."""
    return RecognitionDecision.objects.filter(issuer=issuer).order_by("-issued_at").first()


def next_number(issuer: Unit, year: int) -> int:
    """The next free decision number of an issuer in a year."""
    given = RecognitionDecision.objects.filter(issuer=issuer, year=year)
    return (given.aggregate(last=Max("number"))["last"] or 0) + 1
