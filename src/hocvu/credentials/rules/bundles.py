"""What people hand in: single files, or several in one zip archive."""

import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

_ZIP_BEGINS: Final = b"PK\x03\x04"


class BundleIsUnreadable(ValueError):
    """The archive is damaged, is locked, or holds more than anybody hands in."""


def unpacked(name: str, content: bytes, *, most: int, largest: int) -> list[tuple[str, bytes]]:
    """The files in an archive, or the one file itself.

    At most `most` files of `largest` bytes each: what an archive announces is not believed, and
    what would grow beyond that is not read.
    """
    if not content.startswith(_ZIP_BEGINS):
        return [(name, content)]
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) > most:
                raise BundleIsUnreadable(name)
            return [
                (PurePosixPath(each.filename).name, _read(archive, each, largest))
                for each in members
            ]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as other:
        raise BundleIsUnreadable(name) from other


def packed(files: list[tuple[str, bytes]]) -> bytes:
    """An archive of these files; PDF files are packed inside already, so nothing is deflated."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
    return written.getvalue()


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, largest: int) -> bytes:
    with archive.open(member) as stream:
        content = stream.read(largest + 1)
    if len(content) > largest:
        raise BundleIsUnreadable(member.filename)
    return content
