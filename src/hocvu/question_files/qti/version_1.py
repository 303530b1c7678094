"""Items of QTI 1.2, as Canvas, Blackboard, D2L and Respondus still write them.

IMS Question & Test Interoperability, ASI Information Model 1.2: `presentation` shows `material` and
responses (`response_lid`: labels to choose, `response_str`: words to write), `resprocessing` marks,
`itemfeedback` explains. What a program means by it stands in its metadata (`question_type`).
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hocvu.items.answers import TEXT, VALUE
from hocvu.items.content import Accepted, Item, Kind, Markup, Option, Part, PartKind, Scoring
from hocvu.items.text import to_plain
from hocvu.kernel.vietnamese import nfc
from hocvu.question_files.findings import Problem, Reading
from hocvu.question_files.gathering.collecting import Collector, choice, option_id, part_id
from hocvu.question_files.gathering.gathered import LeftOut, Notes
from hocvu.question_files.gathering.picture_links import nothing_beside
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.tree import children
from hocvu.question_files.qti.version_1_keys import Rule, exact_number, scored, why_of
from hocvu.question_files.qti.version_1_shown import Find, Label, Shown

QUESTIONS: Final = "questestinterop"
_NAMED_GAPS: Final = frozenset({"multiple_dropdowns_question", "fill_in_multiple_blanks_question"})
_NEEDS_A_KEY: Final = frozenset(
    {"short_answer_question", "numerical_question", "fill in the blank"}
)
_NUMBERS: Final = frozenset({"integer", "decimal", "scientific"})
_NOT_ASKED: Final = frozenset({"text_only_question"})
_UNKNOWN: Final = frozenset({"calculated_question", "calculated", "hot spot", "jumbled sentence"})
_LEAST: Final = 2
_GAP_NAME: Final = re.compile(r"\[([^\[\]\s]{1,80})\]")


def read_version_1(roots: Iterable[tuple[Element, Find]]) -> Reading:
    """Every item of these documents; `Find` gives a picture beside the document it is in."""
    found = Collector()
    for root, find in roots:
        for element in root.iter("item"):
            reader = _Item(element, find, found.pictures)
            if reader.is_text:
                found.passed_over(0, reader.title or element.get("ident", ""))
            else:
                found.question(0, reader.read, reader.title or element.get("ident", ""))
    return found.reading("utf-8")


def alone(root: Element) -> Reading:
    """A document that comes without the files beside it."""
    return read_version_1([(root, nothing_beside)])


class _Item(Shown):
    """One item as a question of ours."""

    @property
    def is_text(self) -> bool:
        return self.kind in _NOT_ASKED or (
            not self.responses and self.kind != "file_upload_question"
        )

    def read(self, notes: Notes) -> Item:
        self.start(notes)
        if self.kind in _UNKNOWN:
            raise LeftOut(Problem.UNKNOWN_KIND, self.kind)
        if any(rule.lost for rule in self.rules):
            notes.warn(Problem.FEATURE_LOST, "resprocessing")
        feedback = {
            each.get("ident", ""): self.within(each)
            for each in children(self.element, "itemfeedback")
        }
        self._why = why_of(self.rules, feedback)
        asked = self._asked()
        labels = {each.get("ident", "") for each in self.element.iter("responselabel")}
        of_labels = {text for name, text in self._why.items() if name in labels}
        rest = [text for text in dict.fromkeys(feedback.values()) if text not in of_labels]
        whole = replace(
            asked,
            stem=asked.stem or self.put(self.stem()),
            points=self.points(),
            feedback=self.put("".join(f"<p>{text}</p>" for text in rest)),
            name=self.title if self.title.lower() != "question" else "",
            category=self.category(),
            foreign_id=nfc(self.element.get("ident", "")),
        )
        return self.texts.settled(whole)

    # --- Kinds -----------------------------------------------------------------------------------

    def _asked(self) -> Item:
        names = {str(each.tag) for each in self.responses}
        if self.kind == "file_upload_question" or not self.responses:
            return Item(Kind.FILE, "")
        if names == {"responselid"} and len(self.responses) == 1 and self.kind not in _NAMED_GAPS:
            return self._chosen(self.responses[0])
        if names <= {"responselid", "responsegrp"} and self._named_gaps():
            return self._gaps()
        if names <= {"responselid", "responsegrp"}:
            return self._matched()
        if names <= {"responsestr", "responsenum"}:
            return self._words() if len(self.responses) == 1 else self._blanks()
        raise LeftOut(Problem.UNKNOWN_KIND, self.kind or "+".join(sorted(names)))

    def _chosen(self, response: Element) -> Item:
        labels = self.labels(response)
        if response.get("rcardinality", "").lower() == "ordered":
            return self._ordered(response, labels)
        item = Item(
            Kind.SINGLE,
            "",
            options=tuple(
                Option(
                    option_id(at),
                    self.put(label.text),
                    why=self.put(self._why.get(label.ident, "")),
                )
                for at, label in enumerate(labels)
            ),
            shuffle=self.shuffles(response),
        )
        many = response.get("rcardinality", "").lower() == "multiple"
        whole = [rule for rule in scored(self.rules) if len(rule.wanted) > 1 or rule.unwanted]
        if many and whole and not whole[0].adds:
            return _exactly(item, labels, whole[0], self.notes)
        return choice(self._credited(item, labels, many=many), self.notes, takes_many=many)

    def _credited(self, item: Item, labels: list[Label], *, many: bool) -> Item:
        earned: dict[str, Fraction] = {}
        for rule in self.rules:
            if len(rule.wanted) == 1 and rule.score:
                name = rule.wanted[0].value
                earned[name] = max(earned.get(name, rule.score), rule.score)
        right = [score for score in earned.values() if score > 0]
        whole = sum(right, Fraction(0)) if many else max(right, default=Fraction(0))
        credits_ = [earned.get(label.ident, Fraction(0)) / (whole or 1) for label in labels]
        options = zip(item.options, credits_, strict=True)
        return replace(item, options=tuple(replace(o, credit=each) for o, each in options))

    def _ordered(self, response: Element, labels: list[Label]) -> Item:
        places = {label.ident: label for label in labels}
        rule = next((rule for rule in scored(self.rules) if len(rule.wanted) > 1), None)
        order = [each.value for each in rule.wanted] if rule else []
        if sorted(order) != sorted(places):
            raise LeftOut(Problem.NO_KEY, response.get("ident", ""))
        return Item(
            Kind.ORDERING,
            "",
            options=tuple(
                Option(option_id(at), self.put(places[ident].text))
                for at, ident in enumerate(order)
            ),
        )

    def _matched(self) -> Item:
        """Each response is a left side; its labels are the right sides, the same for all."""
        names: dict[str, str] = {}
        texts: dict[str, str] = {}
        parts: list[Part] = []
        for response in self.responses:
            labels = {label.ident: label.text for label in self.labels(response)}
            for text in labels.values():
                names.setdefault(text, option_id(len(names)))
                texts.setdefault(text, self.put(text))
            right = [labels.get(each.value) for each, _ in self.values(response)]
            left = self.put(self.left_side(response))
            if right and right[0] is not None and left:
                parts.append(Part(part_id(len(parts)), text=left, right=names[right[0]]))
            elif left:
                raise LeftOut(Problem.NO_KEY, self.title)
        if not parts or len(names) < _LEAST:
            raise LeftOut(Problem.NO_OPTIONS, self.title)
        options = tuple(Option(name, texts[text]) for text, name in names.items())
        return Item(Kind.MATCHING, "", options=options, parts=tuple(parts))

    def _named_gaps(self) -> bool:
        """`[colour]` stands in the text, and a response is named after it."""
        standing = set(_GAP_NAME.findall(self.stem()))
        return self.kind in _NAMED_GAPS or {_gap_name(each) for each in self.responses} <= standing

    def _gaps(self) -> Item:
        writes = self.kind == "fill_in_multiple_blanks_question"
        stem, parts = self.stem(), []
        marks = [f"[{_gap_name(each)}]" for each in self.responses]
        if not any(mark in stem for mark in marks):  # named otherwise: they stand in their order
            marks = [f"[{name}]" for name in _GAP_NAME.findall(stem)]
        if len(marks) != len(self.responses):
            raise LeftOut(Problem.SYNTAX, self.title)
        for at, (response, mark) in enumerate(zip(self.responses, marks, strict=True)):
            if mark not in stem:
                raise LeftOut(Problem.SYNTAX, mark)
            stem = stem.replace(mark, f"[[{part_id(at)}]]", 1)
            labels = self.labels(response)
            parts.append(
                self._gap_to_write(at, labels) if writes else self._gap(at, response, labels)
            )
        return Item(Kind.CLOZE, self.put(stem), parts=tuple(parts))

    def _gap_to_write(self, at: int, labels: list[Label]) -> Part:
        """Every label of such a gap is an accepted answer."""
        words = dict.fromkeys(_plain(label.text) for label in labels if label.text)
        if not words:
            raise LeftOut(Problem.NO_KEY, self.title)
        return Part(part_id(at), PartKind.TEXT, accepted=tuple(map(Accepted, words)))

    def _gap(self, at: int, response: Element, labels: list[Label]) -> Part:
        right = {each.value for each, _ in self.values(response)}
        if not right & {label.ident for label in labels}:
            raise LeftOut(Problem.NO_KEY, _gap_name(response))
        options = tuple(
            Option(option_id(place), self.put(label.text), credit=Fraction(label.ident in right))
            for place, label in enumerate(labels)
        )
        key = next(each.id for each in options if each.right)
        return Part(part_id(at), right=key, options=options)

    def _words(self) -> Item:
        """Words or a number to write; people mark what no condition compares."""
        response = self.responses[0]
        ident = response.get("ident", "")
        values = list(self.values(response))
        ranges = [rule for rule in scored(self.rules) if ident in rule.lower]
        if not values and not ranges:
            if self.kind in _NEEDS_A_KEY:
                raise LeftOut(Problem.NO_KEY, self.title)
            return Item(Kind.ESSAY, "")
        fields = [each.get("fibtype", "").lower() for each in response.iter("renderfib")]
        if self.kind == "numerical_question" or ranges or set(fields) & _NUMBERS:
            accepted = tuple(_numbers(ident, scored(self.rules)))
            part = Part(VALUE, PartKind.NUMBER, accepted=accepted)
            return Item(Kind.NUMERIC, "", parts=(part,))
        part = Part(TEXT, PartKind.TEXT, accepted=self._accepted(response))
        matters = any(each.case_matters for each, _ in values)
        return Item(Kind.SHORT_TEXT, "", parts=(part,), case_matters=matters)

    def _blanks(self) -> Item:
        """Several fields to write in, where they stand among the words."""
        parts = []
        for at, response in enumerate(self.responses):
            accepted = self._accepted(response)
            if not accepted:
                raise LeftOut(Problem.NO_KEY, self.title)
            parts.append(Part(part_id(at), PartKind.TEXT, accepted=accepted))
        return Item(Kind.CLOZE, self.put(self.stem(gaps=True)), parts=tuple(parts))

    def _accepted(self, response: Element) -> tuple[Accepted, ...]:
        values = list(self.values(response))
        most = max((score for _, score in values), default=Fraction(1))
        credits_: dict[str, Fraction] = {}
        for each, score in values:
            credits_.setdefault(_plain(each.value), score / most)
        return tuple(Accepted(word, credit) for word, credit in credits_.items() if word)


def _exactly(item: Item, labels: list[Label], rule: Rule, notes: Notes) -> Item:
    """These and no others, or nothing: what one condition over all choices says."""
    right = {each.value for each in rule.wanted}
    options = zip(item.options, labels, strict=True)
    marked = tuple(replace(o, credit=Fraction(label.ident in right)) for o, label in options)
    checked = choice(replace(item, options=marked), Notes(), takes_many=False)
    if len(right) == len(labels):
        notes.warn(Problem.TOO_MANY_KEYS)
    return replace(checked, kind=Kind.MULTIPLE, scoring=Scoring.ALL_OR_NOTHING)


def _numbers(ident: str, rules: list[Rule]) -> Iterable[Accepted]:
    """Numbers with what may be missed; a range without a number means its middle."""
    most = max(rule.score for rule in rules)
    for rule in rules:
        lower, upper = rule.lower.get(ident), rule.upper.get(ident)
        exact = [n for each in rule.wanted if (n := exact_number(each.value)) is not None]
        if lower is not None and upper is not None:
            middle = exact[0] if exact else (lower + upper) / 2
            exact, missed = [middle], max(middle - lower, upper - middle)
        else:
            missed = Fraction(0)
        for value in exact:
            yield Accepted(_decimal(value), rule.score / most, Decimal(_decimal(missed)))


def _decimal(value: Fraction) -> str:
    return format(round(Decimal(value.numerator) / Decimal(value.denominator), 12).normalize(), "f")


def _gap_name(response: Element) -> str:
    return response.get("ident", "").removeprefix("response_")


def _plain(html: str) -> str:
    return " ".join(to_plain(html, Markup.HTML).split())
