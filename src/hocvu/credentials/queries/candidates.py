"""Who has earned recognition in a class, and why the others have not."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.classes.queries import attendance_of
from hocvu.classes.rules import Attendance
from hocvu.credentials.models import DecisionEntry
from hocvu.credentials.rules.completion import (
    Evidence,
    Reason,
    Requirements,
    reasons_to_withhold,
)
from hocvu.exams.queries import best_marked_attempts
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


@dataclass(frozen=True)
class Candidate:
    """A learner of a class with the evidence for and against recognition."""

    enrolment_id: int
    person_id: int
    full_name: str
    unit_name: str
    evidence: Evidence
    reasons: tuple[Reason, ...]
    is_recognised: bool

    @property
    def has_earned_it(self) -> bool:
        return not self.reasons


def classes_to_recognise(person: Person) -> QuerySet[TrainingClass]:
    """Classes within reach of a registrar, with `learners` and `recognised` counted."""
    reach = scope_of(person).reach(Permission.ISSUE_CERTIFICATES, "host_unit")
    return TrainingClass.objects.filter(reach).annotate(
        learners=_count(Enrolment.objects.active(), "training_class"),
        recognised=_count(DecisionEntry.objects.all(), "decision__training_class"),
    )


def _count(rows: QuerySet[Any], lookup: str) -> Coalesce:
    """Rows of a class counted on the side: two joins at once would multiply each other."""
    own = rows.filter(**{lookup: OuterRef("pk")}).order_by().values(lookup)
    return Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0)


def requirements_of(training_class: TrainingClass) -> Requirements:
    programme = training_class.programme
    return Requirements(programme.required_attendance, paper=bool(programme.paper_code))


def candidates_of(training_class: TrainingClass) -> list[Candidate]:
    """Every active learner of the class, sorted by given name. Four queries, whatever its size."""
    required = requirements_of(training_class)
    attendance = attendance_of(training_class)
    marked = best_marked_attempts(training_class) if required.paper else {}
    recognised = set(
        DecisionEntry.objects.filter(decision__training_class=training_class).values_list(
            "enrolment_id", flat=True
        )
    )
    learners = (
        training_class.enrolments.active()
        .order_by("person__sort_key", "pk")
        .values_list("pk", "person_id", "person__full_name", "unit__name")
    )

    @cache  # thousands of learners, a handful of different evidence
    def reasons_for(evidence: Evidence) -> tuple[Reason, ...]:
        return tuple(reasons_to_withhold(evidence, required))

    nobody = Attendance(attended=0, held=0)
    candidates = []
    for enrolment_id, person_id, full_name, unit_name in learners:
        seen = attendance.get(enrolment_id, nobody)
        best = marked.get(person_id)
        evidence = Evidence(seen.attended, seen.held, best.passed if best else None)
        candidates.append(
            Candidate(
                enrolment_id,
                person_id,
                full_name,
                unit_name,
                evidence,
                reasons_for(evidence),
                enrolment_id in recognised,
            )
        )
    return candidates


__all__ = ["Candidate", "candidates_of", "classes_to_recognise", "requirements_of"]
