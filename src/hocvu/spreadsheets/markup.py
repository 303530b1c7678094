"""Markup saved under a spreadsheet's name: web pages, web archives (MHTML), Excel 2003 in XML."""

import email
import email.policy
import re
from pathlib import PurePosixPath
from typing import Final

from hocvu.spreadsheets.cells import Grid
from hocvu.spreadsheets.html_tables import TablesOfAPage
from hocvu.spreadsheets.letters import decoded
from hocvu.spreadsheets.refusals import SpreadsheetIsUnreadable, UnreadableReason
from hocvu.spreadsheets.xml_workbook import grids_of_xml, is_xml_workbook

_SEARCHED: Final = 4096
_STARTS: Final = (
    *("<!doctype", "<html", "<head", "<body", "<table", "<meta", "<style", "<?xml", "<!--"),
    *("<workbook", "<ss:workbook", "<center", "<div", "<font"),
)
_HEADERS: Final = re.compile(r"(?:mime-version|content-type|from|date|subject|x-[\w-]+)\s*:")
_ENCODING: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)


def is_markup(content: bytes) -> bool:
    start = content[:_SEARCHED].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    text = start.decode("latin-1").lower()
    return (
        text.startswith(_STARTS) or ("<table" in text and text.startswith("<")) or _is_archive(text)
    )


def _is_archive(text: str) -> bool:
    is_mail = _HEADERS.match(text) and "multipart/related" in text
    return bool(is_mail) or text.startswith("mime-version")


def grids_of_markup(content: bytes) -> list[Grid]:
    """The sheets inside. Raises SpreadsheetIsUnreadable where there is no table at all."""
    if _is_archive(content[:_SEARCHED].decode("latin-1").lower()):
        pages = list(_pages_of_archive(content))
    else:
        declared = _ENCODING.search(content[:_SEARCHED].replace(b"\x00", b""))
        text = decoded(content, declared=declared[1].decode() if declared else "")
        if is_xml_workbook(text):
            return grids_of_xml(text)
        pages = [("", text)]
    grids = [grid for name, text in pages if (grid := _grid_of_page(name, text)) is not None]
    if not grids:
        other = content[:_SEARCHED].lstrip().startswith(b"<?xml") and b"<html" not in content
        reason = UnreadableReason.UNKNOWN_FORMAT if other else UnreadableReason.WEB_PAGE
        raise SpreadsheetIsUnreadable(reason)
    return grids


def _pages_of_archive(content: bytes) -> list[tuple[str, str]]:
    """Every page of a web archive, by the name of its sheet's file."""
    pages = []
    for part in email.message_from_bytes(content, policy=email.policy.compat32).walk():
        if part.get_content_type() == "text/html":
            packed = part.get_payload(decode=True)
            if isinstance(packed, bytes):
                declared = str(part.get_content_charset() or "")
                name = PurePosixPath(str(part.get("Content-Location", ""))).stem
                pages.append((name, decoded(packed, declared=declared)))
    return pages


def _grid_of_page(name: str, text: str) -> Grid | None:
    tables = TablesOfAPage(name)
    tables.feed(text)
    tables.close()
    return tables.draft.grid() if tables.has_tables else None
