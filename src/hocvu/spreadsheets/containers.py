"""What a file is, by its first bytes, and how large it truly is inside."""

import enum
import io
import struct
import zipfile
import zlib
from typing import Final

from hocvu.spreadsheets.markup import is_markup
from hocvu.spreadsheets.refusals import (
    LARGEST_CONTENT,
    LARGEST_FILE,
    SpreadsheetIsUnreadable,
    UnreadableReason,
)

_CHUNK: Final = 1024 * 1024
_MOST_MEMBERS: Final = 5_000
_LOCAL_HEADER_LENGTH: Final = 30
_ENCRYPTED: Final = 0x1

_SIGNATURES: Final = (
    (b"%PDF", UnreadableReason.PDF),
    (b"\x89PNG", UnreadableReason.IMAGE),
    (b"\xff\xd8\xff", UnreadableReason.IMAGE),
    (b"GIF8", UnreadableReason.IMAGE),
    (b"BM", UnreadableReason.IMAGE),
    (b"II*\x00", UnreadableReason.IMAGE),
    (b"MM\x00*", UnreadableReason.IMAGE),
    (b"{\\rtf", UnreadableReason.WORD_DOCUMENT),
    (b"Rar!", UnreadableReason.ARCHIVE),
    (b"7z\xbc\xaf", UnreadableReason.ARCHIVE),
    (b"\x1f\x8b", UnreadableReason.ARCHIVE),
)
_BINARY_ONLY: Final = (b"BM", b"\x1f\x8b")  # signatures too short to trust in a text file


class FileFormat(enum.Enum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    MARKUP = "markup"  # a web page, a web archive, or Excel 2003 in XML
    TEXT = "text"


def format_of(content: bytes) -> FileFormat:
    """The format behind the bytes. Raises SpreadsheetIsUnreadable for all else."""
    if len(content) > LARGEST_FILE:
        raise SpreadsheetIsUnreadable(UnreadableReason.TOO_LARGE, limit=LARGEST_FILE)
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise SpreadsheetIsUnreadable(UnreadableReason.EMPTY)
    if content.startswith(b"PK"):
        return _format_of_zip(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _format_of_compound(content)
    for signature, reason in _SIGNATURES:
        if content.startswith(signature) and (
            signature not in _BINARY_ONLY or b"\x00" in content[:64]
        ):
            raise SpreadsheetIsUnreadable(reason)
    if is_markup(content):
        return FileFormat.MARKUP
    return FileFormat.TEXT


def _format_of_zip(content: bytes) -> FileFormat:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename.replace("\\", "/") for member in members}
            manifest = b""
            _refuse_a_bomb(content, members)
            if "META-INF/manifest.xml" in names:
                manifest = archive.read("META-INF/manifest.xml")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError) as damage:
        raise SpreadsheetIsUnreadable(UnreadableReason.DAMAGED) from damage
    except (KeyError, RuntimeError) as damage:
        raise SpreadsheetIsUnreadable(UnreadableReason.PASSWORD_PROTECTED) from damage
    if b"encryption-data" in manifest:
        raise SpreadsheetIsUnreadable(UnreadableReason.PASSWORD_PROTECTED)
    lowered = {name.lower() for name in names}
    if "xl/workbook.xml" in lowered:
        return FileFormat.XLSX
    if "content.xml" in names and b"opendocument.spreadsheet" in manifest:
        return FileFormat.ODS
    if "word/document.xml" in lowered or b"opendocument.text" in manifest:
        raise SpreadsheetIsUnreadable(UnreadableReason.WORD_DOCUMENT)
    if "[content_types].xml" in lowered or manifest:
        raise SpreadsheetIsUnreadable(UnreadableReason.UNKNOWN_FORMAT)
    raise SpreadsheetIsUnreadable(UnreadableReason.ARCHIVE)


def _refuse_a_bomb(content: bytes, members: list[zipfile.ZipInfo]) -> None:
    """First the declared sizes, then the real ones: a header may lie."""
    declared = sum(member.file_size for member in members)
    if declared > LARGEST_CONTENT or len(members) > _MOST_MEMBERS:
        raise SpreadsheetIsUnreadable(UnreadableReason.EXPANDS_TOO_MUCH, limit=LARGEST_CONTENT)
    left = LARGEST_CONTENT
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise SpreadsheetIsUnreadable(UnreadableReason.PASSWORD_PROTECTED)
        left -= _true_size(content, member, left)
        if left < 0:
            raise SpreadsheetIsUnreadable(UnreadableReason.EXPANDS_TOO_MUCH, limit=LARGEST_CONTENT)


def _true_size(content: bytes, member: zipfile.ZipInfo, limit: int) -> int:
    """Bytes the member unpacks to, giving up once it passes the limit."""
    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    header = content[member.header_offset :][:_LOCAL_HEADER_LENGTH]
    if len(header) < _LOCAL_HEADER_LENGTH:
        raise zipfile.BadZipFile
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    start = member.header_offset + _LOCAL_HEADER_LENGTH + name_length + extra_length
    packed = memoryview(content)[start : start + member.compress_size]
    unpacker, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    pending: bytes | memoryview = packed
    while pending and size <= limit and not unpacker.eof:
        size += len(unpacker.decompress(pending, _CHUNK))
        pending = unpacker.unconsumed_tail
    return size


def _format_of_compound(content: bytes) -> FileFormat:
    """Old Office files name their streams in UTF-16 in a directory somewhere in the file."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise SpreadsheetIsUnreadable(UnreadableReason.PASSWORD_PROTECTED)
    if holds("WordDocument"):
        raise SpreadsheetIsUnreadable(UnreadableReason.WORD_DOCUMENT)
    if holds("Workbook\0") or holds("Book\0"):
        return FileFormat.XLS
    raise SpreadsheetIsUnreadable(UnreadableReason.UNKNOWN_FORMAT)
