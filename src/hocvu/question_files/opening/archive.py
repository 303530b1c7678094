"""Zip files as people send them: their true size is bounded before anything in them is used."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable
from typing import Final

from hocvu.question_files.findings import FileProblem

LARGEST_FILE: Final = 100 * 1024**2
_MOST_MEMBERS: Final = 20_000
_LARGEST_CONTENT: Final = 400 * 1024**2
_LARGEST_MEMBER: Final = 50 * 1024**2
_HIGHEST_RATIO: Final = 200  # questions are text: it packs to a tenth, never to a thousandth
_RATIO_MATTERS_FROM: Final = 1024**2
_ENCRYPTED: Final = 0x1
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_OF_NO_INTEREST: Final = ("__MACOSX/", ".DS_Store")


class FileIsUnreadable(Exception):
    """A file as a whole is refused; `detail` names the member or the place, never its content."""

    def __init__(self, problem: FileProblem, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.detail = detail


class Archive:
    """The files of a zip by their path. Raises FileIsUnreadable for a bomb, a lock or an escape."""

    def __init__(self, content: bytes) -> None:
        if len(content) > LARGEST_FILE:
            raise FileIsUnreadable(FileProblem.TOO_LARGE)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._members = _members(self._zip.infolist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as damage:
            raise FileIsUnreadable(FileProblem.BAD_ARCHIVE) from damage
        self._left = _LARGEST_CONTENT
        self._lowered = {path.lower(): path for path in self._members}

    @property
    def paths(self) -> list[str]:
        return list(self._members)

    def found(self, path: str) -> str | None:
        """The member a path means, whatever the case of its letters."""
        return path if path in self._members else self._lowered.get(path.lower())

    def read(self, path: str) -> bytes:
        """What a member holds: never more than the bounds say, whatever its header says."""
        member = self._members[path]
        try:
            with self._zip.open(member) as opened:
                content = opened.read(min(_LARGEST_MEMBER, self._left) + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as damage:
            raise FileIsUnreadable(FileProblem.BAD_ARCHIVE, path) from damage
        self._left -= len(content)
        if len(content) > _LARGEST_MEMBER or self._left < 0 or _is_a_bomb(member, len(content)):
            raise FileIsUnreadable(FileProblem.TOO_LARGE, path)
        return content


def _members(listed: Iterable[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    declared = 0
    for member in listed:
        path = member.filename.replace("\\", "/")
        if member.is_dir() or path.startswith(_OF_NO_INTEREST) or path.endswith(_OF_NO_INTEREST):
            continue
        declared += member.file_size
        if declared > _LARGEST_CONTENT or len(members) >= _MOST_MEMBERS:
            raise FileIsUnreadable(FileProblem.TOO_LARGE)
        if member.flag_bits & _ENCRYPTED or _escapes(path) or _is_a_bomb(member, member.file_size):
            raise FileIsUnreadable(FileProblem.BAD_ARCHIVE, posixpath.basename(path))
        members[posixpath.normpath(path)] = member
    return members


def _escapes(path: str) -> bool:
    return path.startswith("/") or ".." in path.split("/") or bool(_DRIVE.match(path))


def _is_a_bomb(member: zipfile.ZipInfo, size: int) -> bool:
    return size > _RATIO_MATTERS_FROM and size > _HIGHEST_RATIO * max(member.compress_size, 1)
