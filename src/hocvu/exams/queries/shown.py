"""Questions as the person who takes a test sees them: order, language, safe HTML, what stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hocvu.exams import rules
from hocvu.exams.models import Answer
from hocvu.exams.rules.files import kinds_taken
from hocvu.items.answers import FALSE, FILE, TEXT, TRUE, put_into_parts, takes_options
from hocvu.items.content import Item, Kind, Markup, Option, Part, PartKind
from hocvu.items.marking import Mark, ReasonKind
from hocvu.items.text import to_html, to_plain
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of, media_addresses
from hocvu.ui.languages import in_language

_GAP_OR_TAG = re.compile(r"<[^>]*>|\[\[([A-Za-z0-9][\w-]*)\]\]", re.ASCII)


@dataclass(frozen=True)
class OptionShown:
    """Something to choose, and the line of the answer that chooses it."""

    id: str
    line: str
    text: SafeString
    plain: str
    chosen: bool
    right: bool
    why: SafeString
    letter: str = ""  # by which a matching question names it


@dataclass(frozen=True)
class PartShown:
    """A statement, a left side, a row, a gap or a thing to put in its place, with what was given.

    `verdict`, `right` and `why` are for the result; they say nothing while the test is taken.
    """

    id: str
    number: int
    kind: PartKind
    text: SafeString
    plain: str
    given: str
    given_words: str
    right_words: str
    verdict: ReasonKind | None
    why: SafeString
    options: tuple[OptionShown, ...]

    @property
    def letter(self) -> str:
        """By which paper names a thing to be put in order."""
        return rules.letter_of(self.number - 1)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text with gaps: some HTML, then perhaps a gap."""

    html: SafeString
    part: PartShown | None = None


@dataclass(frozen=True)
class QuestionShown:
    """One question of an attempt in the order and language its learner sees.

    What is right about it is in `options`, `parts` and `verdict` only as far as `key_shown` says.
    """

    id: int
    number: int
    item: Item
    stem: SafeString
    situation: SafeString
    options: tuple[OptionShown, ...]
    parts: tuple[PartShown, ...]
    pieces: tuple[Piece, ...]
    lines: tuple[str, ...]
    sequence: int  # of the standing answer; 0 where there is none
    receipt: str
    mark: Mark | None
    flaw: str  # why what was typed on a page without scripts could not be saved
    key_shown: rules.KeyShown
    shows_answer: bool  # whether whoever reads may see what was answered

    @property
    def kind(self) -> str:
        return self.item.kind.value

    @property
    def key(self) -> str:
        """The identifier as attributes need it: never grouped by thousands."""
        return str(self.id)

    @property
    def template(self) -> str:
        return f"exams/kinds/{self.kind}.html"

    @property
    def is_answered(self) -> bool:
        return bool(self.lines)

    @property
    def written(self) -> str:
        """The text of an essay."""
        return put_into_parts(self.lines).get(TEXT, "")

    @property
    def file(self) -> str:
        """The SHA-256 of the file that was handed in."""
        return put_into_parts(self.lines).get(FILE, "")

    @property
    def file_kinds(self) -> tuple[str, ...]:
        return kinds_taken(self.item.file_kinds)

    @property
    def places(self) -> list[str]:
        """What there is to choose from in a question about an order."""
        return [str(place) for place in range(1, len(self.parts) + 1)]

    @property
    def is_withdrawn(self) -> bool:
        """Everybody gets its points, whatever they answered."""
        return self.mark is not None and not self.mark.reasons

    @property
    def shows_key(self) -> bool:
        return self.key_shown is rules.KeyShown.NOW

    @property
    def verdict(self) -> rules.Verdict | None:
        """None where it would help to know; that it waits, or was not answered, always is said."""
        if self.mark is None:
            return None
        telling = {rules.Verdict.WAITING, rules.Verdict.UNANSWERED}
        hidden = self.key_shown is rules.KeyShown.NOT_WHILE_IT_MAY_COME_AGAIN
        return None if hidden and self.mark.verdict not in telling else self.mark.verdict

    @property
    def points(self) -> Decimal | None:
        if self.mark is None or self.mark.points is None or self.verdict is None:
            return None
        return rules.as_stored(self.mark.points).normalize()

    @property
    def out_of(self) -> Decimal:
        return Decimal(self.item.points).normalize()


