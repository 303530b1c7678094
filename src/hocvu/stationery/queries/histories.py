"""What has happened to a template or a blank, in sentences, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hocvu.stationery.models import Blank, BlankEntry, BlankState, TemplateVersion
from hocvu.ui.templatetags.figures import day


@dataclass(frozen=True)
class Happened:
    at: datetime
    sentence: str


def history_of_template(versions: Iterable[TemplateVersion]) -> list[Happened]:
    happened = [each for version in versions for each in _of_version(version)]
    return sorted(happened, key=lambda each: each.at, reverse=True)


def _of_version(version: TemplateVersion) -> list[Happened]:
    number, writer = version.number, version.written_by
    told = []
    if writer is not None:
        words = _("Version %(number)d written by %(name)s.")
        told.append(
            Happened(version.written_at, words % {"number": number, "name": writer.full_name})
        )
    if version.approved_at is not None:
        words = _("Version %(number)d put in use from %(day)s by %(name)s.")
        by = version.approved_by.full_name if version.approved_by else _("the system")
        facts = {"number": number, "day": day(version.effective_from), "name": by}
        told.append(Happened(version.approved_at, words % facts))
    return told


def history_of_blank(blank: Blank) -> list[Happened]:
    """The entries of a blank, and how it was received."""
    entries = blank.entries.select_related("by").order_by("-sequence")
    book = blank.book
    received = _("Received from %(whom)s, delivery note %(number)s.") % {
        "whom": book.received_from,
        "number": book.document_number,
    }
    return [
        *(Happened(each.at, sentence_of_entry(each)) for each in entries),
        Happened(book.entered_at, received),
    ]


def sentence_of_entry(entry: BlankEntry) -> str:
    """What an entry says, with who entered it."""
    words = {
        BlankState.USED: _("Certificate %(serial)s printed on it, by %(name)s."),
        BlankState.SPOILED: _("Spoiled: %(reason)s (%(name)s)."),
        BlankState.LOST: _("Missing: %(reason)s, minutes %(minutes)s (%(name)s)."),
        BlankState.DESTROYED: _("Destroyed: %(reason)s, minutes %(minutes)s (%(name)s)."),
        BlankState.LEFT: _("Correction, the sheet is empty: %(reason)s (%(name)s)."),
    }[BlankState(entry.after)]
    return words % {
        "serial": entry.serial_number,
        "reason": entry.reason,
        "minutes": entry.minutes_number,
        "name": entry.by.full_name,
    }
