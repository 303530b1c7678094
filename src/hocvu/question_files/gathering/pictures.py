"""The pictures that travel with questions, named once and kept once."""

import base64
import binascii
import posixpath
import re
import unicodedata
from typing import Final

from hocvu.items.content import Media

_LARGEST: Final = 10 * 1024**2
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_ENDINGS: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
}
_UNFIT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
_DATA: Final = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)


def picture_type(content: bytes) -> str:
    """What a picture is, by its first bytes; empty when browsers cannot show it or it is none."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _SIGNATURES if content.startswith(mark)), "")


def embedded_picture(address: str) -> bytes | None:
    """The picture inside a `data:` address."""
    if not (found := _DATA.match(address)):
        return None
    try:
        return base64.b64decode(address[found.end() :], validate=False)
    except (binascii.Error, ValueError):
        return None


class Pictures:
    """Collects pictures: the same picture keeps one name, another one gets a name of its own."""

    def __init__(self) -> None:
        self.media: dict[str, Media] = {}
        self._names: dict[bytes, str] = {}

    def add(self, path: str, content: bytes) -> str | None:
        """The name a text can refer to, or none if the picture is unfit or too large."""
        if content in self._names:
            return self._names[content]
        kind = picture_type(content)
        if not kind or len(content) > _LARGEST:
            return None
        name = self._free_name(path, _ENDINGS[kind])
        self.media[name] = Media(name, kind, content)
        self._names[content] = name
        return name

    def _free_name(self, path: str, ending: str) -> str:
        base = unicodedata.normalize("NFKD", posixpath.basename(path))
        stem = posixpath.splitext(_UNFIT_IN_A_NAME.sub("-", base).strip(".-"))[0]
        stem = (stem or "picture")[:60].strip(".-")
        name, number = f"{stem}{ending}", 2
        while name in self.media:
            name, number = f"{stem}-{number}{ending}", number + 1
        return name
