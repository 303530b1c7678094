"""The pictures a text points at, brought along with it."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from hocvu.items.text import MEDIA
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import Notes
from hocvu.question_files.gathering.pictures import Pictures, embedded_picture

_ADDRESS: Final = re.compile(
    r"""(?P<before><img\b[^<>]*?\bsrc\s*=\s*)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s<>"']+))
    | (?P<markdown>!\[[^\]\n]*\]\(\s*)<?(?P<linked>[^\s<>)]+)>?""",
    re.VERBOSE | re.IGNORECASE,
)
_PICTURE_NAME: Final = "picture"

Find = Callable[[str], bytes | None]


def nothing_beside(_address: str) -> bytes | None:
    """Such a file comes alone."""
    return None


def with_pictures(text: str, find: Find, pictures: Pictures, notes: Notes) -> str:
    """The text with `media:<name>` for every picture that `find` or the text itself holds."""
    if "<img" not in text.lower() and "](" not in text:
        return text

    def moved(link: re.Match[str]) -> str:
        address = next(filter(None, (link[name] for name in _WAYS)), "")
        kept = _moved(address.strip(), find, pictures, notes)
        return f"{link['markdown']}{kept}" if link["markdown"] else f'{link["before"]}"{kept}"'

    return _ADDRESS.sub(moved, text)


_WAYS: Final = ("double", "single", "bare", "linked")


def _moved(address: str, find: Find, pictures: Pictures, notes: Notes) -> str:
    inside = embedded_picture(address)
    name = _PICTURE_NAME if inside is not None else file_name(address)
    content = inside if inside is not None else find(address)
    if content is None:
        notes.warn(Problem.MEDIA_MISSING, name)
        return address[:_LONGEST_ADDRESS]
    kept = pictures.add(name, content)
    if kept is None:
        notes.warn(Problem.MEDIA_UNFIT, name)
        return name
    return MEDIA + kept


_LONGEST_ADDRESS: Final = 2_000


def file_name(address: str) -> str:
    """The name at the end of an address."""
    path = unquote(address.partition("?")[0].partition("#")[0])
    return path.removeprefix(MEDIA).rpartition("/")[2] or address[:40]
