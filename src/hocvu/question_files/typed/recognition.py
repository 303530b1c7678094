"""Finds questions in typed lines, the way Vietnamese teachers type them."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from hocvu.kernel.vietnamese import fold
from hocvu.question_files.gathering.answer_words import (
    judgements,
    key_letters,
    leading_letter,
    numbered_in_table,
    numbered_letters,
)
from hocvu.question_files.typed.drafts import Draft, Mode, split_choices
from hocvu.question_files.typed.lines import Block, Line, Table, table_html
from hocvu.question_files.typed.signs import (
    ANSWERS,
    END,
    EXPLANATION,
    GROUP,
    INSTRUCTIONS,
    KEY_LINE,
    LEVEL,
    LONGEST_HEADING,
    MARKING_GUIDE,
    NUMBERED,
    PART,
    POINTS,
    QUESTION,
    ROMAN,
    RUBRIC,
    RULE,
    TAG,
    TAG_NAMES,
    TO_READ,
    mode_in,
)


class Recognition:
    """Goes through a document once. `drafts` are the questions in their order."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = list(blocks)
        self.drafts: list[Draft] = []
        self.headings: list[tuple[int, str]] = []
        self._draft: Draft | None = None
        self._into = "stem"
        self._part, self._category, self._mode = "", "", Mode.UNSAID
        self._groups: list[tuple[int, int, list[Line | str]]] = []
        self._answers = False
        self._answered: Draft | None = None
        self._named = any(self._is_named(block) for block in self._blocks)
        self._at = 0  # the block that is being read

    def drafted(self) -> list[Draft]:
        for at, block in enumerate(self._blocks):
            self._at = at
            if isinstance(block, Table):
                self._table(block)
            else:
                self._line(block)
        for first, last, situation in self._groups:
            for draft in self.drafts:
                if first <= draft.number <= last and not draft.situation:
                    draft.situation = list(situation)
        return self.drafts

    @staticmethod
    def _is_named(block: Block) -> bool:
        lines = (
            [block]
            if isinstance(block, Line)
            else [line for row in block.rows for cell in row for line in cell]
        )
        return any(QUESTION.match(line.text) for line in lines)

    # --- Lines ---------------------------------------------------------------------------------

    def _line(self, line: Line) -> None:
        text = line.text
        if not text.strip() or RULE.fullmatch(text):
            return
        if END.fullmatch(text):
            self._close()
        elif self._is_heading(line):
            self._heading(line)
        elif self._starts_answers(text):
            self._close()
            self._answers, self._answered, self._part = True, None, ""
        elif pairs := numbered_letters(text):
            for number, letter in pairs:
                self._answer(number, letter)
        elif not self._start(line):
            self._inside(line)

    def _is_heading(self, line: Line) -> bool:
        text = line.text.strip()
        if len(text) > LONGEST_HEADING or QUESTION.match(text):
            return False
        if part := PART.match(text):
            said = text.startswith(("PHẦN", "PART", "SECTION")) or line.heading
            return said or not part[2].strip() or part[2].lstrip()[0] in ".:)–-("
        roman = ROMAN.match(text)
        if roman and self._expected_place() > 0 and not self._is_not_choice(line):
            return False  # "B. Kể một câu chuyện trả lời ngắn" stands where option B is due
        if roman and mode_in(roman[2]) is not Mode.UNSAID:
            return text.upper() == text or len(roman[1]) > 1 or self._expected_place() != 0
        if roman and roman[1] not in "ABCDE" and roman[2].strip() and roman[2].upper() == roman[2]:
            return any(sign.isalpha() for sign in roman[2])
        return line.heading and not NUMBERED.match(text) and self._is_not_choice(line)

    def _expected_place(self) -> int:
        return len(self._draft.choices) if self._draft else -1

    def _is_not_choice(self, line: Line) -> bool:
        return self._draft is None or not split_choices(line, self._expected_place(), lower=None)[1]

    def _heading(self, line: Line) -> None:
        text = " ".join(line.text.split())
        self._close()
        if (found := PART.match(text)) or (found := ROMAN.match(text)):
            self._part = found[1].upper()
        if self._answers and self._starts_answers(text):
            return
        if self._answers:
            return
        if self._starts_answers(text):
            self._answers, self._part = True, ""
            return
        self._category = INSTRUCTIONS.split(text)[0].strip()
        self._mode = mode_in(text)
        self._named = self._named_in_this_part() or (self._named and not PART.match(text))
        self.headings.append((line.number, text))

    def _named_in_this_part(self) -> bool:
        """Whether its questions are named: one part of a paper may say `Câu 1`, the next `1.`"""
        for block in self._blocks[self._at + 1 :]:
            if self._is_named(block):
                return True
            if isinstance(block, Line) and PART.match(block.text):
                return False
        return False

    def _starts_answers(self, text: str) -> bool:
        """A line of its own that opens the answers of the whole paper."""
        if not self.drafts or len(text) > LONGEST_HEADING:
            return False
        if MARKING_GUIDE.fullmatch(text) and text.strip().rstrip(":").isupper():
            return True
        if not ANSWERS.fullmatch(text):
            return False
        rest = KEY_LINE.match(text)
        alone = rest is None or not text[rest.end() :].strip()
        in_capitals = text.strip().isupper() and not text.strip().endswith(":")
        return alone and (in_capitals or self._draft is None or len(text.split()) > 2)  # noqa: PLR2004

    def _start(self, line: Line) -> bool:
        text = line.text
        found = (QUESTION if self._named else NUMBERED).match(text)
        if not found:
            return False
        number = int(found[1])
        if self._answers:
            self._answered = self._of_number(number, "")
            if self._answered is not None:
                self._explained(self._answered, line.cut(found.end()))
            return True
        if not self._named and not self._in_order(number):
            return False
        self._begin(line, number, found)
        return True

    def _in_order(self, number: int) -> bool:
        last = self.drafts[-1].number if self.drafts else 0
        return number == last + 1 or (number == 1 and self._draft is None)

    def _begin(self, line: Line, number: int, found: re.Match[str]) -> None:
        draft = Draft(
            number, line.number, part=self._part, category=self._category, mode=self._mode
        )
        self.drafts.append(draft)
        self._draft, self._into = draft, "stem"
        start = found.group(0)
        rest = line.cut(found.end())
        if points := POINTS.search(start) or POINTS.match(rest.text):
            draft.points = Decimal(points[1].replace(",", "."))
        if taken := POINTS.match(rest.text):
            rest = rest.cut(taken.end())
        if level := LEVEL.search(start) or LEVEL.match(rest.text.lstrip()):
            draft.tags.append(f"level:{level[1]}")
        if taken := re.match(rf"\s*{LEVEL.pattern}\s*[.:]?\s*", rest.text, re.IGNORECASE):
            rest = rest.cut(taken.end())
        if (points or level) and (taken := re.match(r"[\s.:)]+", rest.text)):
            rest = rest.cut(taken.end())
        self._inside(rest)

    def _inside(self, line: Line) -> None:
        """A line that belongs to the question before it, to a group, or to nothing."""
        if not line.text.strip():
            return
        if self._answers:
            if self._answered is not None:
                self._explained(self._answered, line)
            return
        if self._opens_group(line):
            return
        draft = self._draft
        if draft is None:
            self._outside(line)
            return
        if tag := TAG.fullmatch(line.text):
            draft.tags.append(f"{TAG_NAMES[fold(tag[1])]}:{' '.join(tag[2].split())}")
        elif found := KEY_LINE.match(line.text):
            self._key(draft, line, found)
        elif found := RUBRIC.match(line.text):
            self._into = "rubric"
            self._put(draft, line.cut(found.end()))
        elif found := EXPLANATION.match(line.text):
            self._into = "explanation"
            self._put(draft, line.cut(found.end()))
        else:
            self._content(draft, line)

    def _outside(self, line: Line) -> None:
        """Words between questions: instructions, or something to read before a group."""
        if self._groups and self._into == "group":
            self._groups[-1][2].append(line)
        elif (
            (mode := mode_in(line.text)) is not Mode.UNSAID and self._mode is Mode.UNSAID
        ) or mode is Mode.JUDGE:
            self._mode = mode

    def _opens_group(self, line: Line) -> bool:
        found = GROUP.search(line.text)
        words = fold(line.text).split()
        if not found or not words or words[0] not in TO_READ:
            return False
        first, last = int(found[1]), int(found[2])
        if first >= last:
            return False
        self._close()
        self._groups.append((first, last, []))
        self._into = "group"
        return True

    def _content(self, draft: Draft, line: Line) -> None:
        if self._into in {"explanation", "rubric"}:
            self._put(draft, line)
            return
        lower = draft.choices[0].letter.islower() if draft.choices else None
        before, choices = split_choices(line, len(draft.choices), lower=lower)
        if not choices and draft.choices and draft.keys:
            self._into = "explanation"
        if before.text.strip():
            self._put(draft, before)
        draft.choices.extend(choices)

    def _put(self, draft: Draft, line: Line) -> None:
        if not line.text.strip():
            return
        if self._into == "explanation":
            draft.explanation.append(line)
        elif self._into == "rubric":
            draft.rubric.append(line)
        elif draft.choices:
            draft.choices[-1].lines.append(line)
        else:
            draft.stem.append(line)

    def _key(self, draft: Draft, line: Line, found: re.Match[str]) -> None:
        rest = line.cut(found.end())
        explained = EXPLANATION.search(rest.text)
        if explained and explained.start() > 0:
            self._key_text(draft, rest.cut(0, explained.start()))
            self._into = "explanation"
            self._put(draft, rest.cut(explained.end()))
            return
        self._key_text(draft, rest)

    def _key_text(self, draft: Draft, rest: Line) -> None:
        text = rest.text.strip()
        if not text:
            return
        if draft.mode is Mode.ESSAY and not draft.choices:
            self._into = "explanation"
            self._put(draft, rest)
            return
        whole = key_letters(text) is not None or judgements(text, len(draft.choices)) is not None
        if draft.choices and not whole and (leading := leading_letter(text)):
            draft.keys.append(text[0] if text[0].isalpha() else text[1])
            self._into = "explanation"
            self._put(draft, rest.cut(len(rest.text) - len(leading[1])))
            return
        draft.keys.append(text)

    def _close(self) -> None:
        self._draft, self._into = None, "stem"

    # --- Answers at the end --------------------------------------------------------------------

    def _answer(self, number: int, key: str) -> None:
        draft = self._of_number(number, key)
        if draft is not None and key.strip():
            draft.keys.append(key.strip())

    def _of_number(self, number: int, key: str) -> Draft | None:
        """The question an answer belongs to; where numbers begin anew, its part and kind decide."""
        same = [draft for draft in self.drafts if draft.number == number]
        if len(same) > 1 and self._answers and self._part:
            same = [draft for draft in same if draft.part == self._part] or same
        if len(same) > 1 and key:
            letters = key_letters(key) is not None
            fitting = [
                draft
                for draft in same
                if not draft.keys
                and bool(draft.choices) == letters
                and draft.mode is not Mode.JUDGE
            ]
            same = fitting or same
        return next((draft for draft in same if not draft.keys), same[0] if same else None)

    def _explained(self, draft: Draft, line: Line) -> None:
        """A line of the answers about one question: its key first, then why."""
        text = line.text.strip()
        found = KEY_LINE.match(line.text)
        if found:
            self._into = "stem"
            self._key(draft, line, found)
        elif not draft.keys and text:
            self._into = "explanation" if draft.explanation else "stem"
            if draft.explanation or (draft.mode is Mode.ESSAY and not draft.choices):
                draft.explanation.append(line)
            else:
                self._key_text(draft, line)
        elif (start := EXPLANATION.match(line.text)) is not None:
            if line.cut(start.end()).text.strip():
                draft.explanation.append(line.cut(start.end()))
        elif text:
            draft.explanation.append(line)

    # --- Tables --------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        texts = [["\n".join(line.text for line in cell) for cell in row] for row in table.rows]
        lines = [line for row in table.rows for cell in row for line in cell if line.text.strip()]
        if self.drafts and (pairs := numbered_in_table(texts)):
            self._close()
            for number, key in pairs:
                self._answer(number, key)
        elif self._holds_questions(lines):
            for line in lines:
                self._line(line)
        elif self._draft is not None and not self._answers:
            self._own_table(self._draft, table, lines)
        elif self._into == "group" and self._groups:
            self._groups[-1][2].append(table_html(table))

    def _holds_questions(self, lines: Sequence[Line]) -> bool:
        pattern = QUESTION if self._named else NUMBERED
        return not self._answers and any(pattern.match(line.text) for line in lines[:3])

    def _own_table(self, draft: Draft, table: Table, lines: Sequence[Line]) -> None:
        """Options laid out in cells, or a table that belongs to the question."""
        expected = len(draft.choices)
        if lines and split_choices(lines[0], expected, lower=None)[1]:
            for line in lines:
                self._inside(line)
        elif draft.choices or self._into != "stem":
            draft.table_lost = True
        else:
            draft.stem.append(table_html(table))
