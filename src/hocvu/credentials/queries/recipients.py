"""Who is to be told: the holder, and the holder's agency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef

from hocvu.credentials.models import Certificate
from hocvu.people.models import Role, RoleGrant
from hocvu.recognition.models import DecisionEntry, RecognitionDecision
from hocvu.units.models import Unit


@dataclass(frozen=True)
class HolderToTell:
    certificate_id: int
    serial_number: str
    person_id: int
    address: str  # empty where none is known


@dataclass(frozen=True)
class Recipient:
    person_id: int
    address: str


def holders_of(certificate_ids: Sequence[int]) -> list[HolderToTell]:
    """The holders of these certificates, in the order of their numbers; one query."""
    rows = Certificate.objects.filter(pk__in=certificate_ids).order_by("pk")
    columns = ("pk", "serial_number", "entry__person_id", "entry__person__email")
    return [HolderToTell(*row) for row in rows.values_list(*columns)]


def issued_decision(decision_id: int) -> tuple[RecognitionDecision, bool]:
    """A decision, and whether every line of its list has its certificate.

    The last line is mostly issued last: while it is missing, nothing else needs to be looked at.
    """
    missing = DecisionEntry.objects.filter(decision=OuterRef("pk"), certificate=None)
    last = missing.filter(position=OuterRef("learner_count"))
    decision = RecognitionDecision.objects.annotate(lacks_last=Exists(last)).get(pk=decision_id)
    if decision.lacks_last:
        return decision, False
    lines = DecisionEntry.objects.filter(decision=decision)
    return decision, not lines.filter(certificate=None).exists()


def units_of(decision: RecognitionDecision) -> dict[int, int]:
    """How many people of a decision each unit sent to the class."""
    sent = DecisionEntry.objects.filter(decision=decision).order_by()
    return dict(sent.values_list("enrolment__unit").annotate(people=Count("pk")))


def agencies_of(unit_ids: Iterable[int], *, on: date) -> dict[int, tuple[Recipient, ...]]:
    """For each unit those who look after its people on a day.

    They are the training officers whose role was granted nearest: on the unit itself or on the
    first one above it that has any; where that one has only a leader, the leader. Officers farther
    up see the same certificates in their lists: they are not written to about every person of the
    country.
    """
    units = list(Unit.objects.filter(pk__in=list(unit_ids)).only("path"))
    paths = {path for unit in units for path in unit.ancestor_paths}
    grants = RoleGrant.objects.in_force_on(on).filter(
        role__in=[Role.TRAINING_OFFICER, Role.LEADER], unit__path__in=paths
    )
    granted: dict[tuple[str, str], list[Recipient]] = {}
    for path, role, person_id, address in grants.order_by("person").values_list(
        "unit__path", "role", "person_id", "person__email"
    ):
        granted.setdefault((path, role), []).append(Recipient(person_id, address))
    return {unit.pk: _nearest(unit, granted) for unit in units}


def _nearest(unit: Unit, granted: dict[tuple[str, str], list[Recipient]]) -> tuple[Recipient, ...]:
    for path in reversed(unit.ancestor_paths):
        for role in (Role.TRAINING_OFFICER, Role.LEADER):
            if found := granted.get((path, role)):
                return tuple(found)
    return ()
