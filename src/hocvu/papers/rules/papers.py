"""What a paper must be like to be sat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from hocvu.papers.rules.drawing import Place

MOST_QUESTIONS = 500
MOST_MINUTES = 600


class PaperFlaw(Enum):
    """Why a written paper cannot be sat, whatever the bank holds."""

    NO_SHARE = auto()
    NO_MINUTES = auto()
    NOTHING_ASKED = auto()
    TOO_MANY_ASKED = auto()
    BOTH_FIXED_AND_DRAWN = auto()
    QUESTION_REPEATS = auto()
    OTHER_THAN_PRESCRIBED = auto()


@dataclass(frozen=True)
class WrittenCell:
    """A cell as somebody writes it; cells in a row with one title make up a section."""

    place: Place
    questions: int
    section: str = ""
    section_en: str = ""


@dataclass(frozen=True)
class Shape:
    """How many questions, in how many minutes, passed from which share; shuffled or not."""

    questions: int
    minutes: int
    pass_mark: str
    shuffle: bool


def is_share(text: str) -> bool:
    """Whether this is an exact share of the points, above nothing and at most all: `7/10`."""
    try:
        return 0 < Fraction(text) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def paper_flaws(
    shape: Shape,
    cells: Sequence[WrittenCell],
    question_ids: Sequence[int],
    prescribed: Shape | None,
) -> Iterator[PaperFlaw]:
    """Everything wrong with a paper; `prescribed` is the shape of the preset it follows."""
    if not is_share(shape.pass_mark):
        yield PaperFlaw.NO_SHARE
    if not 0 < shape.minutes <= MOST_MINUTES:
        yield PaperFlaw.NO_MINUTES
    if cells and question_ids:
        yield PaperFlaw.BOTH_FIXED_AND_DRAWN
    if not shape.questions or any(cell.questions <= 0 for cell in cells):
        yield PaperFlaw.NOTHING_ASKED
    if shape.questions > MOST_QUESTIONS:
        yield PaperFlaw.TOO_MANY_ASKED
    if len(set(question_ids)) < len(question_ids):
        yield PaperFlaw.QUESTION_REPEATS
    if prescribed and is_share(shape.pass_mark) and not _same(shape, prescribed):
        yield PaperFlaw.OTHER_THAN_PRESCRIBED


def _same(shape: Shape, prescribed: Shape) -> bool:
    return (
        (shape.questions, shape.minutes, shape.shuffle)
        == (prescribed.questions, prescribed.minutes, prescribed.shuffle)
    ) and Fraction(shape.pass_mark) == Fraction(prescribed.pass_mark)
