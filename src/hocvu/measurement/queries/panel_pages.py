"""Panels as their pages show them: the chair's, a judge's question, and the document."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.measurement.models import CutScore, ItemCalibration, Panel, PanelJudge, PanelQuestion
from hocvu.measurement.queries.panels import (
    JudgeProgress,
    PanelData,
    judges_named,
    panel_data,
    percents_of,
    progress_of,
    rated_positions,
)
from hocvu.measurement.queries.quality import newest_of
from hocvu.measurement.queries.scales import newest_approved
from hocvu.measurement.queries.wording import ability, level_in_words, plain
from hocvu.measurement.rules.panels import (
    LEAST_JUDGES,
    ROUNDS,
    Agreement,
    DotStrip,
    agreement,
    cut_of,
    dot_strip,
)
from hocvu.people.queries.history import HistoryEntry
from hocvu.psychometrics import angoff
from hocvu.psychometrics.curves import ItemCurves, ItemParameters
from hocvu.questions.queries.bank import in_one_line
from hocvu.questions.queries.items import item_of
from hocvu.questions.queries.shown import QuestionShown, shown
from hocvu.ui.templatetags.figures import percent

_AGREEMENT: Final[dict[Agreement, str | Promise]] = {
    Agreement.POOR: gettext_lazy("poor"),
    Agreement.MODERATE: gettext_lazy("moderate"),
    Agreement.GOOD: gettext_lazy("good"),
    Agreement.EXCELLENT: gettext_lazy("excellent"),
}


def state_of_panel(panel: Panel, cut: CutScore | None) -> tuple[str, str]:
    """Tone and words for `{% state %}`."""
    if cut is not None:
        return "good", _("cut score set")
    if panel.closed_at is not None:
        return "act", _("closed, waits for a decision")
    return "warn", _("second round") if panel.round == ROUNDS[-1] else _("first round")


def cut_of_panel(panel: Panel) -> CutScore | None:
    return CutScore.objects.filter(panel=panel).select_related("decided_by", "calibration").first()


# --- What the rounds found ---------------------------------------------------------------------


@dataclass(frozen=True)
class RoundLine:
    """One round in figures as they are written."""

    number: int
    right: str  # questions right, with standard error among judges
    share: str
    spread: str
    agreement: str


@dataclass(frozen=True)
class QuestionLine:
    question: PanelQuestion
    words: str
    difficulty: str
    rounds: tuple[str, ...]
    expected: str  # at the cut, by the calibration


@dataclass(frozen=True)
class PanelFound:
    """What the judges who count said, and what it means; `theta` empty where it means nothing."""

    counted: int
    rounds: tuple[RoundLine, ...]
    questions: tuple[QuestionLine, ...]
    theta: str
    error: str
    outlying: tuple[tuple[int, str], ...]  # judge, name: for the chair alone


def panel_found(panel: Panel, cut: CutScore | None) -> PanelFound | None:
    """None while fewer judges than needed have finished. The decision's calibration stands."""
    held = panel_data(panel, cut.calibration if cut else None)
    everybody = cut_of(held.ratings, held.curves) if _is_whole(held) else None
    if everybody is None:
        return None
    outlying = _outlying(held, everybody)
    kept = held.ratings.without(cut.left_out) if cut else held.ratings
    final = cut_of(kept, held.curves) or everybody
    return PanelFound(
        counted=len(kept.judge_ids),
        rounds=tuple(
            _round_line(number, each, len(held.questions))
            for number, each in enumerate(final.rounds, start=1)
        ),
        questions=tuple(_question_lines(held, final)),
        theta=ability(final.theta),
        error=plain(final.theta_error),
        outlying=outlying,
    )


def _is_whole(held: PanelData) -> bool:
    """Whether every question judged still stands in the calibration, and enough judges count."""
    return len(held.items) == len(held.questions) and len(held.ratings.judge_ids) >= LEAST_JUDGES


def _outlying(held: PanelData, found: angoff.CutScore) -> tuple[tuple[int, str], ...]:
    ids = [held.ratings.judge_ids[each.judge] for each in found.rounds[-1].judges
           if each.is_outlying]  # fmt: skip
    judges = PanelJudge.objects.filter(pk__in=ids).order_by("person__sort_key")
    return tuple(judges.values_list("pk", "person__full_name"))


def _round_line(number: int, found: angoff.PanelRound, questions: int) -> RoundLine:
    degree = agreement(found.agreement)
    words = str(_AGREEMENT[degree]) if degree else _("cannot be said")
    icc = f" ({plain(found.agreement)})" if isfinite(found.agreement) else ""
    return RoundLine(
        number=number,
        right=_("%(right)s of %(questions)s, ± %(error)s")
        % {"right": plain(found.cut, 1), "questions": questions, "error": plain(found.error, 1)},
        share=percent(found.share),
        spread=percent(found.spread),
        agreement=f"{words}{icc}",
    )


def _question_lines(held: PanelData, found: angoff.CutScore) -> Iterable[QuestionLine]:
    expected = held.curves.probability(found.theta).tolist()
    for at, (question, item) in enumerate(zip(held.questions, held.items, strict=True)):
        yield QuestionLine(
            question=question,
            words=in_one_line(question.question),
            difficulty=ability(item.b),
            rounds=tuple(percent(each.items[at]) for each in found.rounds),
            expected=percent(expected[at]),
        )


# --- The chair's page --------------------------------------------------------------------------