@dataclass(frozen=True)
class Unfit:
    """Lines a page without scripts sent that cannot be an answer: they are shown, not saved."""

    lines: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Standing:
    """What is stored for a question of an attempt, and what it earned once that may be shown."""

    answer: Answer | None
    receipt: str = ""
    unfit: Unfit | None = None
    mark: Mark | None = None
    correct: Item | None = None  # the content with the key as it stands after corrections
    key_shown: rules.KeyShown = rules.KeyShown.NOT_WHILE_IT_MAY_COME_AGAIN
    shows_answer: bool = True


def question_shown(
    question: Question, number: int, standing: Standing, *, seed: int | None
) -> QuestionShown:
    """No query. `seed` none: in written order, but for what is put in order, which never is."""
    item = standing.correct or item_of(question)
    shown = _Showing(question, item, standing, seed)
    parts = tuple(shown.parts())
    stem = shown.html(in_language(item.stem, item.stem_en))
    return QuestionShown(
        id=question.pk,
        number=number,
        item=item,
        stem=stem,
        situation=shown.html(in_language(item.situation, item.situation_en)),
        options=tuple(shown.options()),
        parts=parts,
        pieces=tuple(_pieces(stem, parts)) if item.kind is Kind.CLOZE else (),
        lines=shown.lines,
        sequence=standing.answer.sequence if standing.answer else 0,
        receipt=standing.receipt,
        mark=standing.mark,
        flaw=standing.unfit.sentence if standing.unfit else "",
        key_shown=standing.key_shown,
        shows_answer=standing.shows_answer,
    )


