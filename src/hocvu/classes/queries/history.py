"""What happened to a class, told in sentences from the audit log."""

from django.db.models import Model
from django.utils.translation import gettext_lazy

from hocvu.people.queries.history import HistoryEntry, acts_told

_SENTENCES = {
    "class_opened": gettext_lazy("%(who)s opened the class."),
    "bridge_points_added": gettext_lazy("%(who)s added %(added)s bridge points."),
    "bridge_point_appointed": gettext_lazy("%(who)s named the people on duty at the bridge point."),
    "duties_appointed": gettext_lazy(
        "%(who)s named the people on duty at %(points)s bridge points."
    ),
    "learners_enrolled": gettext_lazy("%(who)s enrolled %(enrolled)s learners."),
    "learner_withdrawn": gettext_lazy("%(who)s withdrew one learner."),
    "roll_opened": gettext_lazy("%(who)s opened the roll of session %(session)s."),
    "roll_closed": gettext_lazy(
        "%(who)s closed the roll of session %(session)s:"
        " %(present)s names present, %(heads)s heads counted."
    ),
    "presence_corrected": gettext_lazy("%(who)s corrected a mark."),
    "sheets_entered": gettext_lazy(
        "%(who)s entered the signed sheets of %(rolls)s bridge points for session %(session)s."
    ),
    "sheet_entered": gettext_lazy(
        "%(who)s entered the signed sheet of session %(session)s:"
        " %(present)s names present, %(heads)s heads counted."
    ),
    "session_moved": gettext_lazy("%(who)s moved session %(session)s to %(day)s."),
    "session_called_off": gettext_lazy("%(who)s called off session %(session)s."),
    "supervisor_named": gettext_lazy("%(who)s named the class supervisor."),
    "class_closed": gettext_lazy("%(who)s closed the class."),
}


def history_of(*subjects: Model) -> list[HistoryEntry]:
    """The latest acts on these things, newest first; two queries."""
    return acts_told(subjects, _SENTENCES)
