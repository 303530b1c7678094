"""What happened in the rehearsal, counted in the database, so that anyone can check a run."""

from dataclasses import asdict, dataclass

from hocvu.campaigns.models import CoverageSummary
from hocvu.classes.models import BridgePoint, RollMark, TrainingClass
from hocvu.credentials.models import Certificate
from hocvu.exams.models import Attempt
from hocvu.people.models import Person
from hocvu.units.models import COMMUNAL_KINDS, PROVINCIAL_KINDS, Unit
from hocvu.verification.queries.verification import check_code
from hocvu.verification.rules.verdicts import Verdict


@dataclass(frozen=True)
class Report:
    provinces: int
    communes: int
    people: int
    classes: int
    bridge_points: int
    roll_marks: int
    attempts: int
    certificates: int
    certificates_verified: int
    units_with_coverage: int
    seconds: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def report_of(*, seconds: float) -> Report:
    """Count everything; every certificate is verified the way a citizen would verify it."""
    codes = Certificate.objects.order_by("pk").values_list("verification_code", flat=True)
    verified = sum(check_code(code).verdict is Verdict.VALID for code in codes)
    return Report(
        provinces=Unit.objects.filter(kind__in=PROVINCIAL_KINDS).count(),
        communes=Unit.objects.filter(kind__in=COMMUNAL_KINDS).count(),
        people=Person.objects.count(),
        classes=TrainingClass.objects.count(),
        bridge_points=BridgePoint.objects.count(),
        roll_marks=RollMark.objects.count(),
        attempts=Attempt.objects.count(),
        certificates=len(codes),
        certificates_verified=verified,
        units_with_coverage=CoverageSummary.objects.filter(in_scope__gt=0)
        .values("unit")
        .distinct()
        .count(),
        seconds=round(seconds, 1),
    )
