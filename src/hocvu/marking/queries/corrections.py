"""What a corrected key would change, what it changed, and who may see that."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hocvu.exams import rules
from hocvu.exams.models import Answer, Attempt, KeyCorrection, Remarking
from hocvu.exams.queries.access import attempts_open_to
from hocvu.exams.queries.corrections import attempts_asked
from hocvu.exams.queries.keys import corrections_of, key_of
from hocvu.exams.queries.marked import lines_given, marked_papers
from hocvu.exams.queries.settled import settled_points
from hocvu.exams.queries.shown import QuestionShown
from hocvu.items.content import MARKED_BY_PEOPLE
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.models import Question
from hocvu.questions.queries.reach import questions_open_to, writes_for_everybody

_AT_ONCE = 1_000
_SHOWN = 50


# --- What it would do --------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """How one result would change."""

    attempt_id: int
    points_before: Decimal
    points_after: Decimal
    passed_before: bool
    passed_after: bool


@dataclass(frozen=True)
class Effect:
    """What a correction would do, before it is decided."""

    attempts: int
    changes: tuple[Change, ...]

    @property
    def more(self) -> int:
        return sum(each.points_after > each.points_before for each in self.changes)

    @property
    def fewer(self) -> int:
        return sum(each.points_after < each.points_before for each in self.changes)

    @property
    def gained(self) -> int:
        """Would have passed now, and had not."""
        return sum(each.passed_after and not each.passed_before for each in self.changes)

    @property
    def lost(self) -> int:
        return sum(each.passed_before and not each.passed_after for each in self.changes)


def effect_of(question: Question, key: rules.Correction) -> Effect:
    """Marks everybody concerned by this key without writing anything; exactly what would happen.

    Where only this one mark differs, by points that are kept exactly, the others need not be looked
    at; attempts for which that does not hold are marked as a whole.
    """
    asked = attempts_asked(question)
    before = key_of(question, corrections_of([question.pk]).get(question.pk))
    differences = _differences(asked, before, key_of(question, key))
    rows = asked.filter(pk__in=list(differences)).order_by("pk")
    attempts = list(rows.select_related("sitting__paper"))
    as_a_whole = _to_be_marked_as_a_whole(list(differences))
    changes: list[Change] = []
    rest = []
    for attempt in attempts:
        foreseen = _with(attempt, differences[attempt.pk])
        if foreseen is None or attempt.pk in as_a_whole:
            rest.append(attempt.pk)
        else:
            changes.append(foreseen)
    for start in range(0, len(rest), _AT_ONCE):
        changes.extend(_changes(question, key, rest[start : start + _AT_ONCE]))
    return Effect(asked.count(), tuple(changes))


def _differences(
    asked: QuerySet[Attempt], before: rules.Key, after: rules.Key
) -> dict[int, Fraction | None]:
    """By how many points the answer to the question would change, where it would. Two queries.

    None where it waits for people by one key and not by the other.
    """
    given = Answer.objects.filter(question=before.question_id, attempt__in=asked.values("pk"))
    answers = dict(given.values_list("attempt", "chosen"))
    old, new = rules.Marks(), rules.Marks()
    differences: dict[int, Fraction | None] = {}
    for pk in asked.order_by("pk").values_list("pk", flat=True):
        lines = answers.get(pk, ())
        was, will_be = old.of(before, lines).points, new.of(after, lines).points
        if was != will_be:
            differences[pk] = None if was is None or will_be is None else will_be - was
    return differences


def _to_be_marked_as_a_whole(ids: list[int]) -> set[int]:
    """Attempts with answers people mark; all of them while another correction is under way."""
    if KeyCorrection.objects.filter(remarked_at=None).exists():
        return set(ids)
    kinds = [kind.value for kind in MARKED_BY_PEOPLE]
    written = Answer.objects.filter(attempt__in=ids, question__kind__in=kinds)
    return set(written.values_list("attempt", flat=True))


def _with(attempt: Attempt, difference: Fraction | None) -> Change | None:
    """The result with this difference; none where what is kept, cut to thousandths, cannot say."""
    if difference is None or (difference * 1000).denominator != 1:
        return None
    if attempt.points is None or attempt.out_of is None:
        return None
    kept = Fraction(attempt.points) + difference
    needed = attempt.sitting.paper.required_share * Fraction(attempt.out_of)
    if kept < needed < kept + Fraction(1, 1000):
        return None
    points = rules.as_stored(kept)
    return Change(attempt.pk, attempt.points, points, bool(attempt.passed), kept >= needed)


def _changes(question: Question, key: rules.Correction, ids: list[int]) -> Iterator[Change]:
    attempts = list(Attempt.objects.filter(pk__in=ids).select_related("sitting__paper"))
    papers = marked_papers(
        attempts,
        lines_given(ids),
        by_people=settled_points(attempts),
        supposed={question.pk: key},
    )
    for attempt in attempts:
        paper = papers[attempt.pk]
        points = rules.as_stored(paper.total.points)
        if paper.is_waiting or attempt.points is None:
            continue
        if (points, paper.passed) != (attempt.points, attempt.passed):
            yield Change(attempt.pk, attempt.points, points, bool(attempt.passed), paper.passed)


# --- Who may see it ----------------------------------------------------------------------------


def questions_to_correct_by(person: Person) -> QuerySet[Question]:
    """As `exams.policies.can_correct_key` says, of all that were ever in use."""
    scope = scope_of(person)
    own = scope.reach(Permission.WRITE_QUESTIONS, "owner") & scope.reach(
        Permission.RUN_CLASSES, "owner"
    )
    runs = scope.paths(Permission.RUN_CLASSES)
    if writes_for_everybody(person) and any(path.count(".") == 1 for path in runs):
        own |= Q(owner=None)
    return questions_open_to(person).filter(own, put_in_use_at__isnull=False)


def corrections_open_to(person: Person) -> QuerySet[KeyCorrection]:
    """Of questions this person may correct, and those that changed a result they may see.

    With `changed`: how many results changed, of everybody.
    """
    seen = Remarking.objects.filter(
        correction=OuterRef("pk"), attempt__in=_attempts_of_others(person).values("pk")
    )
    return (
        KeyCorrection.objects.filter(
            Q(question__in=questions_to_correct_by(person).order_by().values("pk")) | Exists(seen)
        )
        .select_related("question", "made_by")
        .annotate(changed=Count("changes", distinct=True))
    )


def _attempts_of_others(person: Person) -> QuerySet[Attempt]:
    """Those whose results this person sees as an officer, not as a learner."""
    return attempts_open_to(person).exclude(person=person).order_by()


def changes_open_to(person: Person, correction: KeyCorrection) -> QuerySet[Remarking]:
    """Whose result a correction changed, as far as this person may see results; never their own."""
    return Remarking.objects.filter(
        correction=correction, attempt__in=_attempts_of_others(person).values("pk")
    ).select_related(
        "attempt__person", "attempt__sitting__training_class", "attempt__sitting__paper"
    )


@dataclass(frozen=True)
class Outcome:
    """What a correction did, over everybody."""

    changed: int
    more: int
    fewer: int
    gained: int
    lost: int


def outcome_of(correction: KeyCorrection) -> Outcome:
    rows = Remarking.objects.filter(correction=correction)
    more, fewer = Q(points_after__gt=F("points_before")), Q(points_after__lt=F("points_before"))
    counted = rows.aggregate(
        changed=Count("pk"),
        more=Count("pk", filter=more),
        fewer=Count("pk", filter=fewer),
        gained=Count("pk", filter=Q(passed_after=True, passed_before=False)),
        lost=Count("pk", filter=Q(passed_before=True, passed_after=False)),
    )
    return Outcome(**counted)


# --- In words ----------------------------------------------------------------------------------


def key_in_words(shown: QuestionShown, key: rules.Correction) -> str:
    """`B. Huế`, or that everybody gets the points; empty where machines have no key to name."""
    if key.everybody:
        return _("everybody gets its points")
    return "; ".join(
        f"{each.letter}. {each.plain}" for each in shown.options if each.id in key.right
    )


@dataclass(frozen=True)
class ForeseenChange:
    """One result that would change, of a learner whose results this person may see."""

    attempt: Attempt
    change: Change


def changes_foreseen_open_to(person: Person, effect: Effect) -> list[ForeseenChange]:
    """Those that lose or gain a pass first; no more than fit on a page. One query."""
    by_attempt = {each.attempt_id: each for each in effect.changes}
    seen = _attempts_of_others(person).filter(pk__in=list(by_attempt))
    found = [ForeseenChange(each, by_attempt[each.pk]) for each in seen.order_by("pk")]
    found.sort(key=lambda each: each.change.passed_before == each.change.passed_after)
    return found[:_SHOWN]
