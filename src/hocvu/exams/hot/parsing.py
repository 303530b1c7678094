"""The body of a delivery, read strictly: what is not exactly so is left to the form."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from uuid import UUID

_NUMBER = re.compile(rb"[1-9][0-9]{0,14}")  # below 2**53, what a browser counts exactly
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIELDS = frozenset({b"question", b"sequence", b"client_id"})
_MOST_LINES = 200
_LONGEST_LINE = 60_000


@dataclass(frozen=True, slots=True)
class Sent:
    question_id: int
    chosen: tuple[str, ...]  # sorted
    sequence: int
    client_id: UUID


def sent_in(body: bytes) -> Sent | None:
    """The answer in a form-encoded body, or nothing if it is not in the plainest form."""
    single: dict[bytes, bytes] = {}
    lines: list[str] = []
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        if name == b"chosen":
            line = _text(value)
            if not line or len(line) > _LONGEST_LINE or len(lines) == _MOST_LINES:
                return None
            lines.append(line)
        elif name not in _FIELDS or name in single:
            return None
        else:
            single[name] = value
    if len(single) < len(_FIELDS):
        return None
    question, sequence, client_id = single[b"question"], single[b"sequence"], single[b"client_id"]
    if not (
        _NUMBER.fullmatch(question) and _NUMBER.fullmatch(sequence) and _UUID.fullmatch(client_id)
    ):
        return None
    return Sent(int(question), tuple(sorted(lines)), int(sequence), UUID(client_id.decode()))


def _text(value: bytes) -> str:
    """Empty for what is not UTF-8: no line is empty."""
    if b"+" in value or b"%" in value:
        value = unquote_to_bytes(value.replace(b"+", b" "))
    try:
        return value.decode()
    except UnicodeDecodeError:
        return ""
