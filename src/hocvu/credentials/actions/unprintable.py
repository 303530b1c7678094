"""Refusing what could not be printed: when a decision is proposed, and when it is approved."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvu.credentials.queries.fitting import LineTrouble, troubles_of
from hocvu.credentials.queries.printing import Common
from hocvu.kernel.errors import NotPossible
from hocvu.recognition.rules.holders import Holder
from hocvu.stationery.queries.words import sentence_of
from hocvu.typesetting import CannotTypeset
from hocvu.units.models import Unit

_LINES_NAMED = 10


class TextDoesNotFit(NotPossible):
    """What all certificates say does not fit its place."""


class LineCannotBePrinted(NotPossible):
    """A line of the list holds letters the typeface lacks, or a text too long for its place."""


def refuse_unprintable(
    common: Common, holders: Sequence[Holder], issuer: Unit, *, at: datetime
) -> None:
    """Set every line of a list on the sheet in force: nothing is issued that does not fit.

    A template put in use later may have less room, so it is asked again when it is approved.
    """
    try:
        troubles = troubles_of(common, holders, issuer, at=at)
    except CannotTypeset as refused:
        raise TextDoesNotFit(
            _("What all certificates say cannot be printed. %(why)s")
            % {"why": sentence_of(refused)},
            _("Shorten it, or put a template in use that has room for it."),
        ) from refused
    if troubles:
        raise LineCannotBePrinted(
            _in_words(troubles),
            _("Correct the person's record, or put a template in use that has room for it."),
        )


def _in_words(troubles: Sequence[LineTrouble]) -> str:
    first = troubles[0]
    told = _("Line %(position)s of the list, %(name)s: %(why)s") % {
        "position": first.position,
        "name": first.full_name,
        "why": first.sentence,
    }
    if others := [str(each.position) for each in troubles[1:]]:
        shown = ", ".join(others[:_LINES_NAMED])
        told += " " + ngettext(
            "%(count)s more line cannot be printed: %(lines)s.",
            "%(count)s more lines cannot be printed: %(lines)s.",
            len(others),
        ) % {"count": len(others), "lines": shown + (" …" if len(others) > _LINES_NAMED else "")}
    return told
