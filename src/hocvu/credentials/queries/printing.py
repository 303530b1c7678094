"""What is printed on a certificate, gathered before anything is typeset."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from hocvu.credentials.rules.office import InOffice
from hocvu.kernel.vietnamese import fold
from hocvu.recognition.models import RecognitionDecision
from hocvu.recognition.queries.heads import head_of
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.recognition.rules.holders import Holder

CODE_LENGTH = 16


@dataclass(frozen=True)
class Common:
    """What all certificates of a decision say."""

    kind: str  # a value of `CertificateKind`
    issuer_name: str  # as it was called on the day of the decision
    superior_name: str  # of the agency directly above it; "" where there is none
    programme: str
    programme_english: str
    programme_code: str
    starts_on: date
    ends_on: date
    mode: str  # a value of `courses.Mode`
    text: DecisionText  # who signs the file, where that is not the decision's own signer
    issued_on: date  # the day printed above the signature
    decided_at: datetime  # when it took effect: the moment inside the page that all share


@dataclass(frozen=True)
class Numbered:
    """A certificate's own numbers; `code` as it is stored, `place` in the lists of revocations."""

    serial_number: str
    entry_number: str
    code: str
    place: tuple[int, int] | None = None


@dataclass(frozen=True)
class ToPrint:
    """One certificate before it is a file. `reference`: the ruling a new edition rests on."""

    common: Common
    holder: Holder
    numbered: Numbered
    reference: str = ""


def common_of(decision: RecognitionDecision) -> Common:
    """What all certificates of a decision say, as it read when it was decided."""
    programme = decision.training_class.programme
    head = head_of(decision.issuer, decision.decided_on)
    return Common(
        decision.kind,
        head.issuer,
        head.superior,
        decision.programme_name,
        programme.name_en if programme.name == decision.programme_name else "",
        programme.code,
        decision.starts_on,
        decision.ends_on,
        decision.mode,
        decision.text,
        decision.decided_on,
        decision.issued_at,
    )


def common_of_later_file(
    decision: RecognitionDecision, signer: InOffice | None, *, on: date
) -> Common:
    """The same for a file signed after a decision, by whoever is in office on that day.

    Where that is not the decision's own signer, their name stands under that day, and the decision
    is named as what it rests on: nobody is made to have signed when they did not.
    """
    common = common_of(decision)
    if signer is None or fold(signer.name) == fold(decision.signer_name):
        return common
    text = replace(
        common.text,
        capacity=signer.capacity,
        signer_title=signer.written_title,
        signer_name=signer.name,
    )
    return replace(common, text=text, issued_on=on)