@dataclass(frozen=True)
class PanelPage:
    """What the page of a panel shows. `found` only when its round is over: it would sway judges."""

    panel: Panel
    level: str
    state: tuple[str, str]
    progress: tuple[JudgeProgress, ...]
    questions: tuple[PanelQuestion, ...]
    cut: CutScore | None
    found: PanelFound | None
    left_out_names: tuple[str, ...]
    history: tuple[HistoryEntry, ...]

    @property
    def ready(self) -> int:
        return sum(each.counts for each in self.progress)

    @property
    def enough(self) -> bool:
        return self.ready >= LEAST_JUDGES

    @property
    def cut_ability(self) -> str:
        return ability(self.cut.theta if self.cut else None)

    @property
    def cut_error(self) -> str:
        return plain(self.cut.se if self.cut else None)

    @property
    def decision_facts(self) -> list[tuple[str, object]]:
        """For the document. Judges left out are counted there, not named."""
        if self.cut is None:
            return []
        calibration = self.cut.calibration
        return [
            (_("Decision number"), self.cut.decision_number),
            (_("Date of the decision"), self.cut.decided_on),
            (_("Set by"), self.cut.decided_by.full_name if self.cut.decided_by else ""),
            (_("Holds from"), self.cut.set_at),
            (_("Judges who count"), self.cut.judges),
            (_("Judges left out as standing apart"), len(self.cut.left_out)),
            (_("Calibration"), calibration.number if calibration else ""),
        ]

    @property
    def not_again(self) -> int:
        """Judges whose first ratings would stand, at least for some questions."""
        return sum(each.counts and each.second < each.total for each in self.progress)


def panel_page(panel: Panel) -> PanelPage:
    cut = cut_of_panel(panel)
    return PanelPage(
        panel=panel,
        level=level_in_words(panel.scale.framework, panel.level),
        state=state_of_panel(panel, cut),
        progress=progress_of(panel),
        questions=tuple(panel.panel_questions.select_related("question")),
        cut=cut,
        found=panel_found(panel, cut) if panel.closed_at else None,
        left_out_names=tuple(judges_named(cut.left_out)) if cut and cut.left_out else (),
        history=tuple(sorted(_told(panel, cut), key=lambda each: each.at, reverse=True)),
    )


def _told(panel: Panel, cut: CutScore | None) -> Iterable[HistoryEntry]:
    who = {"who": panel.opened_by.full_name}
    yield HistoryEntry(panel.opened_at, _("%(who)s opened the panel.") % who)
    if panel.closed_at is not None:
        yield HistoryEntry(panel.closed_at, _("The panel was closed."))
    if cut is not None and cut.decided_by is not None:
        said = {"who": cut.decided_by.full_name, "number": cut.decision_number}
        yield HistoryEntry(
            cut.set_at, _("%(who)s set the cut score by decision %(number)s.") % said
        )


# --- A judge's question ------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    position: int
    is_rated: bool
    is_here: bool


@dataclass(frozen=True)
class FirstRound:
    """What all said of a question in the first round, sorted, without names."""

    picture: DotStrip
    said: str
    mean: str
    own: str


@dataclass(frozen=True)
class Ballot:
    """One question for one judge."""

    question: PanelQuestion
    shown: QuestionShown
    level: str
    percent: int | None  # what this judge said in this round, or before
    is_rated: bool
    places: tuple[Place, ...]
    first_round: FirstRound | None
    everybody: str  # share right of all who answered, in the second round
    average: str  # share expected of people of average ability, in the second round

    @property
    def rated(self) -> int:
        return sum(each.is_rated for each in self.places)


def ballot(judge: PanelJudge, question: PanelQuestion) -> Ballot:
    panel = judge.panel
    rated = rated_positions(judge)
    own = dict(judge.ratings.filter(question=question).values_list("round", "percent"))
    second = panel.round == ROUNDS[-1]
    positions = panel.panel_questions.values_list("position", flat=True)
    quality = newest_of(question.question_id) if second else None
    return Ballot(
        question=question,
        shown=shown(item_of(question.question), question.question.media),
        level=level_in_words(panel.scale.framework, panel.level),
        percent=own.get(panel.round, own.get(ROUNDS[0])),
        is_rated=panel.round in own,
        places=tuple(Place(each, each in rated, each == question.position) for each in positions),
        first_round=_first_round(question, judge) if second else None,
        everybody=percent(quality.difficulty) if quality else "",
        average=_average(question) if second else "",
    )


def _first_round(question: PanelQuestion, judge: PanelJudge) -> FirstRound | None:
    counted = panel_data(judge.panel).ratings.judge_ids
    said = percents_of(question, ROUNDS[0])
    own = said.get(judge.pk)
    among = sorted(value for judge_id, value in said.items() if judge_id in counted)
    if not among:
        return None
    return FirstRound(
        picture=dot_strip(among, own),
        said=", ".join(f"{each}\u00a0%" for each in among),
        mean=percent(sum(among) / len(among) / 100),
        own="" if own is None else f"{own}\u00a0%",
    )


def _average(question: PanelQuestion) -> str:
    counts = newest_approved(question.panel.scale_id)
    item = ItemCalibration.objects.filter(
        calibration=counts, question=question.question_id, refused=""
    ).first()
    if item is None:
        return ""
    curves = ItemCurves.of([ItemParameters(item.a or 0.0, item.b or 0.0, item.c or 0.0)])
    return percent(float(curves.probability(0.0)[0]))
