"""What is printed on a certificate, gathered before anything is typeset."""

from dataclasses import dataclass
from datetime import date, datetime

from hocvu.recognition.models import RecognitionDecision
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.recognition.rules.holders import Holder

CODE_LENGTH = 16


@dataclass(frozen=True)
class Common:
    """What all certificates of a decision say."""

    kind: str  # a value of `CertificateKind`
    issuer_name: str
    programme: str
    programme_english: str
    programme_code: str
    starts_on: date
    ends_on: date
    mode: str  # a value of `courses.Mode`
    text: DecisionText
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
    return Common(
        decision.kind,
        decision.issuer.name,
        decision.programme_name,
        programme.name_en if programme.name == decision.programme_name else "",
        programme.code,
        decision.starts_on,
        decision.ends_on,
        decision.mode,
        decision.text,
        decision.issued_at,
    )
