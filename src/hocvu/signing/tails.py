"""Writes the tail of each certificate: what differs, and the signature over the whole file.

Form and order of everything are fixed (ISO 32000-1, 7.5.4, 12.8.1; ETSI EN 319 142-1, 6.3): page
content, signature dictionary, cross-reference table, trailer. One `ByteRange` covers the file but
the hole that the message stands in. So a verifier can take the file apart without deciding
anything. Only the tail is hashed for a signature: the form keeps the hash of its prefix.

A second signature (an organisation after a competent person) is an incremental update that adds
one signature dictionary and fills the field that the form planned for it; all bytes before it stay.

Why a crash is safe: nothing is written anywhere. A batch comes back whole or not at all.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol, Self

from hocvu.signing.certificates import name_of
from hocvu.signing.cms import MessageWriter
from hocvu.signing.errors import NotAForm, RoomTooSmall
from hocvu.signing.forms import LARGEST_DICTIONARY, Form, QrPlace
from hocvu.signing.keys.port import Key, Session, require_usable, signatures_over
from hocvu.signing.spelling import moment, text

WIDTH_OF_RANGE: Final = 34  # characters: three numbers of up to ten digits, what ends them, LF
NO_CHANGES: Final = 1  # ISO 32000-1, table 254
SIGNING_ALLOWED: Final = 2
END_OF_TAIL: Final = re.compile(
    rb"/ID \[<([0-9A-F]{32})> <[0-9A-F]{32}>\]\n>>\nstartxref\n([0-9]{1,10})\n%%EOF\n\Z"
)

_RANGE: Final = b"/ByteRange [0 "
_SIGNATURE_OPENS: Final = (
    b"%d 0 obj\n<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n/Contents "
)
_CLOSES: Final = b">>\nendobj\n"
_CERTIFYING: Final = (
    b"/Reference [<</Type /SigRef /TransformMethod /DocMDP "
    b"/TransformParams <</Type /TransformParams /P %d /V /1.2>>>>]\n"
)
_ROWS_OF_SECOND: Final = b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n"


@dataclass(frozen=True)
class QrModules:
    """A QR code: `size` rows of bits, 1 = dark, each row filled up to whole bytes."""

    size: int
    rows: bytes

    @classmethod
    def of(cls, matrix: Sequence[Sequence[int]]) -> Self:
        """Pack rows of modules, as `segno` gives them in its `matrix`."""
        size = len(matrix)
        width = (size + 7) // 8
        packed = (int("".join("1" if each else "0" for each in row), 2) for row in matrix)
        shift = 8 * width - size
        return cls(size, b"".join((row << shift).to_bytes(width, "big") for row in packed))


@dataclass(frozen=True)
class Filling:
    """What differs on one certificate: content-stream operators, QR code, reason for signing."""

    content: bytes
    qr: QrModules | None
    reason: str


@dataclass(frozen=True)
class Words:
    """What the signatures of a batch say beside the reason."""

    location: str
    contact: str


class Timestamps(Protocol):
    """Where proof of time comes from."""

    @property
    def longest(self) -> int:
        """Return how many bytes a token takes at most. Raises when none is to be had."""
        ...

    def over(self, signatures: Sequence[bytes]) -> list[bytes]:
        """Return a token in DER for each signature, or raise."""
        ...


def write_tails(
    form: Form,
    fillings: Sequence[Filling],
    *,
    session: Session,
    words: Words,
    at: datetime,
    timestamps: Timestamps | None = None,
) -> list[bytes]:
    """Return the signed tail of each certificate: all, or an exception that says why none.

    `at` is the claimed time of signing and names its zone; it is written in Vietnam's time.
    """
    require_usable(session.key, at)
    pen = _Pen(form, session.key, words, at, timestamps)
    return pen.signed([pen.first_revision(each) for each in fillings], session)


def write_second_tails(
    form: Form,
    tails: Sequence[bytes],
    *,
    session: Session,
    words: Words,
    reason: str,
    at: datetime,
    timestamps: Timestamps | None = None,
) -> list[bytes]:
    """Return each tail with a second signature behind the first, for a form with two fields."""
    if len(form.fields) == 1:
        raise NotAForm("This form plans no second signature.")
    require_usable(session.key, at)
    pen = _Pen(form, session.key, words, at, timestamps)
    added = pen.signed([pen.second_revision(each, reason) for each in tails], session)
    return [tail + revision for tail, revision in zip(tails, added, strict=True)]


def with_specimen(form: Form, filling: Filling, *, key: Key, words: Words, at: datetime) -> Form:
    """Return the form knowing what its tails look like: they are stored in half of the room.

    The specimen is unsigned and goes into no file; the same one gives the same form.
    """
    draft = _Pen(form, key, words, at, None).first_revision(filling)
    known = form.dictionary + draft.front + draft.back
    return replace(form, dictionary=known[-LARGEST_DICTIONARY:])


@dataclass(frozen=True)
class _Draft:
    """A revision with a hole: what stands before it, behind it, and the hash around it."""

    front: bytes
    back: bytes
    digest: bytes


class _Pen:
    """Writes the revisions of one batch. What all of them repeat is spelled once."""

    def __init__(
        self,
        form: Form,
        key: Key,
        words: Words,
        at: datetime,
        timestamps: Timestamps | None,
    ) -> None:
        self._form, self._timestamps = form, timestamps
        self._algorithm = key.algorithm
        self._messages = MessageWriter(self._algorithm, key.chain)
        self._room = self._messages.longest(timestamps.longest if timestamps else 0)
        signer = text(name_of(key.chain[0]))
        self._who = b"/M %b\n/Name %b\n/Location %b\n" % (moment(at), signer, text(words.location))
        self._contact = b"/ContactInfo %b\n" % text(words.contact)

    def signed(self, drafts: Sequence[_Draft], session: Session) -> list[bytes]:
        """Return the revisions with their signatures in place."""
        attributes = [self._messages.attributes(each.digest) for each in drafts]
        digests = [self._algorithm.digest(each) for each in attributes]
        signatures = signatures_over(session, digests)
        tokens = [b""] * len(drafts)
        if self._timestamps:
            tokens = self._timestamps.over(signatures)
        return [
            self._filled(draft, self._messages.message(attribute, signature, timestamp=token))
            for draft, attribute, signature, token in zip(
                drafts, attributes, signatures, tokens, strict=True
            )
        ]

    def first_revision(self, filling: Filling) -> _Draft:
        form, numbers = self._form, self._form.numbers
        level = NO_CHANGES if len(form.fields) == 1 else SIGNING_ALLOWED
        drawn = filling.content + drawn_code(form.qr, filling.qr)
        body = content_object(numbers.content, drawn)
        start = len(form.prefix)
        rows = b"%010d 00000 n \n%010d 00000 n \n" % (start, start + len(body))
        name = _identifier(drawn, filling.reason.encode())
        return self._draft(
            before=b"",
            body=body,
            signature=numbers.signatures[0],
            claims=self._claims(filling.reason) + _CERTIFYING % level,
            table=b"xref\n0 %d\n%b%b" % (numbers.size, form.table, rows),
            trailer=self._trailer(b"/Size %d\n" % numbers.size, name, name),
        )

    def second_revision(self, tail: bytes, reason: str) -> _Draft:
        form, numbers = self._form, self._form.numbers
        field, signature = numbers.fields[1], numbers.signatures[1]
        found = END_OF_TAIL.search(tail)
        if found is None or b"\n/Prev " in tail[found.start() - 100 :]:
            raise NotAForm("This is not a tail that waits for its second signature.")
        body = b"%d 0 obj\n%b/V %d 0 R\n>>\nendobj\n" % (field, form.second_field, signature)
        start = len(form.prefix) + len(tail)
        size = b"/Size %d\n/Prev %b\n" % (numbers.size + 1, found[2])
        return self._draft(
            before=tail,
            body=body,
            signature=signature,
            claims=self._claims(reason),
            table=_ROWS_OF_SECOND % (field, start, signature, start + len(body)),
            trailer=self._trailer(size, found[1], _identifier(tail, reason.encode())),
        )

    def _draft(
        self,
        *,
        before: bytes,
        body: bytes,
        signature: int,
        claims: bytes,
        table: bytes,
        trailer: bytes,
    ) -> _Draft:
        """Lay out a revision behind the prefix and `before`, and hash all but the hole."""
        front = body + _SIGNATURE_OPENS % signature
        hole_at = len(self._form.prefix) + len(before) + len(front)
        goes_on = hole_at + 2 * self._room + 2
        table_at = goes_on + 1 + len(_RANGE) + WIDTH_OF_RANGE + len(claims) + len(_CLOSES)
        end = b"%b%b%bstartxref\n%d\n%%%%EOF\n" % (_CLOSES, table, trailer, table_at)
        length = table_at - len(_CLOSES) + len(end) - goes_on
        stated = b"%d %d %d]" % (hole_at, goes_on, length)
        back = b"\n%b%b\n%b%b" % (_RANGE, stated.ljust(WIDTH_OF_RANGE - 1), claims, end)
        state = self._form.midstate(self._algorithm.hash_name)
        for part in (before, front, back):
            state.update(part)
        return _Draft(front, back, state.digest())

    def _filled(self, draft: _Draft, message: bytes) -> bytes:
        if len(message) > self._room:
            raise RoomTooSmall("The signature message is larger than the room kept for it.")
        hole = message.hex().upper().encode("ascii").ljust(2 * self._room, b"0")
        return b"%b<%b>%b" % (draft.front, hole, draft.back)

    def _claims(self, reason: str) -> bytes:
        return b"%b/Reason %b\n%b" % (self._who, text(reason), self._contact)

    def _trailer(self, size: bytes, first_name: bytes, name: bytes) -> bytes:
        numbers = self._form.numbers
        info = b"/Info %d 0 R\n" % numbers.info if numbers.info is not None else b""
        root = b"/Root %d 0 R\n" % numbers.root
        return b"trailer\n<<\n%b%b%b/ID [<%b> <%b>]\n>>\n" % (size, root, info, first_name, name)


def content_object(number: int, drawn: bytes) -> bytes:
    """Return the content stream of a tail, as it is: `Form.pack` deflates the tail as a whole."""
    return b"%d 0 obj\n<</Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        number,
        len(drawn),
        drawn,
    )


def drawn_code(place: QrPlace | None, modules: QrModules | None) -> bytes:
    """Return the operators that draw the code: an image mask in one piece (8.9.7).

    In hexadecimal, so that no module row can look like the end of the image.
    """
    if (modules is None) is not (place is None):
        raise NotAForm("The form and the certificate disagree about a QR code.")
    if modules is None or place is None:
        return b""
    matrix = b"%.2f 0 0 %.2f %.2f %.2f cm" % (place.side, place.side, place.x, place.y)
    return b"\nq 0 g %b\nBI /W %d /H %d /IM true /D [1 0] /F /AHx ID\n%b>\nEI\nQ\n" % (
        matrix,
        modules.size,
        modules.size,
        modules.rows.hex().encode("ascii"),
    )


def _identifier(*parts: bytes) -> bytes:
    """Return a file identifier (ISO 32000-1, 14.4): the same file has the same one."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32].upper().encode("ascii")
