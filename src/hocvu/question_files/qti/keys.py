"""What a QTI item says about its right answers: declarations and response processing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final

from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.tree import child, children, flag, number, words_of


class Way(Enum):
    """How an item turns an answer into points."""

    UNSAID = "unsaid"
    MATCH = "match"  # all of it right, or nothing
    MAP = "map"  # what was chosen has its points


@dataclass(frozen=True)
class Mapped:
    key: str
    points: Fraction
    case_matters: bool


@dataclass(frozen=True)
class Declared:
    """One response variable. `upper` is the most its mapping can earn, where it says so."""

    identifier: str
    cardinality: str = "single"
    base_type: str = ""
    correct: tuple[str, ...] = ()
    mapped: tuple[Mapped, ...] = ()
    default: Fraction = Fraction(0)
    upper: Fraction | None = None

    @property
    def single(self) -> bool:
        return self.cardinality == "single"

    @property
    def most(self) -> Fraction:
        """The most points its mapping can earn."""
        positive = [entry.points for entry in self.mapped if entry.points > 0]
        if not positive:
            return Fraction(1)
        sum_of_all = max(positive) if self.single else sum(positive, Fraction(0))
        return min(sum_of_all, self.upper) if self.upper and self.upper > 0 else sum_of_all


@dataclass(frozen=True)
class Compared:
    """How an answer is compared with a value: what was said of numbers and of texts."""

    value: str = ""  # a value that stands in the processing itself; empty: the correct one
    earns: Fraction | None = None  # none: all there is
    below: Decimal = Decimal(0)
    above: Decimal = Decimal(0)
    relative: bool = False
    ignores_case: bool = False


@dataclass(frozen=True)
class Processing:
    way: Way = Way.UNSAID
    all_or_nothing: bool = False
    lost: bool = False
    compared: Mapping[str, Sequence[Compared]] = field(default_factory=dict)
    right_earns: Fraction | None = None


_MOST_POINTS: Final = 10_000
_SIMPLE: Final = frozenset(
    re.findall(
        r"\w+",
        """
        responseprocessing responsecondition responseif responseelse responseelseif variable
        match equal equalrounded stringmatch setoutcomevalue correct basevalue mapresponse
        isnull not sum and multiple null responseprocessingfragment
        """,
    )
)


def declared(item: Element) -> dict[str, Declared]:
    """The response variables of an item by their identifier."""
    found = map(_declared, children(item, "responsedeclaration"))
    return {each.identifier: each for each in found}


def _declared(element: Element) -> Declared:
    correct, mapping = child(element, "correctresponse"), child(element, "mapping")
    return Declared(
        identifier=element.get("identifier", ""),
        cardinality=element.get("cardinality", "single"),
        base_type=element.get("basetype", "").lower(),
        correct=tuple(_values(correct)),
        mapped=tuple(_mapped(mapping)),
        default=_or_zero(mapping, "defaultvalue"),
        upper=None if mapping is None else number(mapping.get("upperbound")),
    )


def _values(correct: Element | None) -> Iterator[str]:
    if correct is not None:
        yield from filter(None, map(words_of, children(correct, "value")))


def _mapped(mapping: Element | None) -> Iterator[Mapped]:
    for entry in () if mapping is None else children(mapping, "mapentry"):
        points = number(entry.get("mappedvalue"))
        if points is not None:
            key = " ".join(entry.get("mapkey", "").split())
            yield Mapped(key, points, flag(entry, "casesensitive"))


def _or_zero(element: Element | None, name: str) -> Fraction:
    return (number(element.get(name)) if element is not None else None) or Fraction(0)


def processing(item: Element) -> Processing:
    """The response processing of an item: a standard template, or what its own rules come to."""
    rules = child(item, "responseprocessing")
    if rules is None:
        return Processing()
    template = (rules.get("template") or rules.get("templatelocation") or "").lower()
    if "map_response" in template:
        return Processing(Way.MAP, lost="point" in template)
    if template or len(rules) == 0:
        known = "match_correct" in template
        return Processing(Way.MATCH if known else Way.UNSAID, all_or_nothing=known, lost=not known)
    names = {str(element.tag) for element in rules.iter()}
    way = Way.MATCH if names & {"correct", "match", "equal", "stringmatch"} else Way.UNSAID
    scoring = [each for each in rules.iter("setoutcomevalue") if _is_score(each)]
    right_or_wrong = len(scoring) <= len(("right", "wrong"))
    return Processing(
        way=Way.MAP if "mapresponse" in names else way,
        all_or_nothing=right_or_wrong and not names & {"mapresponse", "sum"},
        lost=not names <= _SIMPLE,
        compared=_comparisons(rules),
        right_earns=max(filter(None, map(_earned, scoring)), default=None),
    )


def _is_score(element: Element) -> bool:
    return element.get("identifier", "").upper() == "SCORE"


def _earned(setting: Element) -> Fraction | None:
    """The points a setting of the score states, also where it adds them to the score."""
    value = next(setting.iter("basevalue"), None)
    return number(words_of(value)) if value is not None else None


def _comparisons(rules: Element) -> dict[str, list[Compared]]:
    """What each response is compared with where that earns points."""
    found: dict[str, list[Compared]] = {}
    for test in rules.iter("match", "equal", "equalrounded", "stringmatch"):
        variable, branch = child(test, "variable"), _branch(test)
        if variable is None or branch is None:
            continue
        below, above = _tolerance(test)
        compared = Compared(
            value=words_of(child(test, "basevalue")),
            earns=max(filter(None, map(_earned, branch)), default=None),
            below=below,
            above=above,
            relative=test.get("tolerancemode", "").lower() == "relative",
            ignores_case=test.tag == "stringmatch" and not flag(test, "casesensitive"),
        )
        found.setdefault(variable.get("identifier", ""), []).append(compared)
    return found


def _branch(test: Element) -> list[Element] | None:
    """The settings of the score where this comparison holds; none where it must not hold."""
    for above in test.iterancestors():
        if above.tag == "not":
            return None
        if above.tag in {"responseif", "responseelseif"}:
            scoring = [each for each in children(above, "setoutcomevalue") if _is_score(each)]
            return [each for each in scoring if _earned(each) != 0] or None
    return []


def _tolerance(test: Element) -> tuple[Decimal, Decimal]:
    if test.tag == "equalrounded" and test.get("roundingmode", "decimalPlaces") == "decimalPlaces":
        figures = test.get("figures", "")
        half = Decimal(5).scaleb(-int(figures) - 1) if figures.isdecimal() else Decimal(0)
        return half, half
    stated = [number(each) for each in test.get("tolerance", "").split()]
    amounts = [
        Decimal(each.numerator) / Decimal(each.denominator) for each in stated if each is not None
    ]
    if not amounts:
        return Decimal(0), Decimal(0)
    return amounts[0], amounts[-1]


def points_of(item: Element, rules: Processing, responses: Mapping[str, Declared]) -> Decimal:
    """The most an item can earn, as far as it says."""
    stated = None
    for outcome in children(item, "outcomedeclaration"):
        name, value = outcome.get("identifier", "").upper(), child(outcome, "defaultvalue")
        if name == "MAXSCORE" and value is not None:
            stated = number(words_of(value)) or stated
        elif name == "SCORE" and stated is None:
            stated = number(outcome.get("normalmaximum"))
    marked = [each for each in responses.values() if each.mapped or each.correct]
    if not stated and rules.way is Way.MAP:
        stated = sum((each.most for each in marked), Fraction(0))
    if not stated and rules.right_earns:
        stated = rules.right_earns * (1 if rules.all_or_nothing else max(len(marked), 1))
    if not stated or stated <= 0:
        return Decimal(1)
    points = Decimal(stated.numerator) / Decimal(stated.denominator)
    return Decimal(f"{round(points, 4).normalize():f}") if points < _MOST_POINTS else Decimal(1)
