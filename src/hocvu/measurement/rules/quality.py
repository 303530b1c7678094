"""What answers say about a question, and what a teacher should look at.

The figures are classical item analysis and differential functioning of `hocvu.psychometrics`;
here is what is compared with what, and from where on a figure is worth a look.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from hocvu.psychometrics.curves import Floats
from hocvu.psychometrics.errors import TooFewPeople
from hocvu.psychometrics.quality import (
    Concern,
    DifferenceIsUndefined,
    ItemStatistics,
    Limits,
    OptionStatistics,
    concerns_about,
    item_statistics,
    mantel_haenszel,
    option_statistics,
    strata,
)

LIMITS = Limits()
# People. Below, the difference of two groups says nothing, and what is said of a group could be
# held against those few who are known to belong to it: neither figure nor count is kept.
LEAST_IN_A_GROUP = 100


class Flag(StrEnum):
    """Something about a question that a person should look at; the gravest first."""

    KEY_PERHAPS_WRONG = "key_perhaps_wrong"
    FAVOURS_STRONGLY = "favours_strongly"  # ETS class C
    WRONG_OPTION_ATTRACTS_STRONG = "wrong_option_attracts_strong"
    DOES_NOT_DISTINGUISH = "does_not_distinguish"
    BECAME_EASIER = "became_easier"
    BECAME_HARDER = "became_harder"
    FAVOURS = "favours"  # ETS class B
    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    OPTION_UNUSED = "option_unused"
    TOO_FEW_ANSWERS = "too_few_answers"


# --- Groups ------------------------------------------------------------------------------------


class Generation(StrEnum):
    """By year of birth, because the difference is what people grew up with, not their age.

    From 2006 on informatics was a compulsory subject of upper secondary school, so whoever was
    born in 1991 or later had it there. The internet came to Viet Nam at the end of 1997: whoever
    was born in 1975 or earlier was grown up and mostly at work by then.
    """

    SCHOOLED = "schooled"
    MIDDLE = "middle"
    BEFORE_INTERNET = "before_internet"


GENERATIONS = (Generation.BEFORE_INTERNET, Generation.MIDDLE, Generation.SCHOOLED)
BORN_FROM = (1976, 1991)  # first year of birth of each generation but the first


def generation(birth_year: int | None) -> Generation | None:
    return None if birth_year is None else GENERATIONS[bisect_right(BORN_FROM, birth_year)]


class Comparison(StrEnum):
    """Who is compared with whom among equally able people: the first with the second.

    All minorities together: which of the 53 somebody belongs to is not looked at here.
    """

    WOMEN_WITH_MEN = "women_with_men"
    SCHOOLED_WITH_MIDDLE = "schooled_with_middle"
    BEFORE_INTERNET_WITH_MIDDLE = "before_internet_with_middle"
    MINORITIES_WITH_KINH = "minorities_with_kinh"
    COMMUNES_WITH_WARDS = "communes_with_wards"
    SPECIAL_ZONES_WITH_WARDS = "special_zones_with_wards"


@dataclass(frozen=True, slots=True)
class Belonging:
    """What is known of a person for the comparisons; empty where it is not known.

    ethnicity   "kinh" or "minority"
    """

    sex: str
    generation: Generation | None
    unit_kind: str
    ethnicity: str = ""


_GROUPS: dict[Comparison, tuple[str, str, str]] = {
    Comparison.WOMEN_WITH_MEN: ("sex", "female", "male"),
    Comparison.SCHOOLED_WITH_MIDDLE: ("generation", "schooled", "middle"),
    Comparison.BEFORE_INTERNET_WITH_MIDDLE: ("generation", "before_internet", "middle"),
    Comparison.MINORITIES_WITH_KINH: ("ethnicity", "minority", "kinh"),
    Comparison.COMMUNES_WITH_WARDS: ("unit_kind", "commune", "ward"),
    Comparison.SPECIAL_ZONES_WITH_WARDS: ("unit_kind", "special_zone", "ward"),
}


# --- Figures -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class AnswersToOne:
    """The answers of many people to one question, one entry each in every list.

    right      full points
    rest       share of full points in the other questions of the same test, NaN without any
    test       which paper they sat: scores compare within a test only
    picks      which options, for questions with options to choose; else empty
    """

    right: NDArray[np.bool_]
    rest: Floats
    test: NDArray[np.int64]
    picks: Sequence[frozenset[str]]
    belongings: Sequence[Belonging]

    def __len__(self) -> int:
        return len(self.right)


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """One option: who took it, how they did elsewhere (share of full points), and the link."""

    option: str
    is_right: bool
    share: float
    mean_rest: float | None
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One comparison. delta < 0: harder for the first group; `ets` A, B or C; error of delta."""

    comparison: Comparison
    delta: float
    error: float
    ets: str
    people: int
    compared_with: int


@dataclass(frozen=True)
class Figures:
    """Everything known of one question, without drift."""

    answers: int
    difficulty: float | None
    discrimination: float | None
    options: tuple[OptionFigures, ...]
    groups: tuple[GroupFigures, ...]
    flags: tuple[Flag, ...]


