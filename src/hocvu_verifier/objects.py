"""PDF objects (ISO 32000-2, 7.3), read as strictly as revisions need it: no repairs, no guesses.

What a lenient reader would mend is where published attacks live (duplicate keys, objects without
an end, comments between tokens). Here it is refused with `Unreadable`.
"""

import re
import sys
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from hocvu_verifier.refusals import NotVerified


class Unreadable(NotVerified):
    """The structure of the file is not one that can be followed without guessing."""

    in_vietnamese = "Không đọc được cấu trúc của tệp một cách chắc chắn."
    in_english = "The structure of the file cannot be followed with certainty."


class Name(bytes):
    """`/Name`, without its slash."""


class Ref(NamedTuple):
    """`12 0 R`."""

    number: int
    generation: int


@dataclass(frozen=True)
class String:
    """A string, and where it stands from its first delimiter to behind its last."""

    octets: bytes
    start: int
    end: int
    is_hex: bool

    def __eq__(self, other: object) -> bool:
        return isinstance(other, String) and self.octets == other.octets

    def __hash__(self) -> int:
        return hash(self.octets)


@dataclass(frozen=True)
class Stream:
    """A stream with its bytes as they stand in the file."""

    about: "dict[Name, Item]"
    octets: bytes


Item: TypeAlias = (
    "bool | int | float | Name | Ref | String | list[Item] | dict[Name, Item] | Stream | None"
)


