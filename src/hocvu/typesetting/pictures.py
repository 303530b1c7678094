"""Images people upload for a page: opened apart, bounded, drawn anew as plain PNG files.

Reading an image is compiled code working on a stranger's octets, so it happens in a child process
bounded in memory and time (as with workbooks). Only PNG is taken, because only it is transparent
without loss (Decree 30/2020, annex I); what comes out holds pixels and nothing else.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hocvu.typesetting.apart import CHILD

MOST_UPLOADED: Final = 4 * 1024**2  # octets
PIXELS_PER_MM: Final = 16  # about 400 per inch
_MOST_SECONDS: Final = 20
_MOST_CPU: Final = 6


class Unusable(StrEnum):
    TOO_LARGE = "too_large"
    NO_PNG = "no_png"
    DAMAGED = "damaged"
    EMPTY = "empty"


class PictureIsUnusable(Exception):
    """The file cannot become a picture; `why` says so."""

    def __init__(self, why: Unusable) -> None:
        self.why = why
        super().__init__(why.value)


@dataclass(frozen=True)
class DrawnPicture:
    """A picture drawn anew: its file, and what an eye would say of it."""

    png: bytes
    width: int  # pixels
    height: int
    see_through: float  # share of the pixels one can look through
    tint: str  # "red", "blue" or "other": the colour of what is drawn


def draw_anew(content: bytes, *, width_mm: float) -> DrawnPicture:
    """Read a PNG file, crop what is empty around it, and draw it for this width on paper.

    Raises PictureIsUnusable.
    """
    if len(content) > MOST_UPLOADED:
        raise PictureIsUnusable(Unusable.TOO_LARGE)
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise PictureIsUnusable(Unusable.NO_PNG)
    width = str(round(width_mm * PIXELS_PER_MM))
    try:
        child = subprocess.run(  # noqa: S603 — our own interpreter and words
            [sys.executable, "-I", str(CHILD), "picture", width, str(_MOST_CPU)],
            input=content,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
        head, _, png = child.stdout.partition(b"\n")
        told = json.loads(head)
    except (subprocess.TimeoutExpired, ValueError) as no_answer:
        raise PictureIsUnusable(Unusable.DAMAGED) from no_answer
    if "unusable" in told:
        raise PictureIsUnusable(Unusable(told["unusable"]))
    return DrawnPicture(png=png, **told)
