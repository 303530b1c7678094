"""What every written QTI item says about its answers: declarations and response processing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hocvu.items.content import Item
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.elements import Texts, element

RESPONSE: Final = "RESPONSE"
_DIGITS: Final = 6


@dataclass
class Writing:
    """What has been written of an item so far."""

    item: Item
    texts: Texts
    body: Element
    declarations: list[Element] = field(default_factory=list)
    rules: list[Element] = field(default_factory=list)
    template: str = ""


def decimal(amount: Fraction | Decimal) -> str:
    exact = Fraction(amount)
    digits = f"{Decimal(exact.numerator) / Decimal(exact.denominator):.{_DIGITS}f}"
    return digits.rstrip("0").rstrip(".")


def declare(
    writing: Writing,
    correct: Sequence[str],
    mapped: Mapping[str, Fraction],
    *,
    cardinality: str,
    base_type: str,
    identifier: str = RESPONSE,
    upper: Fraction | None = None,
) -> None:
    """A response declaration. `mapped` says what earns how many points."""
    made = element(
        "response_declaration", identifier=identifier, cardinality=cardinality, base_type=base_type
    )
    if correct:
        values = [element("value", text=each) for each in correct]
        made.append(element("correct_response", *values))
    if mapped:
        mapping = element("mapping", default_value="0", lower_bound="0")
        if upper is not None:
            mapping.set("upper-bound", decimal(upper))
        for key, points in mapped.items():
            entry = element("map_entry", map_key=key, mapped_value=decimal(points))
            if base_type == "string":
                entry.set("case-sensitive", str(writing.item.case_matters).lower())
            mapping.append(entry)
        made.append(mapping)
    writing.declarations.append(made)


def set_outcome(outcome: str, value: Element) -> Element:
    return element("set_outcome_value", value, identifier=outcome)


def variable(identifier: str) -> Element:
    return element("variable", identifier=identifier)


def mapping_counts(writing: Writing, identifiers: Sequence[str] = (RESPONSE,)) -> None:
    """What was chosen earns its points."""
    mapped = [element("map_response", identifier=each) for each in identifiers]
    total = mapped[0] if len(mapped) == 1 else element("sum", *mapped)
    writing.rules.append(set_outcome("SCORE", total))
    if list(identifiers) == [RESPONSE]:
        writing.template = "map_response"


def all_or_nothing(writing: Writing, tests: Sequence[Element]) -> None:
    test = tests[0] if len(tests) == 1 else element("and", *tests)
    right = element("response_if", test, set_outcome("SCORE", variable("MAXSCORE")))
    writing.rules.append(element("response_condition", right))
    if writing.item.points == 1 and len(tests) == 1 and test.tag.endswith("match"):
        writing.template = "match_correct"


def matches(identifier: str = RESPONSE) -> Element:
    return element("match", variable(identifier), element("correct", identifier=identifier))


def earns(writing: Writing, amount: Element) -> None:
    """Adds to the score what a gap earns."""
    writing.rules.append(set_outcome("SCORE", element("sum", variable("SCORE"), amount)))