def is_same(one: Item, other: Item) -> bool:
    """Whether two objects are written alike; to Python `true` equals 1, to a reader it does not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Stream) and isinstance(other, Stream):
        return one.octets == other.octets and is_same(one.about, other.about)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return one == other


DEEPEST: Final = 40
ANYWHERE: Final = sys.maxsize
OCTAL_DIGITS: Final = b"01234567"
_BLANK: Final = rb"[\0\t\n\f\r ]*"
_TOKEN: Final = re.compile(
    _BLANK
    + rb"(?:(?P<ref>(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![A-Za-z0-9]))"
    + rb"|(?P<number>[+-]?(?:\d{1,19}(?:\.\d{0,19})?|\.\d{1,19}))(?!\d)"
    + rb"|/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]*)"
    + rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    + rb"|<(?P<hex>[0-9A-Fa-f\0\t\n\f\r ]*)>"
    + rb"|(?P<literal>\()"
    + rb"|(?P<word>true|false|null)(?![A-Za-z0-9]))"
)
_HEAD: Final = re.compile(_BLANK + rb"(\d{1,10}) (\d{1,5}) obj(?![A-Za-z0-9])")
_STREAM: Final = re.compile(_BLANK + rb"stream\r?\n")
_END_STREAM: Final = re.compile(rb"\r?\n?endstream(?![A-Za-z0-9])")
_END: Final = re.compile(_BLANK + rb"endobj(?![A-Za-z0-9])")
_NAME_CODE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_LITERAL_PART: Final = re.compile(rb"[^()\\]+|\\(?:[0-7]{1,3}|\r\n|.)|[()]", re.DOTALL)
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_WORDS: Final[dict[bytes, bool | None]] = {b"true": True, b"false": False, b"null": None}


class Indirect(NamedTuple):
    """`12 0 obj … endobj`, and where it ends."""

    number: int
    generation: int
    item: Item
    end: int


def indirect_at(octets: bytes, at: int, before: int = ANYWHERE) -> Indirect:
    """Read the indirect object that begins at `at`; what it says of itself ends `before`.

    The bytes of a stream may go on behind that: they are not read, only passed over.
    """
    head = _HEAD.match(octets, at)
    if head is None:
        raise Unreadable(f"No object begins at byte {at}.")
    item, end = item_at(octets, head.end(), before=before)
    begins = _STREAM.match(octets, end)
    if begins is not None:
        item, end = _stream_at(octets, begins.end(), item)
    closed = _END.match(octets, end)
    if closed is None:
        raise Unreadable(f"Object {int(head[1])} does not end where it should.")
    return Indirect(int(head[1]), int(head[2]), item, closed.end())


def item_at(  # noqa: PLR0911 - one for each kind
    octets: bytes, at: int, depth: int = 0, *, before: int = ANYWHERE
) -> tuple[Item, int]:
    """Read the object at `at`; return it and where it ends."""
    token = _TOKEN.match(octets, at, before)
    if token is None or depth > DEEPEST or token.lastgroup == "close":
        raise Unreadable(f"Byte {at} cannot be read.")
    kind, end = token.lastgroup, token.end()
    match kind:
        case "ref":
            return Ref(int(token[2]), int(token[3])), end
        case "number":
            text = token["number"]
            return (float(text) if b"." in text else int(text)), end
        case "name":
            return _name(token["name"]), end
        case "hex":
            digits = b"".join(token["hex"].translate(None, b"\0\t\n\f\r ").split())
            digits += b"0" * (len(digits) % 2)
            return String(bytes.fromhex(digits.decode()), token.start("hex") - 1, end, True), end
        case "literal":
            return _literal_at(octets, end, before)
        case "word":
            return _WORDS[token["word"]], end
        case _:
            if token["open"] == b"[":
                return _array_at(octets, end, depth, before)
            return _dictionary_at(octets, end, depth, before)


def _array_at(octets: bytes, at: int, depth: int, before: int) -> tuple[list[Item], int]:
    items: list[Item] = []
    while (close := _closes(octets, at, before, b"]")) is None:
        item, at = item_at(octets, at, depth + 1, before=before)
        items.append(item)
    return items, close


def _dictionary_at(octets: bytes, at: int, depth: int, before: int) -> tuple[dict[Name, Item], int]:
    entries: dict[Name, Item] = {}
    while (close := _closes(octets, at, before, b">>")) is None:
        key, at = item_at(octets, at, depth + 1, before=before)
        if not isinstance(key, Name) or key in entries:
            raise Unreadable(f"A dictionary before byte {at} has a key twice, or none.")
        entries[key], at = item_at(octets, at, depth + 1, before=before)
    return entries, close


def _closes(octets: bytes, at: int, before: int, mark: bytes) -> int | None:
    token = _TOKEN.match(octets, at, before)
    if token is None or token.lastgroup != "close":
        return None
    if token["close"] != mark:
        raise Unreadable(f"Byte {at} cannot be read.")
    return token.end()


def _literal_at(octets: bytes, at: int, before: int) -> tuple[String, int]:
    """Read a literal string (7.3.4.2) whose opening parenthesis stands before `at`."""
    start, open_ones, parts = at - 1, 1, bytearray()
    while True:
        part = _LITERAL_PART.match(octets, at, before)
        if part is None:
            raise Unreadable("A string does not end.")
        at, text = part.end(), part[0]
        if text == b")" and open_ones == 1:
            return String(bytes(parts), start, at, False), at
        open_ones += (text == b"(") - (text == b")")
        parts += _unescaped(text)


def _unescaped(text: bytes) -> bytes:
    if not text.startswith(b"\\"):
        return text
    code = text[1:]
    if code[0] in OCTAL_DIGITS:
        return bytes((int(code, 8) & 0xFF,))
    return b"" if code in (b"\n", b"\r", b"\r\n") else _ESCAPES.get(code, code)


def _name(text: bytes) -> Name:
    return Name(_NAME_CODE.sub(lambda code: bytes.fromhex(code[1].decode()), text))


def _stream_at(octets: bytes, start: int, about: Item) -> tuple[Stream, int]:
    length = about.get(Name(b"Length")) if isinstance(about, dict) else None
    if not isinstance(about, dict) or not isinstance(length, int) or length < 0:
        raise Unreadable("A stream does not say itself how long it is.")
    closed = _END_STREAM.match(octets, start + length)
    if closed is None:
        raise Unreadable("A stream is not as long as it says.")
    return Stream(about, octets[start : start + length]), closed.end()
