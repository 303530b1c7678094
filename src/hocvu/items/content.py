"""What a question holds, whichever bank or file it comes from.

An answer to a question is a set of lines. The line of a choice is the option's identifier (`b`);
any other line names a part and what was put there (`gap1=Hà Nội`, `row2=true`, `text=…`). So every
kind of answer is stored, sealed in a receipt and compared in one way.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """The kinds of question there are, and which lines answer them."""

    SINGLE = "single"  # one option: `b`
    MULTIPLE = "multiple"  # several options: `a`, `c`
    TRUE_FALSE = "true_false"  # each part is a statement: `p1=true`, `p2=false`
    MATCHING = "matching"  # each part is matched with an option: `p1=b`
    ORDERING = "ordering"  # each option gets its place, counted from 1: `c=1`, `a=2`
    NUMERIC = "numeric"  # one part: `value=12.5`
    SHORT_TEXT = "short_text"  # one part: `text=Hà Nội`
    CLOZE = "cloze"  # parts stand in the stem as [[p1]]: `p1=…`
    STATEMENTS = "statements"  # a table: each part is a row, the options are the columns: `p1=b`
    IMAGE_CHOICE = "image_choice"  # one option, each a picture with a description
    FILE = "file"  # handed in: `file=<sha256>`; the file itself is kept beside the answer
    ESSAY = "essay"  # `text=…`, marked by people against a rubric
    SITUATION = "situation"  # one option, after a situation to read


CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.IMAGE_CHOICE, Kind.SITUATION})
MARKED_BY_PEOPLE = frozenset({Kind.FILE, Kind.ESSAY})


class Markup(StrEnum):
    """How the texts of a question are written. All of it is sanitised before it is shown."""

    MARKDOWN = "markdown"
    HTML = "html"
    PLAIN = "plain"


class Scoring(StrEnum):
    """How the parts of an answer make up its points."""

    RIGHT_MINUS_WRONG = "right_minus_wrong"  # (right chosen − wrong chosen) / right, not below 0
    BY_CREDIT = "by_credit"  # the credits of what was chosen added up, kept between 0 and 1
    EACH_PART = "each_part"  # the weighted share of parts that are right
    ALL_OR_NOTHING = "all_or_nothing"
    STEPPED = "stepped"  # 4 statements: 1, 2, 3, 4 right earn 10, 25, 50, 100 %


class PartKind(StrEnum):
    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True)
class Option:
    """Something to choose. Its credit is its share of the points: 1 if right, maybe below 0."""

    id: str
    text: str
    text_en: str = ""
    credit: Fraction = Fraction(0)
    why: str = ""
    why_en: str = ""

    @property
    def right(self) -> bool:
        return self.credit > 0


@dataclass(frozen=True)
class Accepted:
    """An answer a part accepts. In texts `*` stands for anything; numbers have a tolerance ±."""

    value: str
    credit: Fraction = Fraction(1)
    tolerance: Decimal = Decimal(0)
    why: str = ""


@dataclass(frozen=True)
class Part:
    """A statement, a left side, a row or a gap: something that gets one answer of its own.

    `right` is an option's identifier, or `true` / `false`; parts to write in have `accepted`. A gap
    with a list of its own has `options`; other parts choose among the options of the question.
    """

    id: str
    kind: PartKind = PartKind.CHOICE
    text: str = ""
    text_en: str = ""
    right: str = ""
    accepted: tuple[Accepted, ...] = ()
    options: tuple[Option, ...] = ()
    weight: Fraction = Fraction(1)
    why: str = ""
    why_en: str = ""


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric: what is looked for and how many points it can earn."""

    id: str
    text: str
    points: Decimal
    text_en: str = ""


@dataclass(frozen=True)
class Media:
    """A picture that travels with a question. Texts refer to it as `media:<name>`."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Item:
    """A question. Options stand in written order; an ordering question's right order is theirs."""

    kind: Kind
    stem: str
    stem_en: str = ""
    situation: str = ""
    situation_en: str = ""
    markup: Markup = Markup.MARKDOWN
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    scoring: Scoring | None = None  # none: the usual rule of its kind
    points: Decimal = Decimal(1)
    shuffle: bool = True
    case_matters: bool = False  # in written texts
    tones_matter: bool = False  # in written texts: whether "Ha Noi" is not "Hà Nội"
    rubric: tuple[Criterion, ...] = ()
    least_words: int = 0
    most_words: int = 0  # 0: no limit
    file_kinds: tuple[str, ...] = ()  # ".docx", ".pdf"; empty: the usual ones
    feedback: str = ""
    feedback_en: str = ""
    # Where it comes from, as far as a file says.
    name: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    foreign_id: str = ""


def usual_scoring(kind: Kind) -> Scoring:
    if kind is Kind.MULTIPLE:
        return Scoring.RIGHT_MINUS_WRONG
    if kind in {Kind.TRUE_FALSE, Kind.MATCHING, Kind.ORDERING, Kind.CLOZE, Kind.STATEMENTS}:
        return Scoring.EACH_PART
    return Scoring.BY_CREDIT
