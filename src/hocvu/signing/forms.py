"""A form: everything that all certificates of one campaign have in common, as the front of a file.

A signed certificate is `prefix + tail` and one revision of a PDF file (ISO 32000-1, 7.5): the
prefix holds the page's unchanging part, the typefaces, the signature fields; the tail (`tails`)
holds what differs, the signature, the cross-reference table and the trailer. The prefix is stored
once and hashed once: SHA-2 can go on from where it stopped.

Invariant: a form never changes. Its name is the hash of all of it.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final, Protocol, Self

from hocvu.signing.errors import NotAForm

MAGIC: Final = b"HOCVU-FORM-1\n"
SIZE_OF_LENGTH: Final = 4  # bytes
LEVEL: Final = 3  # of deflating: the highest takes half as long again for 6 % less
LARGEST_DICTIONARY: Final = 32_000  # bytes; zlib looks back 32 KiB
LARGEST_TAIL: Final = 1 << 20  # bytes; a stored tail that unpacks to more is not one of ours


class FontObjects(Protocol):
    """A typeface to be carried in the prefix."""

    @property
    def name(self) -> str:
        """Return the name that content streams call it by, for example "V0"."""
        ...

    def objects(self, first: int) -> Sequence[bytes]:
        """Return the bodies of consecutive PDF objects; `first` numbers the font dictionary."""
        ...


@dataclass(frozen=True)
class QrPlace:
    """Where the QR code's modules go, in points from the page's lower left corner."""

    x: float
    y: float
    side: float


@dataclass(frozen=True)
class SignatureField:
    """A place for a signature: (x, y, width, height) in points, or nothing to be seen."""

    name: str
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Numbers:
    """Which PDF object has which number."""

    root: int
    info: int | None
    content: int
    signatures: tuple[int, ...]  # one for each field
    fields: tuple[int, ...]

    @property
    def size(self) -> int:
        """Return what the trailer of the first revision states: one more than its last object."""
        return self.signatures[0] + 1


@dataclass(frozen=True)
class Form:
    """The unchanging front of many certificates. Made by `compile_form`."""

    prefix: bytes
    offsets: tuple[int, ...]  # of objects 1, 2, … in the prefix
    numbers: Numbers
    fields: tuple[SignatureField, ...]
    second_field: bytes  # dictionary of the second field, open at its end; empty when there is none
    qr: QrPlace | None
    dictionary: bytes  # what stored tails are likely to repeat

    @cached_property
    def id(self) -> str:
        """Return the SHA-256 of `to_bytes()`, in hexadecimal."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def file(self, tail: bytes) -> bytes:
        """Return the whole signed PDF file."""
        return self.prefix + tail

    def sha256(self, tail: bytes) -> str:
        """Return the SHA-256 of the whole file in hexadecimal, without hashing the prefix again."""
        state = self.midstate("sha256")
        state.update(tail)
        return state.hexdigest()

    def midstate(self, hash_name: str) -> "hashlib._Hash":
        """Return the hash of the prefix, ready to go on."""
        if hash_name not in self._midstates:
            self._midstates[hash_name] = hashlib.new(hash_name, self.prefix)
        return self._midstates[hash_name].copy()

    @cached_property
    def _midstates(self) -> "dict[str, hashlib._Hash]":
        return {}

    @cached_property
    def table(self) -> bytes:
        """Return the rows of the cross-reference table for the prefix (ISO 32000-1, 7.5.4)."""
        rows = (b"%010d 00000 n \n" % offset for offset in self.offsets)
        return b"0000000000 65535 f \n" + b"".join(rows)

    def pack(self, tail: bytes) -> bytes:
        """Return a tail as it is stored: without what every tail of this form repeats."""
        packer = zlib.compressobj(level=LEVEL, wbits=-15, zdict=self.dictionary)
        return packer.compress(tail) + packer.flush()

    def unpack(self, packed: bytes) -> bytes:
        """Return the tail that was packed, byte for byte."""
        unpacker = zlib.decompressobj(wbits=-15, zdict=self.dictionary)
        try:
            tail = unpacker.decompress(packed, LARGEST_TAIL)
        except zlib.error as other:
            raise NotAForm("This tail was not packed with this form.") from other
        if not unpacker.eof or unpacker.unused_data:
            raise NotAForm("This tail was not packed with this form.")
        return tail

    def to_bytes(self) -> bytes:
        """Return the form as it is stored."""
        head = {
            "offsets": self.offsets,
            "numbers": asdict(self.numbers),
            "fields": [asdict(each) for each in self.fields],
            "second_field": self.second_field.decode("latin-1"),
            "qr": asdict(self.qr) if self.qr else None,
            "dictionary": len(self.dictionary),
        }
        described = json.dumps(head, sort_keys=True, separators=(",", ":")).encode("ascii")
        length = len(described).to_bytes(SIZE_OF_LENGTH, "big")
        return MAGIC + length + described + self.dictionary + self.prefix

    @classmethod
    def from_bytes(cls, octets: bytes) -> Self:
        """Read what `to_bytes` wrote."""
        try:
            return cls._read(octets)
        except (ValueError, KeyError, TypeError) as other:
            raise NotAForm("These bytes are not a stored form.") from other

    @classmethod
    def _read(cls, octets: bytes) -> Self:
        if not octets.startswith(MAGIC):
            raise NotAForm("These bytes are not a stored form.")
        start = len(MAGIC) + SIZE_OF_LENGTH
        end = start + int.from_bytes(octets[len(MAGIC) : start], "big")
        head: dict[str, Any] = json.loads(octets[start:end])
        numbers = head["numbers"]
        prefix_from = end + head["dictionary"]
        return cls(
            prefix=octets[prefix_from:],
            offsets=tuple(head["offsets"]),
            numbers=Numbers(
                numbers["root"],
                numbers["info"],
                numbers["content"],
                tuple(numbers["signatures"]),
                tuple(numbers["fields"]),
            ),
            fields=tuple(
                SignatureField(each["name"], tuple(each["box"]) if each["box"] else None)
                for each in head["fields"]
            ),
            second_field=head["second_field"].encode("latin-1"),
            qr=QrPlace(**head["qr"]) if head["qr"] else None,
            dictionary=octets[end:prefix_from],
        )
