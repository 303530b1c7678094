"""Many questions at once: found in one statement a kind, answered without telling on anybody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hocvu.verification.queries.found import find_many
from hocvu.verification.queries.trust import trust
from hocvu.verification.queries.verification import verify_many
from hocvu.verification.rules.allowances import FOUND, NOT_FOUND, NOT_MATCHED
from hocvu.verification.rules.names import is_same_name
from hocvu.verification.rules.questions import Answer, Question
from hocvu.verification.rules.states import Found
from hocvu.verification.rules.verdicts import NEVER_HEARD_OF, Verdict, Verification


@dataclass(frozen=True)
class Answered:
    """The answers in the order asked, and what they cost."""

    answers: list[Answer]
    cost: int

    @property
    def certificates(self) -> list[int]:
        """Those that were found, to be counted."""
        told = [each.verification for each in self.answers if each.verification is not None]
        return [each.certificate_id for each in told if each.certificate_id is not None]


def answer_all(questions: Sequence[Question]) -> Answered:
    """Answer up to a few hundred questions; whoever is out of allowance is not shown them."""
    found = _found(questions)
    verdicts = verify_many(list(found.values()), trust())
    answers = [
        _answer(question, verdicts[found[question.column_and_value].certificate_id])
        if question.column_and_value in found
        else _nothing(question)
        for question in questions
    ]
    cost = sum(_cost(each) for each in answers)
    return Answered(answers, cost)


def _found(questions: Sequence[Question]) -> dict[tuple[str, str], Found]:
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for question in questions:
        column, value = question.column_and_value
        wanted[column].append(value)
    return {
        (column, value): found
        for column, values in wanted.items()
        for value, found in find_many(column, values).items()
    }


def _answer(question: Question, verification: Verification) -> Answer:
    facts = verification.facts
    if question.full_name and not (facts and is_same_name(question.full_name, facts.full_name)):
        return Answer(None, None)
    is_told = not question.serial_number and verification.verdict is not Verdict.ALTERED
    return Answer(verification, facts if is_told else None)


def _nothing(question: Question) -> Answer:
    """A serial number that nobody has is answered as one that somebody else has."""
    return Answer(None, None) if question.serial_number else Answer(NEVER_HEARD_OF, None)


def _cost(answer: Answer) -> int:
    if answer.verification is None:
        return NOT_MATCHED
    return NOT_FOUND if answer.verification.certificate_id is None else FOUND
