"""What other institutions have seen of the register, and what they answered last."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from hocvu.register.auditing import EarlierHead
from hocvu.register.checkpoint import open_checkpoint
from hocvu.register.cosignature import cosignatures_on
from hocvu.register.errors import RegisterRefusal
from hocvu.register.note import SignedNote
from hocvu.register.publishing import cosigned_sizes
from hocvu.register.tiles import cosigned_path
from hocvu.trust.queries.believed import known_witnesses, register_keys

WITNESS_ANSWERS = Path("witness-answers.json")


@dataclass(frozen=True)
class WitnessAnswer:
    """What a witness said when it was asked last: nothing in `trouble` means it cosigned."""

    witness: str
    size: int  # of the head it was asked to cosign
    at: datetime
    trouble: str = ""
    disowns: bool = False  # it knows a longer log, or another history


def last_answers() -> list[WitnessAnswer]:
    """One of every witness that was ever asked, in the order of their names."""
    file = settings.REGISTER_FOLDER / WITNESS_ANSWERS
    if not file.exists():
        return []
    answers = json.loads(file.read_bytes())
    return [WitnessAnswer(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in answers]


def written(answers: Iterable[WitnessAnswer]) -> bytes:
    rows = sorted((asdict(each) for each in answers), key=lambda each: str(each["witness"]))
    return json.dumps([{**row, "at": row["at"].isoformat()} for row in rows], indent=1).encode()


def heads_seen_by_witnesses() -> list[EarlierHead]:
    """Every published head that a known witness cosigned, and when; the smallest first.

    Heads that are not genuinely signed and cosigned say nothing and are left out.
    """
    keys, witnesses = register_keys(), [each.key for each in known_witnesses()]
    heads = []
    for size in cosigned_sizes(settings.REGISTER_FOLDER):
        try:
            note = (settings.REGISTER_FOLDER / cosigned_path(size)).read_text(encoding="utf-8")
            head = open_checkpoint(note, keys).head
            seen = cosignatures_on(SignedNote.from_text(note), witnesses)
        except (RegisterRefusal, OSError, UnicodeDecodeError):
            continue
        if seen:
            latest = max(seen, key=lambda each: each.at)
            heads.append(EarlierHead(head, latest.witness.name, latest.at))
    return heads
