"""Who is to be told of a change in a class."""

from dataclasses import dataclass

from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.people.models import Person


@dataclass(frozen=True)
class Recipient:
    person_id: int
    address: str  # empty where none is known


def people_to_tell(training_class: TrainingClass) -> list[Recipient]:
    """Its learners, whoever has a duty at one of its bridge points, and its supervisor; once."""
    learners = training_class.enrolments.active().values("person")
    points = BridgePoint.objects.filter(training_class=training_class).order_by()
    ids = learners.union(
        points.values("chair"), points.values("coordinator"), points.values("technical_contact")
    )
    people = Person.objects.filter(pk__in=ids)
    if training_class.supervisor_id is not None:
        people = people | Person.objects.filter(pk=training_class.supervisor_id)
    return [Recipient(*row) for row in people.order_by("pk").values_list("pk", "email")]
