"""Pages are set in a process of their own, which can open nothing.

A template is a program, and an issuer writes it. typst already keeps it inside one folder; here
there is not even a folder: source, texts and images arrive by standard input, the typefaces are
read, and then the process gives up the right to open anything more (RLIMIT_NOFILE 0), be it a file,
a package from the network or another process. Memory and time are bounded. The answer is one line
of JSON and the bytes of the page, so a child taken over can say nothing but a page.
"""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final, Literal

from hocvu.typesetting.child import TWO_PAGES
from hocvu.typesetting.errors import (
    CannotTypeset,
    PageDoesNotFit,
    TemplateIsFaulty,
    TemplateIsTooCostly,
    TextIsMissing,
    TextIsTooLong,
    TypesettingIsBusy,
    UnprintableText,
)
from hocvu.typesetting.glyphs import FONT_FOLDER, missing_glyphs
from hocvu.typesetting.slots import Sheet, sheet_of

Wanted = Literal["form", "pdf", "png"]

MOST_SOURCE: Final = 200_000  # characters
_MOST_CPU: Final = 6  # seconds
_MOST_SECONDS: Final = 20
_MOST_PPI: Final = 300
_AT_ONCE: Final = BoundedSemaphore(2)  # pages set at once by one web process
CHILD: Final = Path(__file__).with_name("child.py")
_COMMON: Final = Path(__file__).with_name("page.typ").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Picture:
    """An image in its real size, as a PNG file."""

    png: bytes
    width_mm: float
    height_mm: float
    alt: str


@dataclass(frozen=True)
class Page:
    """A page to set: the template's source, the texts, the design's parameters, the images."""

    source: str
    texts: Mapping[str, str]
    look: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)


def set_sheet(page: Page, *, at: datetime) -> Sheet:
    """Set a page as a form: its slots stay blank, and where they are is told.

    Raises CannotTypeset, or one of its kinds; so does `set_page`.
    """
    octets, places = _set_apart(page, "form", at=at)
    return sheet_of(octets, places)


def set_page(
    page: Page, *, at: datetime, as_image: bool = False, pixels_per_inch: int = 96
) -> bytes:
    """Set a page whole, its slots filled: a PDF/A-2b file, or its (first) page as a PNG image."""
    wanted: Wanted = "png" if as_image else "pdf"
    return _set_apart(page, wanted, at=at, pixels_per_inch=min(pixels_per_inch, _MOST_PPI))[0]


def _set_apart(
    page: Page, wanted: Wanted, *, at: datetime, pixels_per_inch: int = 96
) -> tuple[bytes, Sequence[Mapping[str, Any]]]:
    """Let a child process set a page: the file and, of a form, the places on it."""
    if len(page.source) > MOST_SOURCE:
        raise TemplateIsFaulty(f"The source is longer than {MOST_SOURCE} characters.")
    if missing := missing_glyphs("".join(page.texts.values())):
        raise UnprintableText(missing)
    order = {
        "source": _assembled(page, is_form=wanted == "form"),
        "wanted": wanted,
        "timestamp": int(at.timestamp()),
        "ppi": pixels_per_inch,
        "seconds": _MOST_CPU,
    }
    head, _, octets = _asked(order).partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError as no_answer:
        raise TemplateIsTooCostly("Setting the page took too much time or memory.") from no_answer
    if "refused" in told:
        raise _refusal(told["refused"], page)
    return octets, told["places"]


def _asked(order: Mapping[str, Any]) -> bytes:
    """What a child answers; nothing when it took too long. Only so many work at once."""
    if not _AT_ONCE.acquire(timeout=_MOST_SECONDS):
        raise TypesettingIsBusy("Too many pages are being set at once.")
    try:
        return subprocess.run(  # noqa: S603 — our own interpreter and words
            [sys.executable, "-I", str(CHILD), "page", str(FONT_FOLDER)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
            env=os.environ | {"RAYON_NUM_THREADS": "1"},
        ).stdout
    except subprocess.TimeoutExpired:
        return b""
    finally:
        _AT_ONCE.release()


def _assembled(page: Page, *, is_form: bool) -> str:
    """One source: what every template may use, the template itself, and the call that sets it."""
    given = {
        "form": is_form,
        "texts": {name: unicodedata.normalize("NFC", text) for name, text in page.texts.items()},
        "look": dict(page.look),
        "pictures": {
            name: {
                "octets": list(each.png),
                "width": each.width_mm,
                "height": each.height_mm,
                "alt": each.alt,
            }
            for name, each in page.pictures.items()
        },
    }
    literal = json.dumps(given, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join([_COMMON.replace("GIVEN", f'"{literal}"', 1), page.source, "#page-of()", ""])


def _refusal(told: Mapping[str, str], page: Page) -> CannotTypeset:
    """What typst said, as one of our refusals; lines count in the template's own source."""
    message = told["message"]
    if found := re.search(r"HOCVU-LONG:([\w-]+)", message):
        return TextIsTooLong(found[1], "")
    if found := re.search(r"HOCVU-MISSING:(\w+)", message):
        return TextIsMissing([found[1]])
    if message == TWO_PAGES:
        return PageDoesNotFit("The page does not fit on one sheet.")
    before = _COMMON.count("\n") + 1
    named = [int(line) - before for line in re.findall(r"\.typ:(\d+):", told["where"])]
    own = [line for line in named if 0 < line <= page.source.count("\n") + 1]
    if re.search(r"searched at|failed to (load|download)|escape the project root", message):
        message = "a template can read no file and no package"
    return TemplateIsFaulty(message, own[0] if own else 0)
