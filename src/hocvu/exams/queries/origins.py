"""Where attempts came from that were written on paper."""

from datetime import datetime

from django.utils.translation import gettext as _

from hocvu.exams.models import Attempt, SheetTakenIn
from hocvu.ui.templatetags.figures import moment


def origin_told(attempt: Attempt) -> str:
    """A sentence, if it came from an answer sheet; else nothing. One query."""
    sheet = SheetTakenIn.objects.filter(attempt=attempt).select_related("brought_in_by").first()
    return brought_in(sheet.brought_in_by.full_name, sheet.brought_in_at) if sheet else ""


def brought_in(who: str, when: datetime) -> str:
    return _("from an answer sheet, brought in by %(who)s, %(when)s") % {
        "who": who,
        "when": moment(when),
    }