class _Showing:
    """One question on its way to the page."""

    def __init__(
        self, question: Question, item: Item, standing: Standing, seed: int | None
    ) -> None:
        self._item, self._pk = item, question.pk
        self._media = tuple(media_addresses(question).items())
        stored = tuple(standing.answer.chosen) if standing.answer else ()
        self.lines = standing.unfit.lines if standing.unfit else stored
        self._put = {} if takes_options(item) else put_into_parts(self.lines)
        self._seed = seed
        self._with_key = standing.key_shown is rules.KeyShown.NOW
        told = standing.key_shown is not rules.KeyShown.NOT_WHILE_IT_MAY_COME_AGAIN
        reasons = standing.mark.reasons if standing.mark and told else ()
        self._verdicts = {reason.part: reason.kind for reason in reasons if reason.part}

    def html(self, text: str) -> SafeString:
        return SafeString(_as_html(text, self._item.markup, self._media)) if text else SafeString()

    def _plain(self, text: str) -> str:
        return _as_plain(text, self._item.markup)

    def _in_order(self, options: Sequence[Option], part: str = "") -> list[Option]:
        if self._seed is None or not self._item.shuffle:
            return list(options)
        names = [f"{self._pk}/{part}{option.id}" for option in options]
        return rules.shuffled(options, names, seed=self._seed)

    def options(self) -> Iterator[OptionShown]:
        """What is chosen, or for parts with common options what there is to choose from."""
        for at, option in enumerate(self._in_order(self._item.options)):
            chosen = option.id in self.lines
            yield self._option(option, option.id, chosen=chosen, letter=rules.letter_of(at))

    def _option(self, option: Option, line: str, *, chosen: bool, letter: str = "") -> OptionShown:
        text = in_language(option.text, option.text_en)
        why = self._why(option.why, option.why_en)
        right = option.right and self._with_key
        return OptionShown(
            *(option.id, line, self.html(text), self._plain(text), chosen, right, why, letter)
        )

    def _why(self, vietnamese: str, english: str) -> SafeString:
        """A reason tells the key, so it comes with it."""
        return self.html(in_language(vietnamese, english)) if self._with_key else SafeString()

    def parts(self) -> Iterator[PartShown]:
        if self._item.kind is Kind.ORDERING:
            yield from self._things_in_order()
            return
        for number, part in enumerate(self._item.parts, start=1):
            yield self._part(number, part)

    def _part(self, number: int, part: Part) -> PartShown:
        given = self._put.get(part.id, "")
        options = tuple(self._choices(part, given)) if part.kind is PartKind.CHOICE else ()
        text = in_language(part.text, part.text_en)
        return PartShown(
            id=part.id,
            number=number,
            kind=part.kind,
            text=self.html(text),
            plain=self._plain(text),
            given=given,
            given_words=next((each.plain for each in options if each.chosen), given),
            right_words=_right_words(part, options) if self._with_key else "",
            verdict=self._verdicts.get(part.id),
            why=self._why(part.why, part.why_en),
            options=options,
        )

    def _choices(self, part: Part, given: str) -> Iterator[OptionShown]:
        options = part.options or self._item.options
        if self._item.kind is Kind.TRUE_FALSE:
            options = (Option(TRUE, _("True")), Option(FALSE, _("False")))
        elif self._item.kind is not Kind.STATEMENTS:  # the columns of a table stay in order
            options = tuple(self._in_order(options, part.id if part.options else ""))
        for at, option in enumerate(options):
            line, chosen = f"{part.id}={option.id}", option.id == given
            yield self._option(option, line, chosen=chosen, letter=rules.letter_of(at))

    def _things_in_order(self) -> Iterator[PartShown]:
        """Always mixed: their written order is the right one. Those already placed come first."""
        right = {option.id: str(n) for n, option in enumerate(self._item.options, start=1)}
        mixed = rules.mixed(self._item.options, self._pk, seed=self._seed)
        last = len(mixed) + 1
        placed = sorted(mixed, key=lambda each: _place(self._put.get(each.id, ""), last))
        for number, option in enumerate(placed, start=1):
            shown = self._option(option, option.id, chosen=False)
            given = self._put.get(option.id, "")
            yield PartShown(
                *(option.id, number, PartKind.NUMBER, shown.text, shown.plain, given, given),
                *(right[option.id] if self._with_key else "", self._verdicts.get(option.id)),
                *(shown.why, ()),
            )


def _place(given: str, last: int) -> int:
    return int(given) if given.isascii() and given.isdecimal() else last


def _right_words(part: Part, options: Sequence[OptionShown]) -> str:
    if part.kind is PartKind.CHOICE:
        return next((each.plain for each in options if each.id == part.right), "")
    best = [each for each in part.accepted if each.credit >= 1] or list(part.accepted)
    within = " ± "
    return " / ".join(
        f"{each.value}{within}{each.tolerance.normalize():f}" if each.tolerance else each.value
        for each in best
    )


def _pieces(stem: str, parts: Sequence[PartShown]) -> Iterator[Piece]:
    """The stem cut at its gaps. A gap inside a tag or without a part is text."""
    gaps: Mapping[str, PartShown] = {part.id: part for part in parts}
    at = 0
    for found in _GAP_OR_TAG.finditer(stem):
        if found[1] in gaps:
            yield Piece(SafeString(stem[at : found.start()]), gaps[found[1]])
            at = found.end()
    yield Piece(SafeString(stem[at:]))


_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)


@lru_cache(maxsize=20_000)
def _as_html(text: str, markup: Markup, media: tuple[tuple[str, str], ...]) -> str:
    """A text of one paragraph stands in its line. Thousands of people see the same few texts."""
    html = to_html(text, markup, media=dict(media))
    alone = _ONE_PARAGRAPH.fullmatch(html)
    return alone[1] if alone else html


@lru_cache(maxsize=20_000)
def _as_plain(text: str, markup: Markup) -> str:
    return to_plain(text, markup)
