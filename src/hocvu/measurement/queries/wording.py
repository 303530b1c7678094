"""Measuring in words: reasons of a choice, states of a calibration, abilities as written."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.competency.models import Framework
from hocvu.competency.queries import level_name
from hocvu.measurement.models import Calibration
from hocvu.measurement.rules.calibrations import Refusal
from hocvu.measurement.rules.measuring import Estimate
from hocvu.psychometrics.growth import Change, Direction, GroupGrowth
from hocvu.ui.templatetags.figures import NOT_KNOWN

Words = Mapping[str, str | Promise]

_BECAUSE: Words = {
    "MOST_INFORMATIVE": gettext_lazy("Of the questions open, it says most at this ability."),
    "DRAWN_AMONG_BEST": gettext_lazy(
        "Drawn by lot among the questions that say most at this ability, so that no question is "
        "asked of everybody."
    ),
    "CONTENT_DUE": gettext_lazy("Its domain was furthest behind its share of the test."),
    "CONTENT_CLOSED": gettext_lazy("Domains that have had their share were left out."),
    "ENEMIES_CLOSED": gettext_lazy("Questions that give away another one's answer were left out."),
    "EXPOSURE_CLOSED": gettext_lazy(
        "Questions shown too often of late, or met by this person before, were left out."
    ),
    "EXPOSURE_RELAXED": gettext_lazy(
        "Only questions shown often, or met by this person before, were left."
    ),
}

_REFUSALS: Mapping[Refusal, str | Promise] = {
    Refusal.TOO_FEW_ANSWERS: gettext_lazy(
        "Fewer than three questions have enough answers. Please ask for it again when more people "
        "have taken tests with questions of this framework."
    ),
    Refusal.TOO_FEW_ANCHORS: gettext_lazy(
        "Too few of the answered questions stand on the scale already, so the new ones cannot be "
        "tied to it. Please use some questions of the last calibration in coming tests."
    ),
}

_ITEM_REFUSALS: Words = {
    "never_presented": gettext_lazy("nobody has answered it"),
    "too_few_answers": gettext_lazy("too few answers"),
    "everybody_right": gettext_lazy("everybody had it right"),
    "everybody_wrong": gettext_lazy("nobody had it right"),
}

_DIRECTIONS: Mapping[Direction, str | Promise] = {
    Direction.BETTER: gettext_lazy("better"),
    Direction.WORSE: gettext_lazy("weaker"),
    Direction.NOT_PROVEN: gettext_lazy("no change proven"),
}


def because(reason: str) -> str:
    return str(_BECAUSE[reason])


def refusal(calibration: Calibration) -> str:
    return str(_REFUSALS[Refusal(calibration.refused)]) if calibration.refused else ""


def item_refusal(why: str) -> str:
    return str(_ITEM_REFUSALS[why]) if why else ""


def direction(found: Direction) -> str:
    return str(_DIRECTIONS[found])


def ability(theta: float | None) -> str:
    """`+0,35`: always with its sign, two digits."""
    if theta is None:
        return NOT_KNOWN
    sign = "+" if round(theta, 2) > 0 else "−" if round(theta, 2) < 0 else ""
    return f"{sign}{number_format(abs(round(theta, 2)), 2)}"


def plain(number: float | None, digits: int = 2) -> str:
    return NOT_KNOWN if number is None else number_format(round(number, digits), digits)


def level_in_words(framework: Framework, level: str) -> str:
    return level_name(framework, level) if level else _("below the lowest level")


def state_of(calibration: Calibration) -> tuple[str, str]:
    """Tone and words for `{% state %}`."""
    if calibration.refused:
        return "bad", _("could not be calculated")
    if calibration.approved_at is not None:
        return "good", _("approved")
    if calibration.made_at is not None:
        return "act", _("calculated, waits to be approved")
    if calibration.people is not None:
        return "warn", _("being calculated")
    if calibration.begun_at is not None:
        return "warn", _("answers are being read")
    return "quiet", _("waits for its turn")


@dataclass(frozen=True)
class AbilityTold:
    """An ability as pages write it, with its error and perhaps its interval."""

    theta: str
    se: str
    low: str = ""
    high: str = ""


def ability_told(
    known: Estimate, low: float | None = None, high: float | None = None
) -> AbilityTold:
    return AbilityTold(ability(known.theta), plain(known.se), ability(low), ability(high))


@dataclass(frozen=True)
class ChangeTold:
    tone: str
    words: str
    difference: str
    error: str


_TONES = {Direction.BETTER: "good", Direction.WORSE: "bad", Direction.NOT_PROVEN: "quiet"}


def change_told(found: Change) -> ChangeTold:
    return ChangeTold(
        _TONES[found.direction],
        direction(found.direction),
        ability(found.difference),
        plain(found.error),
    )


@dataclass(frozen=True)
class GrowthTold:
    """What a class has gained, as its page writes it. `effect` empty: it cannot be said."""

    people: int
    mean: str
    low: str
    high: str
    effect: str
    better: int
    worse: int
    not_proven: int
    left_out: int


def growth_told(found: GroupGrowth) -> GrowthTold:
    return GrowthTold(
        people=found.people,
        mean=ability(found.mean),
        low=ability(found.low),
        high=ability(found.high),
        effect=ability(found.effect_size) if isfinite(found.effect_size) else "",
        better=found.better,
        worse=found.worse,
        not_proven=found.not_proven,
        left_out=found.left_out,
    )
