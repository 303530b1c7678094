"""GIFT, the text format of Moodle: read as its documentation has it and as people type it."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hocvu.items.answers import TEXT, VALUE
from hocvu.items.content import (
    Accepted,
    Item,
    Kind,
    Markup,
    Option,
    Part,
    PartKind,
    Scoring,
)
from hocvu.items.text import to_plain
from hocvu.question_files.findings import Problem, Reading
from hocvu.question_files.gathering.collecting import (
    Collector,
    category_path,
    choice,
    credit_of,
    distinct,
    option_id,
    part_id,
    true_or_false,
)
from hocvu.question_files.gathering.gathered import LeftOut, Notes
from hocvu.question_files.gathering.picture_links import nothing_beside, with_pictures
from hocvu.question_files.gathering.texts import Auto, Texts, Way
from hocvu.question_files.gift.blocks import (
    TRUTHS,
    Block,
    Pieces,
    before_and_after,
    blocks,
    pieces,
    put_back,
    split_at,
)
from hocvu.question_files.opening.archive import FileIsUnreadable
from hocvu.question_files.opening.decoding import decoded

_WAYS: Final[dict[str, Way]] = {
    "html": Markup.HTML,
    "markdown": Markup.MARKDOWN,
    "plain": Markup.PLAIN,
    "moodle": Auto.AUTO,
}
_WAY: Final = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT: Final = re.compile(r"%(-*\d{1,3}(?:[.,]\d*)?)%")
_INDENTED: Final = re.compile(r"[ \t]*\n[ \t]*")
_BLANK: Final = "_____"
_CLOSING: Final = re.compile(r"[\s.,;:!?'\")\]]*")
_ENDS_A_SENTENCE: Final = (".", "?", "!", ":", "…")


_EMBEDDED: Final = re.compile(r"\d{0,3}\s*:\s*([A-Z]{2,}(?:_[A-Z]+)?)\s*:")  # of another format


def read_gift(content: bytes) -> Reading:
    """Every question of a GIFT file; a description is passed over."""
    try:
        file = decoded(content)
    except FileIsUnreadable as refusal:
        return Reading(problem=refusal.problem, detail=refusal.detail)
    found, category = Collector(), ""
    for block in blocks(file.text):
        if block.category is not None:
            category = category_path(block.category)
        elif "{" not in block.text and "}" not in block.text:
            found.passed_over(block.line, put_back(block.text))
        else:
            reader = _Question(block, category, found)
            found.question(block.line, reader.read, put_back(block.text))
    return found.reading(file.encoding)


class _Question:
    """Reads one question. Its answers keep the way of writing of its text if they say no other."""

    def __init__(self, block: Block, category: str, found: Collector) -> None:
        self._block, self._category, self._found = block, category, found
        self._way: Way = Auto.AUTO
        self._notes = Notes()
        self._texts = Texts(self._notes)

    def read(self, notes: Notes) -> Item:
        self._notes, self._texts = notes, Texts(notes)
        found = pieces(self._block.text)
        stem, self._way = self._text_and_way(_stem(found), Auto.AUTO)
        item = self._answered(self._put(stem, self._way), (found.answers or "").strip())
        item = replace(
            item,
            feedback=self._text(found.feedback),
            name=found.name,
            category=self._category,
            tags=self._block.tags,
            foreign_id=self._block.identifier,
        )
        return self._texts.settled(item)

    def _text_and_way(self, written: str, usual: Way) -> tuple[str, Way]:
        if said := _WAY.match(written):
            return written[said.end() :], _WAYS[said[1].lower()]
        return written, usual

    def _text(self, written: str) -> str:
        return self._put(*self._text_and_way(written, self._way))

    def _put(self, written: str, way: Way) -> str:
        text = put_back(_INDENTED.sub("\n", written.strip()) if way is Auto.AUTO else written)
        if way is not Markup.PLAIN:
            text = with_pictures(text, nothing_beside, self._found.pictures, self._notes)
        return self._texts.put(text, way)

    def _plain(self, written: str) -> str:
        """An answer that is compared with what is typed: it has no markup."""
        text, way = self._text_and_way(written, Markup.PLAIN)
        markup = way if isinstance(way, Markup) else Markup.PLAIN
        return to_plain(put_back(text), markup)

    # --- Kinds -----------------------------------------------------------------------------

    def _answered(self, stem: str, answers: str) -> Item:
        return self._kind_of(answers)(stem, answers)

    def _kind_of(self, answers: str) -> Callable[[str, str], Item]:
        if not answers:
            return lambda stem, _: Item(Kind.ESSAY, stem)
        if embedded := _EMBEDDED.match(answers):
            raise LeftOut(Problem.UNKNOWN_KIND, f"Cloze {embedded[1]}")
        if answers.startswith("#"):
            return self._number
        if answers.startswith(">"):
            return self._ordering
        if "~" in answers:
            return self._choice
        if "=" in answers and "->" in answers:
            return self._matching
        judged = before_and_after("#", answers)[0].upper()
        return self._truth if judged in TRUTHS else self._short_text

    def _choice(self, stem: str, answers: str) -> Item:
        pieces_ = [each.strip() for each in split_at("~=", answers)]
        written = [each for each in pieces_ if each != "~"]  # `~=` is typed for `=`
        if not written:
            raise LeftOut(Problem.NO_OPTIONS)
        if written[0][:1] not in {"~", "="}:  # the first one without its sign
            written[0] = f"~{written[0]}"
        options = tuple(self._option(at, each) for at, each in enumerate(written))
        keys = sum(each.startswith("=") for each in written)
        if keys > 1:  # Moodle takes any one of them; who writes this means all of them
            self._notes.warn(Problem.TOO_MANY_KEYS, str(keys))
            options = tuple(replace(o, credit=o.credit / keys) for o in options)
        item = Item(Kind.SINGLE, stem, options=options)
        if keys > 1 and all(option.credit in {0, Fraction(1, keys)} for option in options):
            whole = (replace(o, credit=o.credit * keys) for o in options)
            return replace(item, kind=Kind.MULTIPLE, options=tuple(whole))
        return choice(item, self._notes, takes_many=keys != 1)

    def _option(self, at: int, written: str) -> Option:
        credit, rest = self._weighed(written[1:], usual=Fraction(int(written[0] == "=")))
        text, why = before_and_after("#", rest)
        return Option(option_id(at), self._text(text), credit=credit, why=self._text(why))

    def _weighed(self, written: str, usual: Fraction) -> tuple[Fraction, str]:
        if weight := _WEIGHT.match(written.lstrip()):
            share = weight[1].lstrip("-")
            sign = "-" if weight[1].startswith("-") else ""
            return credit_of(sign + share), written.lstrip()[weight.end() :]
        return usual, written

    def _truth(self, stem: str, answers: str) -> Item:
        judged, why = before_and_after("#", answers)
        if_wrong, if_right = before_and_after("#", why)
        right = TRUTHS[judged.upper()]
        said = [self._text(if_right), self._text(if_wrong)]
        if_true, if_false = said if right else said[::-1]
        return true_or_false(stem, right=right, if_true=if_true, if_false=if_false)

    def _matching(self, stem: str, answers: str) -> Item:
        pairs = [self._pair(each.strip(" \n\t=")) for each in split_at("=", answers)]
        pairs = [pair for pair in pairs if pair[1]]
        names = distinct(right for _, right, _ in pairs)
        parts = [(self._text(left), names[right], why) for left, right, why in pairs if left]
        if not parts or len(names) < 2:  # noqa: PLR2004
            raise LeftOut(Problem.NO_OPTIONS)
        return Item(
            Kind.MATCHING,
            stem,
            options=tuple(Option(name, self._text(right)) for right, name in names.items()),
            parts=tuple(
                Part(part_id(at), text=left, right=right, why=self._text(why))
                for at, (left, right, why) in enumerate(parts)
            ),
        )

    def _pair(self, written: str) -> tuple[str, str, str]:
        left, arrow, right = written.partition("->")
        if not arrow:
            raise LeftOut(Problem.SYNTAX, put_back(written))
        return left.strip(), *before_and_after("#", right)

    def _short_text(self, stem: str, answers: str) -> Item:
        accepted = []
        for written in split_at("=", answers):
            credit, rest = self._weighed(written.strip().removeprefix("="), Fraction(1))
            value, why = before_and_after("#", rest)
            if value:
                said = self._plain(value)
                accepted.append(Accepted(said, credit, why=self._text(why)))
        if not any(each.credit > 0 for each in accepted):
            raise LeftOut(Problem.NO_KEY)
        part = Part(TEXT, PartKind.TEXT, accepted=tuple(accepted))
        return Item(Kind.SHORT_TEXT, stem, parts=(part,))

    def _number(self, stem: str, answers: str) -> Item:
        accepted = []
        for written in split_at("=~", answers[1:].strip()):
            usual = Fraction(int(not written.startswith("~")))
            credit, rest = self._weighed(written.strip().lstrip("=~"), usual)
            value, why = before_and_after("#", rest)
            if value or why:
                accepted.append(self._accepted_number(value or "*", credit, why))
        if not any(each.credit > 0 for each in accepted):
            raise LeftOut(Problem.NO_KEY)
        part = Part(VALUE, PartKind.NUMBER, accepted=tuple(accepted))
        return Item(Kind.NUMERIC, stem, parts=(part,))

    def _accepted_number(self, written: str, credit: Fraction, why: str) -> Accepted:
        said = self._text(why)
        if written == "*":
            return Accepted("*", credit, why=said)
        low, dots, high = written.partition("..")
        if dots:
            least, most = sorted([_decimal(low), _decimal(high)])
            middle = (least + most) / 2
            return Accepted(_plainly(middle), credit, most - middle, said)
        value, _, tolerance = put_back(written).partition(":")
        return Accepted(
            _plainly(_decimal(value)), credit, abs(_decimal(tolerance or "0")).normalize() + 0, said
        )

    def _ordering(self, stem: str, answers: str) -> Item:
        """As Moodle's ordering plugin writes it: a line of settings, then a line for each."""
        settings, *lines = answers[1:].strip().split("\n")
        texts = [line.strip() for line in lines if line.strip()]
        if len(texts) < 2:  # noqa: PLR2004
            raise LeftOut(Problem.NO_OPTIONS)
        options = tuple(Option(option_id(at), self._text(text)) for at, text in enumerate(texts))
        whole = "ALL_OR_NOTHING" in settings.upper()
        scoring = Scoring.ALL_OR_NOTHING if whole else None
        return Item(Kind.ORDERING, stem, options=options, scoring=scoring)


def _stem(found: Pieces) -> str:
    """The text of a question, with a blank where its braces stood inside a sentence."""
    before, after = found.before.rstrip(), found.after.strip()
    if not after or (_CLOSING.fullmatch(after) and before.endswith(_ENDS_A_SENTENCE)):
        return before
    return f"{found.before}{_BLANK}{found.after.rstrip()}"


def _decimal(written: str) -> Decimal:
    try:
        number = Decimal(put_back(written).strip().replace(",", ".").replace("−", "-"))
    except ArithmeticError as error:
        raise LeftOut(Problem.SYNTAX, put_back(written)) from error
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_POWER:
        raise LeftOut(Problem.SYNTAX, put_back(written))
    return number


_LARGEST_POWER: Final = 30


def _plainly(number: Decimal) -> str:
    """`12.5`, never `1.25E+1`."""
    return f"{number.normalize() + 0:f}"
