"""Sealed days for everybody, and the receipt of one attempt checked to the last step."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hocvu.exams import rules
from hocvu.exams.models import Attempt, SealedDay, Sitting
from hocvu.exams.queries.inclusion import Joined, way_up
from hocvu.exams.queries.seals import AnswerCheck, AnswerLink, check_answers, leaf_of
from hocvu.papers.models import BlueprintCell, PaperQuestion


def sealed_days() -> QuerySet[SealedDay]:
    """Public: a day, how many attempts, and the hash over their seals; nothing about anybody."""
    return SealedDay.objects.all()


def sealed_day(written: str) -> SealedDay | None:
    """The day written `2026-11-21`, and so only."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return SealedDay.objects.filter(day=day).first() if str(day) == written else None


def has_receipt(sealed: SealedDay, typed: str) -> bool:
    """Whether an attempt of this day has this receipt. One look into an index."""
    seals = rules.seals_with_receipt(typed)
    return seals is not None and sealed.attempts.filter(seal__range=seals).exists()


def root_in_words(sealed: SealedDay) -> str:
    """As it stands in the note."""
    return base64.b64encode(bytes(sealed.root)).decode()


# --- Numbers of questions ----------------------------------------------------------------------


def numbering_of(sitting: Sitting) -> Callable[[Attempt], dict[int, int]]:
    """For any attempt of this sitting: the number each question has on its page. Two queries."""
    paper = sitting.paper
    rows = PaperQuestion.objects.filter(paper=paper).order_by("position", "pk")
    fixed = list(rows.values_list("question_id", "section_id"))
    cells = BlueprintCell.objects.filter(paper=paper).order_by("position")
    drawn = [cell.section_id for cell in cells for _ in range(cell.questions)]

    def numbers(attempt: Attempt) -> dict[int, int]:
        form = list(zip(attempt.form, drawn, strict=True)) if attempt.form else fixed
        parts: list[tuple[int | None, list[int]]] = []
        for question_id, section in form:
            if not parts or parts[-1][0] != section:
                parts.append((section, []))
            parts[-1][1].append(question_id)
        shown = []
        for _section, asked in parts:
            mixed = rules.shuffled(asked, asked, seed=attempt.seed) if paper.shuffle else asked
            shown.extend(mixed)
        return {question_id: number for number, question_id in enumerate(shown, start=1)}

    return numbers


# --- One receipt -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReceiptPage:
    """Everything by which the receipt of an attempt can be checked, in the order it is read."""

    check: AnswerCheck
    seal: str  # hexadecimal
    leaf: str
    links: tuple[tuple[int, AnswerLink], ...]  # by the number of their question
    way: tuple[Joined, ...]

    @property
    def position(self) -> int:
        """Which one of its day it is, from 1."""
        return self.check.proof.index + 1 if self.check.proof else 0


def receipt_page(attempt: Attempt) -> ReceiptPage:
    """Of an attempt that was handed in, with `sitting.paper` at hand. Nine queries at most."""
    check = check_answers(attempt)
    seal = bytes(attempt.seal or b"")
    numbers = numbering_of(attempt.sitting)(attempt)
    links = [(numbers[each.question_id], each) for each in check.links]
    leaf, way = leaf_of(seal), []
    if (found := check.proof) is not None:
        way = way_up(leaf, found.index, found.size, found.proof)
    return ReceiptPage(
        check, seal.hex(), leaf.hex(), tuple(sorted(links, key=lambda each: each[0])), tuple(way)
    )
