"""The parameters of our designs, with their bounds: what a registrar changes without any source.

A template of its own source may use them too. A colour must stand out from the paper (WCAG 2.2,
1.4.3: contrast of at least 4.5), so that a certificate stays readable when it is copied.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hocvu.kernel.vietnamese import nfc

MOST_LETTERS: Final = 200
PAPER: Final = "#FEFCF8"
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_LEAST_CONTRAST: Final = 4.5
_DARK_PART: Final = 0.04045


class Shape(StrEnum):
    TEXT = "text"
    COLOUR = "colour"
    SWITCH = "switch"


@dataclass(frozen=True)
class Parameter:
    key: str
    shape: Shape
    default: Any
    may_be_empty: bool = False


PARAMETERS: Final = (
    Parameter("title", Shape.TEXT, "GIẤY CHỨNG NHẬN"),
    Parameter("title_english", Shape.TEXT, "CERTIFICATE OF COMPLETION", may_be_empty=True),
    Parameter("statement", Shape.TEXT, "Đã hoàn thành chương trình bồi dưỡng"),
    Parameter(
        "statement_english", Shape.TEXT, "has completed the training programme", may_be_empty=True
    ),
    Parameter("bilingual", Shape.SWITCH, default=False),
    Parameter("accent", Shape.COLOUR, "#21408E"),
    Parameter("frame", Shape.SWITCH, default=True),
    Parameter("on_blanks", Shape.SWITCH, default=False),
    Parameter("shows_seal", Shape.SWITCH, default=False),
    Parameter("shows_signature", Shape.SWITCH, default=False),
)
BY_KEY: Final = {each.key: each for each in PARAMETERS}


class Flaw(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_COLOUR = "no_colour"
    TOO_PALE = "too_pale"


def default_look(**other: Any) -> dict[str, Any]:
    """The defaults, with some of them chosen otherwise."""
    return {each.key: each.default for each in PARAMETERS} | other


def complete_look(given: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter: what was given, composed (NFC), and the default for the rest."""
    look = default_look()
    for key in look.keys() & given.keys():
        look[key] = nfc(given[key]) if isinstance(given[key], str) else bool(given[key])
    return look


def flaws_of(look: Mapping[str, Any]) -> dict[str, Flaw]:
    """What is wrong, by parameter."""
    flaws = {}
    for each in PARAMETERS:
        value = look[each.key]
        if each.shape is Shape.TEXT and not value and not each.may_be_empty:
            flaws[each.key] = Flaw.EMPTY
        elif each.shape is Shape.TEXT and len(value) > MOST_LETTERS:
            flaws[each.key] = Flaw.TOO_LONG
        elif each.shape is Shape.COLOUR and not _COLOUR.fullmatch(value):
            flaws[each.key] = Flaw.NO_COLOUR
        elif each.shape is Shape.COLOUR and contrast(value, PAPER) < _LEAST_CONTRAST:
            flaws[each.key] = Flaw.TOO_PALE
    return flaws


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _DARK_PART else ((part + 0.055) / 1.055) ** 2.4
