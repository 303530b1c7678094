"""What an item of QTI 1.2 says about its right answers: the conditions of `resprocessing`.

IMS Question & Test Interoperability, ASI Information Model 1.2: a condition compares answers with
`varequal` and its kin, joined by `and`, `or` and `not`; `setvar` sets the score or adds to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.tree import child, children, number, words_of

_LOWER: Final = frozenset({"vargt", "vargte"})
_UPPER: Final = frozenset({"varlt", "varlte"})
_JOINED: Final = frozenset({"and", "or", "conditionvar", "unanswered", "other"})


@dataclass(frozen=True)
class Compared:
    """An answer that a condition names: to which response, and which."""

    response: str
    value: str
    case_matters: bool = False


@dataclass
class Rule:
    """One condition and what it gives. `bounds` are the ends of a range, by response."""

    wanted: list[Compared] = field(default_factory=list)
    unwanted: list[Compared] = field(default_factory=list)
    lower: dict[str, Fraction] = field(default_factory=dict)
    upper: dict[str, Fraction] = field(default_factory=dict)
    score: Fraction = Fraction(0)
    adds: bool = False
    feedback: list[str] = field(default_factory=list)
    lost: bool = False


def rules_of(item: Element) -> list[Rule]:
    return [_rule(each) for each in item.iter("respcondition")]


def _rule(condition: Element) -> Rule:
    rule = Rule()
    for each in children(condition, "conditionvar"):
        _compare(each, rule, wanted=True)
    for each in children(condition, "setvar"):
        given = _given(each)
        rule.adds = rule.adds or each.get("action", "Set").lower() in {"add", "subtract"}
        rule.score = given if abs(given) > abs(rule.score) else rule.score
    if child(condition, "setvar") is None and condition.get("title", "").lower() == "correct":
        rule.score = Fraction(1)  # Blackboard says so by the title alone
    rule.feedback = [each.get("linkrefid", "") for each in children(condition, "displayfeedback")]
    return rule


def _given(setvar: Element) -> Fraction:
    """The points; Blackboard writes `SCORE.max` for all of them."""
    text = words_of(setvar)
    points = number(text)
    if points is None:
        points = Fraction(int(text.lower().endswith(".max")))
    return -points if setvar.get("action", "").lower() == "subtract" else points


def _compare(element: Element, rule: Rule, *, wanted: bool) -> None:
    for each in element:
        name, response = str(each.tag), each.get("respident", "")
        if name == "not":
            _compare(each, rule, wanted=not wanted)
        elif name in _JOINED:
            _compare(each, rule, wanted=wanted)
        elif name in _LOWER | _UPPER:
            end = exact_number(words_of(each))
            if end is not None and wanted:
                (rule.lower if name in _LOWER else rule.upper)[response] = end
        elif name == "varequal":
            said = Compared(response, words_of(each), each.get("case", "").lower() == "yes")
            (rule.wanted if wanted else rule.unwanted).append(said)
        else:
            rule.lost = True


def exact_number(text: str) -> Fraction | None:
    """A number as it is written: 1.4142 is a key, not nearly some fraction."""
    try:
        return Fraction(Decimal(text.strip()))
    except (InvalidOperation, OverflowError, ValueError):
        return None


def scored(rules: list[Rule]) -> list[Rule]:
    """Those that give points for an answer."""
    return [rule for rule in rules if rule.score > 0 and (rule.wanted or rule.lower)]


def why_of(rules: list[Rule], texts: dict[str, str]) -> dict[str, str]:
    """The feedback about each choice: `<choice>_fb`, or what a condition on it alone shows."""
    found = {name.removesuffix("_fb"): text for name, text in texts.items()}
    for rule in rules:
        shown = [texts[each] for each in rule.feedback if each in texts]
        if len(rule.wanted) == 1 and not rule.unwanted and shown:
            found.setdefault(rule.wanted[0].value, shown[0])
    return found


def values_for(response: str, rules: list[Rule]) -> Iterator[tuple[Compared, Fraction]]:
    """What earns points as an answer to this response, and how many."""
    for rule in scored(rules):
        for each in rule.wanted:
            if each.response == response:
                yield each, rule.score
