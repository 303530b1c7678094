"""Panels of judges: who reaches them, how far they are, what they said, and what it means."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from hocvu.measurement.models import (
    AngoffRating,
    Calibration,
    CutScore,
    ItemCalibration,
    Panel,
    PanelJudge,
    PanelQuestion,
    Scale,
)
from hocvu.measurement.queries.scales import calibrates, newest_approved, sees_scales
from hocvu.measurement.rules.panels import Ratings, ratings
from hocvu.people.models import Account, Person, RoleGrant
from hocvu.people.rules.access import Permission, roles_that_may
from hocvu.psychometrics.curves import ItemCurves, ItemParameters
from hocvu.questions.models import Question


def panels_open_to(person: Person) -> QuerySet[Panel]:
    """All of them for who writes for the nation; for others those on which they sit."""
    panels = Panel.objects.select_related("scale__framework", "opened_by", "cut_score__decided_by")
    if calibrates(person):
        return panels
    return panels.filter(pk__in=PanelJudge.objects.filter(person=person).values("panel"))


def panels_run_by(person: Person) -> QuerySet[Panel]:
    return panels_open_to(person) if calibrates(person) else Panel.objects.none()


def seats_open_to(person: Person) -> QuerySet[PanelJudge]:
    """Where this person judges."""
    return PanelJudge.objects.filter(person=person).select_related("panel__scale__framework")


def cut_scores_open_to(person: Person) -> QuerySet[CutScore]:
    """Every cut score that was ever set, for those who write questions anywhere."""
    if not sees_scales(person):
        return CutScore.objects.none()
    return CutScore.objects.select_related("scale__framework", "panel", "decided_by")


# --- Opening -----------------------------------------------------------------------------------


def items_to_judge(scale: Scale) -> QuerySet[ItemCalibration]:
    """Questions in use with parameters in the calibration that counts, the easiest first."""
    counts = newest_approved(scale.pk)
    if counts is None:
        return ItemCalibration.objects.none()
    return counts.items.filter(
        refused="", question__put_in_use_at__isnull=False, question__retired_at=None
    ).select_related("question").order_by("b", "pk")  # fmt: skip


def fit_to_judge(people: Iterable[Person], day: date) -> set[int]:
    """Of these people, those who may see keys: who write questions somewhere on that day."""
    grants = RoleGrant.objects.in_force_on(day).filter(
        person__in=[person.pk for person in people],
        role__in=roles_that_may(Permission.WRITE_QUESTIONS),
    )
    return set(grants.values_list("person_id", flat=True))


def judges_signing_in_as(usernames: Sequence[str], day: date) -> tuple[list[Person], list[str]]:
    """The people with these sign-in names who may judge, and the names that lead to nobody."""
    accounts = Account.objects.filter(username__in=usernames, is_active=True)
    found = {account.username: account.person for account in accounts.select_related("person")}
    fit = fit_to_judge(found.values(), day)
    people = [found[name] for name in usernames if name in found and found[name].pk in fit]
    known = {name for name, person in found.items() if person.pk in fit}
    return people, [name for name in usernames if name not in known]


# --- How far they are --------------------------------------------------------------------------


@dataclass(frozen=True)
class JudgeProgress:
    judge: PanelJudge
    first: int
    second: int
    total: int

    @property
    def counts(self) -> bool:
        """Who has not rated every question in the first round is left out of both."""
        return self.first == self.total


def progress_of(panel: Panel) -> tuple[JudgeProgress, ...]:
    """Two queries."""
    total = panel.panel_questions.count()
    judges = panel.judges.select_related("person").order_by("person__sort_key", "pk")
    counted = judges.annotate(
        first=Count("ratings", filter=Q(ratings__round=1)),
        second=Count("ratings", filter=Q(ratings__round=2)),
    )
    return tuple(JudgeProgress(each, each.first, each.second, total) for each in counted)


def rated_positions(judge: PanelJudge) -> set[int]:
    """Positions of the questions this judge has rated in the round that is open."""
    rated = judge.ratings.filter(round=judge.panel.round)
    return set(rated.values_list("question__position", flat=True))


# --- What they said ----------------------------------------------------------------------------


@dataclass(frozen=True)
class PanelData:
    """Everything a result is calculated from. `items` stand in the order of `questions`."""

    questions: tuple[PanelQuestion, ...]
    ratings: Ratings
    items: tuple[ItemCalibration, ...]
    calibration: Calibration | None

    @property
    def curves(self) -> ItemCurves:
        return ItemCurves.of(
            ItemParameters(each.a or 0.0, each.b or 0.0, each.c or 0.0) for each in self.items
        )


def panel_data(panel: Panel, calibration: Calibration | None = None) -> PanelData:
    """By the calibration a cut score was set with, or the one that counts now. Four queries."""
    calibration = calibration or newest_approved(panel.scale_id)
    questions = tuple(panel.panel_questions.select_related("question").order_by("position"))
    judge_ids = tuple(panel.judges.order_by("pk").values_list("pk", flat=True))
    rows = AngoffRating.objects.filter(judge__panel=panel).values_list(
        "judge_id", "question_id", "round", "percent"
    )
    given = {(judge, question, at): percent for judge, question, at, percent in rows}
    found = ratings(judge_ids, [each.pk for each in questions], given, rounds=panel.round)
    return PanelData(questions, found, _items(questions, calibration), calibration)


def _items(
    questions: Iterable[PanelQuestion], calibration: Calibration | None
) -> tuple[ItemCalibration, ...]:
    if calibration is None:
        return ()
    wanted = [each.question_id for each in questions]
    held = {item.question_id: item for item in calibration.items.filter(question__in=wanted)}
    return tuple(held[question_id] for question_id in wanted if question_id in held)


def percents_of(question: PanelQuestion, panel_round: int) -> dict[int, int]:
    """By judge, of those who count: what each said of a question in a round."""
    rows = AngoffRating.objects.filter(question=question, round=panel_round)
    return dict(rows.values_list("judge_id", "percent"))


def judges_named(judge_ids: Collection[int]) -> list[str]:
    judges = PanelJudge.objects.filter(pk__in=judge_ids).order_by("person__sort_key")
    return list(judges.values_list("person__full_name", flat=True))


def questions_named(scale: Scale, codes: Collection[str]) -> tuple[list[Question], list[str]]:
    """Questions that can be judged with these codes, in the order given; and the other codes."""
    held = {item.question.code: item.question for item in items_to_judge(scale)}
    return [held[code] for code in codes if code in held], [c for c in codes if c not in held]


def newest_cuts(scale: Scale) -> dict[str, float]:
    """The ability at which each level begins now."""
    rows = CutScore.objects.filter(scale=scale).order_by("level", "-set_at", "-pk")
    return dict(rows.distinct("level").values_list("level", "theta"))


def with_counts(panels: QuerySet[Panel]) -> QuerySet[Panel]:
    """Each with `judge_count`, `question_count` and `theta` of its cut score, for lists."""
    return panels.annotate(
        judge_count=Count("judges", distinct=True),
        question_count=Count("panel_questions", distinct=True),
        theta=F("cut_score__theta"),
    )
