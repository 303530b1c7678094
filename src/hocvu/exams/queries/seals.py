"""Whether the stored answers of an attempt are those that were handed in, and how one can know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from hocvu.exams import rules
from hocvu.exams.models import Answer, Attempt, LateAnswer, SealedDay
from hocvu.exams.queries.receipts import answers_of, digest_of, digest_of_late, link_of
from hocvu.exams.queries.sealed_tree import proof_in
from hocvu.register.checkpoint import VerifierKey, open_checkpoint
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import Proof, TreeHead, leaf_hash, verify_inclusion

PUBLIC_KEY_FILE = "exams.verifier"


def origin() -> str:
    """The name under which days are signed."""
    return f"{settings.REGISTER_ORIGIN}/exams"


def origin_of(day: date) -> str:
    return f"{origin()}/{day.isoformat()}"


def leaf_of(seal: bytes) -> bytes:
    """An attempt in the tree of its day."""
    return leaf_hash(seal)


def public_key() -> VerifierKey | None:
    """The key of all days, under its own name; none where no day was ever sealed, or it is lost."""
    file = Path(settings.AUTHORITY_FOLDER) / PUBLIC_KEY_FILE
    if not file.exists():
        return None
    return VerifierKey.from_text(file.read_text(encoding="utf-8").removesuffix("\n"))


def verifier_of(day: date) -> VerifierKey | None:
    """The key by which the note of a day is recognised."""
    key = public_key()
    return VerifierKey(origin_of(day), key.public_bytes) if key is not None else None


@dataclass(frozen=True)
class SealProof:
    """Where the seal of an attempt stands in the tree of its day, and the way up to the head."""

    day: date
    index: int
    size: int
    root: bytes
    proof: Proof
    note: str


def proof_of(attempt: Attempt) -> SealProof | None:
    """None until the day of the attempt has been sealed. Three queries; reads one or two pages."""
    if attempt.seal is None or attempt.sealed_in_id is None:
        return None
    sealed = SealedDay.objects.get(pk=attempt.sealed_in_id)
    index = attempt.sealed_as or 0
    proof = proof_in(sealed, index)
    return SealProof(sealed.day, index, sealed.size, bytes(sealed.root), proof, sealed.note)


# --- Checking ----------------------------------------------------------------------------------


class Step(StrEnum):
    """What is checked of an attempt, in this order."""

    DIGESTS = "digests"  # each answer is the one its digest was made of
    CHAINS = "chains"  # each link follows from every answer given to its question
    SEAL = "seal"  # the links are those that were sealed at the hand-in
    RECEIPT = "receipt"  # the receipt somebody kept is the one of this seal
    DAY = "day"  # the seal stands in the tree of its day
    SIGNATURE = "signature"  # the head of that tree is the one that was signed


@dataclass(frozen=True)
class AnswerLink:
    """A standing answer held against what was stored beside it."""

    question_id: int
    given: int  # how often the question was answered
    digest_holds: bool
    link_holds: bool


@dataclass(frozen=True)
class AnswerCheck:
    """What was found of an attempt; a step that could not be taken, or not yet, is missing."""

    attempt: Attempt
    receipt: str  # empty while it is under way
    late: int  # answers that came late and were decided to count
    links: tuple[AnswerLink, ...]  # by rising question
    steps: dict[Step, bool]
    proof: SealProof | None

    @property
    def is_intact(self) -> bool:
        return all(self.steps.values())

    @property
    def is_certain(self) -> bool:
        """Nothing that could be checked by now was left out: the public key was at hand."""
        return self.proof is None or Step.SIGNATURE in self.steps


def check_answers(attempt: Attempt, *, kept: str = "") -> AnswerCheck:
    """Work everything out again from the stored answers. `kept`: a receipt somebody holds.

    Seven queries at most. Answers that were let count later are taken off the chains first.
    """
    answers = answers_of([attempt.pk]).get(attempt.pk, [])
    late = {digest_of_late(each) for each in late_that_count([attempt.pk])}
    steps = stored_steps(attempt, answers, late)
    found = proof_of(attempt)
    receipt = rules.seal_receipt(bytes(attempt.seal)) if attempt.seal is not None else ""
    if receipt and kept:
        steps[Step.RECEIPT] = rules.is_receipt(kept, receipt)
    if found is not None:
        steps[Step.DAY] = _is_included(bytes(attempt.seal or b""), found)
        signed = is_signed(found.day, found.note, TreeHead(found.size, found.root))
        steps |= {} if signed is None else {Step.SIGNATURE: signed}
    links = tuple(_link_checked(each) for each in answers)
    return AnswerCheck(attempt, receipt, len(late), links, steps, found)


def late_that_count(attempt_ids: Iterable[int]) -> list[LateAnswer]:
    return list(LateAnswer.objects.filter(attempt__in=list(attempt_ids), counts=True))


def stored_steps(attempt: Attempt, answers: list[Answer], late: set[bytes]) -> dict[Step, bool]:
    """What can be said of an attempt from its own rows. `late`: digests that were let count."""
    links = [_link_checked(each) for each in answers]
    steps = {
        Step.DIGESTS: all(each.digest_holds for each in links),
        Step.CHAINS: all(each.link_holds for each in links),
    }
    if attempt.seal is not None:
        seal = rules.seal_of(attempt.seed, _links(answers, late))
        steps[Step.SEAL] = seal == bytes(attempt.seal)
    elif attempt.sealed_in_id is not None:
        steps[Step.SEAL] = False  # its day was sealed with a seal, which is gone
    return steps


def _link_checked(answer: Answer) -> AnswerLink:
    """An answer from before the chain has neither digest nor link: its seal alone speaks for it."""
    chain, digest = _chain(answer), bytes(answer.digest)
    return AnswerLink(
        answer.question_id,
        len(chain),
        digest_holds=not digest or digest == digest_of(answer),
        link_holds=not digest or rules.link_over(chain) == link_of(answer),
    )


def _chain(answer: Answer) -> list[bytes]:
    """The digests of every answer given to a question, oldest first."""
    return [*rules.digests_in(bytes(answer.earlier)), bytes(answer.digest) or digest_of(answer)]


def _links(answers: Iterable[Answer], late: set[bytes]) -> list[tuple[int, bytes]]:
    """The last link of every question answered before the hand-in."""
    links = ((each.question_id, rules.link_before(_chain(each), late)) for each in answers)
    return [(question_id, link) for question_id, link in links if link]


def _is_included(seal: bytes, found: SealProof) -> bool:
    try:
        head = TreeHead(found.size, found.root)
        verify_inclusion(leaf_of(seal), found.index, found.proof, head)
    except RegisterRefusal:
        return False
    return True


def is_signed(day: date, note: str, head: TreeHead) -> bool | None:
    """Whether the note says this head of the day, signed by the key of all days; none: no key."""
    try:
        key = verifier_of(day)
        return None if key is None else open_checkpoint(note, [key]).head == head
    except RegisterRefusal:
        return False
