"""Who has earned recognition in a class, and why the others have not."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.classes.queries import attendance_of
from hocvu.classes.rules import Attendance
from hocvu.exams.models import Attempt
from hocvu.exams.queries import best_marked_attempts
from hocvu.exams.queries.results import MarkedAttempt
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.recognition.models import DecisionEntry
from hocvu.recognition.rules.completion import Evidence, Reason, Requirements, reasons_to_withhold


@dataclass(frozen=True)
class Candidate:
    """A learner of a class with the evidence for and against recognition."""

    enrolment_id: int
    person_id: int
    full_name: str
    unit_name: str
    birth_text: str
    evidence: Evidence
    attempt: MarkedAttempt | None  # the one that counts
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
    learners = training_class.enrolments.active().select_related("person", "unit")

    @cache  # thousands of learners, a handful of different evidence
    def reasons_for(evidence: Evidence) -> tuple[Reason, ...]:
        return tuple(reasons_to_withhold(evidence, required))

    nobody = Attendance(attended=0, held=0)
    candidates = []
    for learner in learners.order_by("person__sort_key", "pk"):
        seen = attendance.get(learner.pk, nobody)
        best = marked.get(learner.person_id)
        evidence = Evidence(seen.attended, seen.held, best.passed if best else None)
        candidates.append(
            Candidate(
                learner.pk,
                learner.person_id,
                learner.person.full_name,
                learner.unit.name,
                learner.person.birth_text,
                evidence,
                best,
                reasons_for(evidence),
                learner.pk in recognised,
            )
        )
    return candidates


def ready_of(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those who have earned recognition and have no decision yet."""
    return [each for each in candidates if each.has_earned_it and not each.is_recognised]


def fingerprint_of(candidates: Iterable[Candidate]) -> str:
    """Names a list with everything it showed, so that it can be told from what is there now."""
    lines = (
        f"{each.enrolment_id}|{each.full_name}|{each.birth_text}|{each.unit_name}|{each.evidence}"
        for each in candidates
    )
    return sha256("\n".join(lines).encode()).hexdigest()


def marking_is_under_way(training_class: TrainingClass) -> bool:
    """Whether answers of the test that completes this class wait to be marked."""
    waiting = Attempt.objects.filter(
        sitting__training_class=training_class,
        sitting__paper__code=training_class.programme.paper_code,
        handed_in_at__isnull=False,
        marked_at=None,
        voided_at=None,
    )
    return waiting.exists()


__all__ = [
    "Candidate",
    "candidates_of",
    "classes_to_recognise",
    "fingerprint_of",
    "marking_is_under_way",
    "ready_of",
    "requirements_of",
]
