"""What a check can find, and what the events of the root register make of a certificate.

Nothing is VALID unless every step held. What cannot be checked is UNKNOWN, never VALID.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum


class Verdict(Enum):
    """The values are those of the design's five marks, and of the interface for programs."""

    VALID = "valid"
    REVOKED = "revoked"
    CORRECTED = "superseded"  # another edition counts from now on
    ALTERED = "altered"
    UNKNOWN = "unknown"


class Step(Enum):
    """What was checked, in order."""

    FOUND = "found"  # the number is in the root register
    SIGNATURE = "signature"  # the file's signature is about these bytes
    CHAIN = "chain"  # an authority we trust stands behind the signer, who might sign that day
    TIMESTAMP = "timestamp"  # the time is attested; only where the file carries a time stamp
    SAME_FILE = "same_file"  # the file is the registered one
    RECORD = "record"  # the record is what the log committed to
    IN_LOG = "in_log"  # every entry about it is in the signed log
    NOTHING_MISSING = "nothing_missing"  # no later entry, which might revoke it, was taken away
    NOT_REVOKED = "not_revoked"
    NOT_CORRECTED = "not_corrected"


class Tampering(Enum):
    """What is wrong with a file, and where."""

    NOT_A_PDF = "not_a_pdf"
    NOT_SIGNED = "not_signed"
    SIGNATURE_REMOVED = "signature_removed"
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    COVERS_ONLY_A_PART = "covers_only_a_part"
    ADDED_BEHIND = "added_behind"  # the registered file stands there whole, with more behind it
    ADDED_AFTER_SIGNING = "added_after_signing"
    ANOTHER_SIGNATURE = "another_signature"
    NOT_OURS = "not_ours"  # signed, by somebody we do not vouch for
    NOT_REGISTERED = "not_registered"  # signed with our key, and yet in no register
    CERTIFICATE_NOT_VALID = "certificate_not_valid"
    TIMESTAMP_NOT_VALID = "timestamp_not_valid"
    NOT_OUR_FORM = "not_our_form"


class Integrity(Enum):
    """What can be said about somebody else's signature without trusting anybody."""

    INTACT = "intact"
    ADDED_TO = "added_to"  # what was signed still stands there, with additions behind it
    BROKEN = "broken"
    WEAK = "weak"  # it rests on a method that can be forged: it proves nothing
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class OthersSignature:
    """A signature that is not ours, as its own certificate names it. We vouch for none of it."""

    signer: str
    issuer: str
    claimed_at: datetime | None
    integrity: Integrity


class Unreadable(Enum):
    """Why the signatures of somebody else's file were not examined."""

    TOO_COMPLEX = "too_complex"  # took too long, or too much memory
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"  # nothing in it can be read without a password
    ANOTHER_FORM = "another_form"  # signed, if at all, in a way nobody should use any more
    BUSY = "busy"  # too many such files at once


@dataclass(frozen=True)
class PublicFacts:
    """The least a stranger needs to compare a certificate with its holder (Law 91/2025)."""

    full_name: str
    programme: str
    issuer: str
    domain: str
    serial_number: str
    decision: str
    issued_on: date
    changed_at: datetime | None = None  # of the last status, where it is not in force
    change_reason: str = ""
    copy_number: str = ""  # of a copy from the root register
    # Of a file signed after the decision by whoever was in office then; else nothing.
    decision_signer: str = ""
    file_signer: str = ""


@dataclass(frozen=True)
class Verification:
    verdict: Verdict
    held: tuple[Step, ...]
    failed: Step | None
    facts: PublicFacts | None
    tampering: Tampering | None = None
    bytes_added: int = 0  # behind the registered file
    signatures: tuple[OthersSignature, ...] = ()
    unreadable: Unreadable | None = None
    certificate_id: int | None = field(default=None, compare=False)  # told to nobody; to count


NEVER_HEARD_OF = Verification(Verdict.UNKNOWN, (), Step.FOUND, None)


def status_after(events: Iterable[str]) -> Step | None:
    """Which of the last two steps fails after these events, oldest first; None: in force.

    Reinstating takes back a revocation, not a correction; a file made anew and a duplicate leave
    things as they are. An event nobody knows cannot be judged: `KeyError`.
    """
    revoked = corrected = False
    for event in events:
        match event:
            case "revoke":
                revoked = True
            case "reinstate":
                revoked = False
            case "supersede":
                corrected = True
            case "issue" | "reissue" | "duplicate":
                pass
            case _:
                raise KeyError(event)
    if revoked:
        return Step.NOT_REVOKED
    return Step.NOT_CORRECTED if corrected else None