def figures(given: AnswersToOne, right_options: dict[str, bool]) -> Figures:
    """`right_options`: every option in written order, and whether it is right; may be empty."""
    centred = _within_tests(given)
    [item] = item_statistics(given.right.astype(np.int8)[:, np.newaxis], score=centred)
    options = _options(given, centred, right_options)
    groups = tuple(_groups(given)) if len(given) else ()
    return Figures(
        answers=item.answers,
        difficulty=_known(item.share_right),
        discrimination=_known(item.discrimination),
        options=tuple(
            OptionFigures(
                option=name,
                is_right=each.is_right,
                share=each.share,
                mean_rest=_mean_rest(given, name),
                discrimination=_known(each.discrimination),
            )
            for name, each in zip(right_options, options, strict=False)  # none without answers
        ),
        groups=groups,
        flags=_flags(item, options, groups),
    )


def with_drift(flags: Sequence[Flag], change: Flag | None) -> tuple[Flag, ...]:
    """The flags in their order, with what a change of difficulty adds."""
    found = {*flags, change}
    return tuple(flag for flag in Flag if flag in found)


def _within_tests(given: AnswersToOne) -> Floats:
    """Rest scores less the mean of the same test: an easy test makes nobody able."""
    centred = given.rest.copy()
    for test in np.unique(given.test):
        there = given.test == test
        known = centred[there & np.isfinite(centred)]
        if len(known):
            centred[there] -= known.mean()
    return centred


def _options(
    given: AnswersToOne, centred: Floats, right_options: dict[str, bool]
) -> tuple[OptionStatistics, ...]:
    """Each option against not taking it, so that several may be taken."""
    if not right_options or not len(given):
        return ()
    found = []
    for name, is_right in right_options.items():
        taken = np.array([0 if name in picks else -1 for picks in given.picks], dtype=np.int64)
        [one] = option_statistics(taken, centred, options=1, right=0)
        found.append(
            OptionStatistics(
                0, one.people, one.share, one.mean_score, one.discrimination, is_right=is_right
            )
        )
    return tuple(found)


def _mean_rest(given: AnswersToOne, option: str) -> float | None:
    took = np.array([option in picks for picks in given.picks], dtype=bool)
    known = given.rest[took & np.isfinite(given.rest)] if len(took) else np.empty(0)
    return float(known.mean()) if len(known) else None


def _flags(
    item: ItemStatistics, options: Sequence[OptionStatistics], groups: Sequence[GroupFigures]
) -> tuple[Flag, ...]:
    if item.answers < LIMITS.people:
        return (Flag.TOO_FEW_ANSWERS,)
    wrong = tuple(each for each in options if not each.is_right)
    concerns = set(concerns_about(item, wrong, LIMITS))
    if Concern.TOO_EASY in concerns:  # then nobody is left to take a wrong option
        concerns -= {Concern.OPTION_UNUSED}
    found = {_FLAG_OF[concern] for concern in concerns}
    if _key_is_doubtful(item, options):
        found.add(Flag.KEY_PERHAPS_WRONG)
    classes = {each.ets for each in groups}
    found |= {flag for ets, flag in (("C", Flag.FAVOURS_STRONGLY), ("B", Flag.FAVOURS))
              if ets in classes}  # fmt: skip
    return tuple(flag for flag in Flag if flag in found)


_FLAG_OF = {
    Concern.TOO_EASY: Flag.TOO_EASY,
    Concern.TOO_HARD: Flag.TOO_HARD,
    Concern.HARDLY_DISCRIMINATES: Flag.DOES_NOT_DISTINGUISH,
    Concern.WORKS_BACKWARDS: Flag.DOES_NOT_DISTINGUISH,
    Concern.OPTION_UNUSED: Flag.OPTION_UNUSED,
    Concern.OPTION_DRAWS_THE_STRONG: Flag.WRONG_OPTION_ATTRACTS_STRONG,
}


def _key_is_doubtful(item: ItemStatistics, options: Sequence[OptionStatistics]) -> bool:
    """The strong take a wrong option rather than the right ones; or are wrong more often.

    The second only when it is no accident: two standard errors of a correlation of zero.
    """
    links = [each.discrimination for each in options if each.is_right]
    best_right = max((link for link in links if isfinite(link)), default=0.0)
    rivals = [
        each.discrimination
        for each in options
        if not each.is_right and each.people >= LIMITS.people and isfinite(each.discrimination)
    ]
    draws_more = any(link > max(best_right, LIMITS.least_discrimination) for link in rivals)
    return draws_more or item.discrimination < -2 / sqrt(item.answers)


def _groups(given: AnswersToOne) -> list[GroupFigures]:
    known = np.isfinite(given.rest)
    levels = _strata(given, known)
    found = []
    for comparison, (aspect, focal, reference) in _GROUPS.items():
        said = np.array([str(getattr(each, aspect) or "") for each in given.belongings])
        among = known & np.isin(said, [focal, reference])
        if min((said[among] == name).sum() for name in (focal, reference)) < LEAST_IN_A_GROUP:
            continue  # the page says which comparisons there are too few people for
        try:
            result = mantel_haenszel(
                given.right[among].astype(np.int8), levels[among], said[among] == focal
            )
        except (TooFewPeople, DifferenceIsUndefined):
            continue
        found.append(
            GroupFigures(
                comparison,
                result.delta,
                result.error,
                result.ets_class.value,
                result.focal,
                result.reference,
            )
        )
    return found


def _strata(given: AnswersToOne, known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Who is matched with whom: the same test, and about as many of its other questions right."""
    levels = np.zeros(len(given), dtype=np.int64)
    for place, test in enumerate(np.unique(given.test)):
        there = known & (given.test == test)
        if there.any():
            levels[there] = place * 1_000 + strata(given.rest[there])
    return levels


def _known(number: float) -> float | None:
    return number if isfinite(number) else None
