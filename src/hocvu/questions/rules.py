"""What makes a question fit to be asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

_LEAST_OPTIONS = 2


class Flaw(Enum):
    """Why a written question cannot be asked."""

    TOO_FEW_OPTIONS = auto()
    OPTION_IDS_REPEAT = auto()
    OPTION_TEXTS_REPEAT = auto()
    NOTHING_IS_RIGHT = auto()
    MORE_THAN_ONE_IS_RIGHT = auto()
    NOTHING_IS_WRONG = auto()
    NO_SITUATION = auto()


@dataclass(frozen=True)
class WrittenOption:
    id: str
    text: str
    right: bool


def flaws(kind: str, situation: str, options: Sequence[WrittenOption]) -> Iterator[Flaw]:
    """Everything wrong with a question: its kind decides how many options may be right."""
    right = sum(option.right for option in options)
    if len(options) < _LEAST_OPTIONS:
        yield Flaw.TOO_FEW_OPTIONS
    if len({option.id for option in options}) < len(options):
        yield Flaw.OPTION_IDS_REPEAT
    if len({option.text for option in options}) < len(options):
        yield Flaw.OPTION_TEXTS_REPEAT
    if right == 0:
        yield Flaw.NOTHING_IS_RIGHT
    if right > 1 and kind != "multiple":
        yield Flaw.MORE_THAN_ONE_IS_RIGHT
    if right == len(options):
        yield Flaw.NOTHING_IS_WRONG
    if kind == "situation" and not situation.strip():
        yield Flaw.NO_SITUATION
