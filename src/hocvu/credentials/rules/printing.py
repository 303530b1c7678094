"""What is printed on a certificate, gathered before anything is typeset."""

from dataclasses import dataclass
from datetime import date, datetime

from hocvu.credentials.rules.decision_text import DecisionText
from hocvu.credentials.rules.holders import Holder


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
