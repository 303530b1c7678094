"""The pass of a device: what tells the edge whose answers these are, without asking Django.

`<person>.<issued at, seconds since 1970>.<code>`; the code is an HMAC over both, the attempt and
the session's key, so a pass is worth nothing without the session it was given in, or for another
attempt. It says nothing about whether the session is still open: each write asks the database.
After ten minutes one answer goes through Django again, which looks at the account anew.
"""

import hmac
from dataclasses import dataclass

COOKIE = "exam_pass"
LIFE = 10 * 60  # seconds
_CODE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a genuine pass, and when it was issued (seconds since 1970)."""

    person_id: int
    issued_at: int


def pass_for(
    secret: bytes, *, session: str, attempt_id: int, person_id: int, issued_at: int
) -> str:
    code = _code(secret, session, attempt_id, person_id, issued_at)
    return f"{person_id}.{issued_at}.{code}"


def holder_of(given: str, secret: bytes, *, session: str, attempt_id: int) -> Holder | None:
    """The holder of this pass, if it is genuine and for this attempt and session, however old."""
    person, _, rest = given.partition(".")
    issued, _, code = rest.partition(".")
    if not (_is_number(person) and _is_number(issued) and session):
        return None
    holder = Holder(int(person), int(issued))
    genuine = _code(secret, session, attempt_id, holder.person_id, holder.issued_at)
    return holder if hmac.compare_digest(code.encode(), genuine.encode()) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004 — fits a bigint


def _code(secret: bytes, session: str, attempt_id: int, person_id: int, issued_at: int) -> str:
    said = f"exam-pass/{attempt_id}/{person_id}/{issued_at}/{session}"
    return hmac.digest(secret, said.encode(), "sha256")[:_CODE_BYTES].hex()
