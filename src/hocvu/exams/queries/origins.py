"""Where attempts came from that were written on paper."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hocvu.exams.models import SheetTakenIn
from hocvu.ui.templatetags.figures import moment


def origins_told(attempt_ids: Sequence[int]) -> dict[int, str]:
    """A sentence for each of these attempts that came from an answer sheet. One query."""
    sheets = SheetTakenIn.objects.filter(attempt__in=attempt_ids).select_related("brought_in_by")
    return {
        sheet.attempt_id: _("from an answer sheet, brought in by %(who)s, %(when)s")
        % {"who": sheet.brought_in_by.full_name, "when": moment(sheet.brought_in_at)}
        for sheet in sheets
    }
