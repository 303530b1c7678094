"""Refusing what could not be printed: when a decision is proposed, and when it is approved."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvu.classes.models import TrainingClass
from hocvu.credentials.queries.candidates import Candidate
from hocvu.credentials.queries.fitting import LineTrouble, troubles_of
from hocvu.credentials.queries.holders import holders_of
from hocvu.credentials.rules.decision_text import DecisionText
from hocvu.credentials.rules.holders import Holder
from hocvu.credentials.rules.printing import Common
from hocvu.kernel.errors import NotPossible
from hocvu.stationery.queries.words import sentence_of
from hocvu.typesetting import CannotTypeset, missing_glyphs

_LINES_NAMED = 10


class TextCannotBePrinted(NotPossible):
    """What all certificates say holds letters the typeface lacks, or does not fit its place."""


class LineCannotBePrinted(NotPossible):
    """A line of the list holds letters the typeface lacks, or a text too long for its place."""


def refuse_odd_letters(training_class: TrainingClass, text: DecisionText) -> None:
    """Of what the decision itself says; once issued it cannot be corrected."""
    said = f"{text.letters}{training_class.name}{training_class.code}"
    if missing := missing_glyphs(f"{said}{training_class.opening_decision}"):
        raise TextCannotBePrinted(
            _("The decision's text holds letters that cannot be printed: %(letters)s.")
            % {"letters": " ".join(sorted(missing))},
            _("Write it without these letters."),
        )


def refuse_unprintable(
    common: Common, training_class: TrainingClass, earned: Sequence[Candidate], *, at: datetime
) -> list[Holder]:
    """Set every line on the sheet in force; what each certificate will say where all of them fit.

    A template put in use later may have less room, so it is asked again when it is approved.
    """
    known = holders_of({each.person_id: each.unit_name for each in earned}, common.text.decided_on)
    holders = [known[each.person_id] for each in earned]
    try:
        troubles = troubles_of(common, holders, training_class.host_unit, at=at)
    except CannotTypeset as refused:
        raise TextCannotBePrinted(
            _("What all certificates say cannot be printed. %(why)s")
            % {"why": sentence_of(refused)},
            _("Shorten it, or put a template in use that has room for it."),
        ) from refused
    if troubles:
        raise LineCannotBePrinted(
            _in_words(troubles),
            _("Correct the person's record, or put a template in use that has room for it."),
        )
    return holders


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
