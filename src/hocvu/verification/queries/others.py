"""Signatures of somebody else: who signed, by their own certificate, and what was changed since.

Reading files of any origin is dangerous, so it happens in a process of its own that has little
memory, little time and nothing else, and of which only a few run at once. What it says is shown
as what it is: the file's own claims.
"""

import json
import subprocess
import sys
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext as _

from hocvu.kernel.vietnamese import nfc
from hocvu.verification.rules.verdicts import Integrity, OthersSignature, Unreadable

_MODULE = "hocvu.verification.queries.others_process"
_PATIENCE = 8.0  # seconds; the process gives itself less
_MOST_AT_ONCE = 2
_LONGEST_NAME = 200
_places = BoundedSemaphore(_MOST_AT_ONCE)


def signatures_of_others(
    pdf: bytes, *, patience: float = _PATIENCE
) -> tuple[tuple[OthersSignature, ...], Unreadable | None]:
    """The signatures in these bytes, oldest first, or why they were not examined."""
    if not _places.acquire(blocking=False):
        return (), Unreadable.BUSY
    try:
        ended = subprocess.run(  # noqa: S603 — our own module
            [sys.executable, "-I", "-m", _MODULE],
            input=pdf,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            check=False,
            cwd="/",
            env={},
        )
    except subprocess.TimeoutExpired:
        return (), Unreadable.TOO_COMPLEX
    finally:
        _places.release()
    if ended.returncode < 0:  # ended by one of its own limits
        return (), Unreadable.TOO_COMPLEX
    if ended.returncode:
        return (), Unreadable.DAMAGED
    answer = json.loads(ended.stdout)
    if "unreadable" in answer:
        return (), Unreadable(answer["unreadable"])
    return tuple(_signature(each) for each in answer["signatures"]), None


def _signature(said: dict[str, Any]) -> OthersSignature:
    claimed = said["claimed_at"]
    return OthersSignature(
        signer=_shown(said["signer"]) or _("name cannot be read"),
        issuer=_shown(said["issuer"]) or _("name cannot be read"),
        claimed_at=datetime.fromisoformat(claimed) if claimed else None,
        integrity=Integrity(said["integrity"]),
    )


def _shown(name: str) -> str:
    return "".join(each for each in nfc(name) if each.isprintable())[:_LONGEST_NAME]
