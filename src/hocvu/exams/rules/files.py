"""Which files can be handed in, told by what they hold and not by what they are called."""

import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from pathlib import PurePosixPath
from uuid import UUID

LARGEST_FILE = 10 * 1024 * 1024  # bytes
LONGEST_NAME = 150  # characters
USUAL_KINDS = (".pdf", ".docx", ".odt", ".xlsx", ".pptx", ".jpg", ".png", ".txt")


class FileFlaw(Enum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND_NOT_TAKEN = "kind_not_taken"
    NOT_WHAT_IT_SAYS = "not_what_it_says"


@dataclass(frozen=True)
class SentFile:
    """A file as a device sends it, with the number and the name of the answer it makes."""

    name: str
    content: bytes
    sequence: int
    client_id: UUID


@dataclass(frozen=True)
class FileKind:
    """A kind of file: what a browser is told, and how its content is recognised."""

    content_type: str
    is_held_by: Callable[[bytes], bool]


def _starts(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signs)


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _office(member: str) -> Callable[[bytes], bool]:
    """A zip archive with this member, and without macros."""

    def is_held_by(content: bytes) -> bool:
        names = _members(content)
        return member in names and not any(name.endswith("vbaProject.bin") for name in names)

    return is_held_by


def _members(content: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return frozenset()


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
KINDS = {
    ".pdf": FileKind("application/pdf", _starts(b"%PDF-")),
    ".docx": FileKind(f"{_OPEN_XML}.wordprocessingml.document", _office("word/document.xml")),
    ".xlsx": FileKind(f"{_OPEN_XML}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    ".pptx": FileKind(f"{_OPEN_XML}.presentationml.presentation", _office("ppt/presentation.xml")),
    ".odt": FileKind("application/vnd.oasis.opendocument.text", _office("content.xml")),
    ".jpg": FileKind("image/jpeg", _starts(b"\xff\xd8\xff")),
    ".jpeg": FileKind("image/jpeg", _starts(b"\xff\xd8\xff")),
    ".png": FileKind("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    ".zip": FileKind("application/zip", _starts(b"PK\x03\x04")),
    ".txt": FileKind("text/plain", _is_text),
}


def kinds_taken(wanted: Collection[str]) -> tuple[str, ...]:
    """The endings a question takes: those it names, or the usual ones."""
    named = tuple(kind.lower() for kind in wanted if kind.lower() in KINDS)
    return named or USUAL_KINDS


def ending_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def flaw_in_file(name: str, content: bytes, wanted: Collection[str]) -> FileFlaw | None:
    """Why this file cannot be handed in for a question that takes these kinds."""
    if not content:
        return FileFlaw.EMPTY
    if len(content) > LARGEST_FILE:
        return FileFlaw.TOO_LARGE
    ending, taken = ending_of(name), kinds_taken(wanted)
    if ending not in taken and not (ending == ".jpeg" and ".jpg" in taken):
        return FileFlaw.KIND_NOT_TAKEN
    return None if KINDS[ending].is_held_by(content) else FileFlaw.NOT_WHAT_IT_SAYS


def file_name(given: str) -> str:
    """The last part of a name, without what would harm a header, its ending kept."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?').strip()
    ending = ending_of(plain)
    return (plain.removesuffix(ending)[: LONGEST_NAME - len(ending)] or "file") + ending
