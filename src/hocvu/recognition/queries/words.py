"""Reasons in the reader's words."""

from django.utils.translation import gettext as _

from hocvu.recognition.rules.completion import Reason


def sentence_of(reason: Reason) -> str:
    """Why recognition is withheld."""
    return {
        Reason.LOW_ATTENDANCE: _("attended too few half days"),
        Reason.NO_ROLL: _("no roll call was closed for this person"),
        Reason.NOT_ASSESSED: _("has not taken the test"),
        Reason.NOT_PASSED: _("has not passed the test"),
    }[reason]
