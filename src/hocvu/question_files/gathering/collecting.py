"""What formats that write questions as text share: one question after the other, its credits.

What was read and what there is to say of it is kept by `gathering`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Final

from hocvu.items.content import Item, Kind, Option, Scoring
from hocvu.items.flaws import PICTURE
from hocvu.items.text import to_plain
from hocvu.question_files.findings import FileProblem, Problem, Reading
from hocvu.question_files.gathering.gathered import Gathered, LeftOut, Notes
from hocvu.question_files.gathering.pictures import Pictures

LONGEST_TEXT: Final = 100_000  # characters of one question
_CAPITALS: Final = "ABCDEFGHIJ"
_LETTERED: Final = re.compile(r"([A-J])\s?[.):]\s+(\S.*)", re.DOTALL)
_OF_LETTERS: Final = re.compile(
    r"\b(?:[Cc]ả|[Bb]oth|[Aa]ll of)\s+[A-J]\b|\b[A-J]\s*(?:,|&|và|and|or|hoặc)\s*[A-J]\b"
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Collector:
    """Gathers the questions of a text that its format reads one by one."""

    def __init__(self) -> None:
        self.pictures = Pictures()
        self._gathered = Gathered()
        self._known: set[int] = set()

    def question(self, line: int, read: Callable[[Notes], Item], about: str = "") -> None:
        """Take the question that `read` gives, or say why not."""
        notes = Notes()
        try:
            item = _checked(read(notes), notes)
        except LeftOut as error:
            reason = LeftOut(error.problem, error.about or about)
            self._gathered.leave_out(reason, Notes(), line=line)
            return
        likeness = _likeness(item)
        if likeness in self._known:
            notes.warn(Problem.REPEATED, item.name or _start(item))
        self._known.add(likeness)
        self._gathered.take(item, notes, line=line)

    def passed_over(self, line: int, about: str) -> None:
        """Something that asks nothing: a description, a heading."""
        self._gathered.pass_over(line, about)

    def reading(self, encoding: str) -> Reading:
        found = self._gathered.reading(dict(self.pictures.media), encoding)
        if found.stated:
            return found
        asked = FileProblem.NOTHING_ASKED if found.diagnostics else FileProblem.EMPTY
        return replace(found, problem=asked)


def _checked(item: Item, notes: Notes) -> Item:
    if not item.stem.strip():
        if not item.name.strip():
            raise LeftOut(Problem.NO_STEM)
        notes.warn(Problem.NO_STEM, item.name)
        item = replace(item, stem=item.name)
    options = [*item.options, *(each for part in item.parts for each in part.options)]
    texts = [item.stem, item.feedback, *(o.text for o in options), *(o.why for o in options)]
    if sum(map(len, texts)) > LONGEST_TEXT:
        raise LeftOut(Problem.TEXT_TOO_LONG, item.name)
    seen: set[str] = set()
    for option in item.options:
        if option.text in seen:
            notes.warn(Problem.OPTION_REPEATS, to_plain(option.text, item.markup))
        seen.add(option.text)
    item = _without_letters(item)
    pictures = [PICTURE.search(option.text) for option in item.options]
    shown = item.kind is Kind.SINGLE and all(pictures)
    return replace(item, kind=Kind.IMAGE_CHOICE) if shown else item


def _without_letters(item: Item) -> Item:
    """Options typed with their letters: pages put letters of their own before them.

    Where an option speaks of others by their letters, they must stay in the order they have.
    """
    if item.kind not in {Kind.SINGLE, Kind.MULTIPLE} or len(item.options) > len(_CAPITALS):
        return item
    lettered = [_LETTERED.fullmatch(option.text) for option in item.options]
    bare = [found[2] for at, found in enumerate(lettered) if found and found[1] == _CAPITALS[at]]
    if len(bare) < len(item.options):
        return item
    speaks = any(map(_OF_LETTERS.search, bare))
    options = (replace(o, text=text) for o, text in zip(item.options, bare, strict=True))
    return replace(item, options=tuple(options), shuffle=item.shuffle and not speaks)


def _likeness(item: Item) -> int:
    """Equal for questions that ask the same in the same words."""
    options = frozenset(option.text for option in item.options)
    return hash((item.kind, item.stem, options, tuple(part.text for part in item.parts)))


def _start(item: Item) -> str:
    return to_plain(item.stem[:500], item.markup)


# --- What all formats share --------------------------------------------------------------------


def option_id(at: int) -> str:
    """`a` … `z`, `a1` …: the identifier of the option at a place counted from 0."""
    return _LETTERS[at % len(_LETTERS)] + (str(at // len(_LETTERS)) if at >= len(_LETTERS) else "")


def part_id(at: int) -> str:
    return f"p{at + 1}"


_SIMPLE: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20)
_ROUNDED: Final = Fraction(1, 20_000)
_NEARLY: Final = Fraction(2, 100)


@lru_cache(maxsize=1_000)
def credit_of(percent: str) -> Fraction:
    """A share from a percentage: `33.333` is one third. Raises LeftOut for what is no number."""
    try:
        share = Fraction(Decimal(percent.strip().replace(",", "."))) / 100
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise LeftOut(Problem.CREDIT_ODD, percent) from error
    for parts in _SIMPLE:
        simple = Fraction(round(share * parts), parts)
        if abs(simple - share) <= _ROUNDED:
            return simple
    return share


def percent(credit: Fraction) -> str:
    """`50`, `33.33333`: a share as a percentage."""
    return f"{float(credit * 100):.5f}".rstrip("0").rstrip(".")


def choice(item: Item, notes: Notes, *, takes_many: bool) -> Item:
    """A question with these options, whose credits are checked and evened out."""
    written = [option for option in item.options if option.text]
    if len(written) < len(item.options):
        notes.warn(Problem.SYNTAX)
        options = tuple(replace(o, id=option_id(at)) for at, o in enumerate(written))
        item = replace(item, options=options)
    if len(item.options) < 2:  # noqa: PLR2004
        raise LeftOut(Problem.NO_OPTIONS, item.name)
    right = [option.credit for option in item.options if option.right]
    if not right:
        raise LeftOut(Problem.NO_KEY, item.name)
    if takes_many:
        return _several(replace(item, kind=Kind.MULTIPLE), right, notes)
    if max(right) < 1:
        notes.warn(Problem.CREDIT_ODD, percent(max(right)))
    if sum(credit >= 1 for credit in right) > 1:
        notes.warn(Problem.TOO_MANY_KEYS)
    return replace(item, kind=Kind.SINGLE)


def _several(item: Item, right: Sequence[Fraction], notes: Notes) -> Item:
    """Right minus wrong where the credits say just that; else the credits themselves."""
    even, total = Fraction(1, len(right)), sum(right, Fraction(0))
    credits_ = [max(Fraction(-1), option.credit) for option in item.options]
    if total != 1:
        notes.warn(Problem.CREDIT_ODD, percent(total))
        if all(abs(credit - even) <= _NEARLY for credit in right):  # 33 % three times: all of it
            credits_ = [_evened(credit, even) for credit in credits_]
    if set(credits_) <= {even, -even}:
        credits_ = [Fraction(int(credit > 0)) for credit in credits_]
        return _with_credits(item, credits_)
    return replace(_with_credits(item, credits_), scoring=Scoring.BY_CREDIT)


def _evened(credit: Fraction, even: Fraction) -> Fraction:
    if abs(abs(credit) - even) > _NEARLY:
        return credit
    return even if credit > 0 else -even


def _with_credits(item: Item, credits_: Iterable[Fraction]) -> Item:
    pairs = zip(item.options, credits_, strict=True)
    return replace(item, options=tuple(replace(option, credit=c) for option, c in pairs))


def written_credits(item: Item) -> list[Fraction]:
    """The credits to write for the options of a question, so that it is marked as it is here."""
    right = sum(option.right for option in item.options) or 1
    by_credit = item.kind is not Kind.MULTIPLE or item.scoring is Scoring.BY_CREDIT
    even = Fraction(1, right)
    return [o.credit if by_credit else even if o.right else -even for o in item.options]


YES, NO = "true", "false"


def true_or_false(stem: str, *, right: bool, if_true: str = "", if_false: str = "") -> Item:
    """A statement to be judged: a choice between two."""
    full = Fraction(1)
    options = (
        Option(YES, "Đúng", "True", full if right else full - 1, if_true),
        Option(NO, "Sai", "False", full - 1 if right else full, if_false),
    )
    return Item(Kind.SINGLE, stem, options=options, shuffle=False)


def is_true_or_false(item: Item) -> bool:
    return item.kind is Kind.SINGLE and [option.id for option in item.options] == [YES, NO]


def category_path(text: str) -> str:
    """`$course$/top/Digital skills/Safety` as `Digital skills/Safety`."""
    steps = [step.strip() for step in re.split(r"(?<!/)/(?!/)", text.strip())]
    while steps and (re.fullmatch(r"\$\w+\$", steps[0]) or steps[0] in {"", "top"}):
        steps = steps[1:]
    return "/".join(steps)


def distinct(texts: Iterable[str]) -> dict[str, str]:
    """An option's identifier for each text, in the order they first appear."""
    return {text: option_id(at) for at, text in enumerate(dict.fromkeys(texts))}
