"""What happened to a sitting or a room, told in sentences from the audit log."""

from django.db.models import Model
from django.utils.translation import gettext_lazy

from hocvu.people.queries.history import HistoryEntry, acts_told

_SENTENCES = {
    "sitting_opened": gettext_lazy("%(who)s opened the test for the class."),
    "rooms_opened": gettext_lazy("%(who)s opened %(rooms)s rooms."),
    "room_changed": gettext_lazy("%(who)s changed the supervisor or the networks of the room."),
    "room_closed": gettext_lazy("%(who)s closed the room."),
    "minutes_given": gettext_lazy("%(who)s gave %(minutes)s minutes to %(attempts)s people."),
    "attempts_handed_in_for": gettext_lazy("%(who)s handed in for %(attempts)s people."),
    "sheet_file_uploaded": gettext_lazy("%(who)s uploaded the file with %(sheets)s answer sheets."),
    "sheet_file_taken_in": gettext_lazy("%(who)s took in %(sheets)s answer sheets."),
    "sheet_file_given_up": gettext_lazy("%(who)s cancelled the file."),
    "attempts_voided": gettext_lazy("%(who)s voided %(attempts)s attempts."),
}


def history_of(*subjects: Model) -> list[HistoryEntry]:
    """The latest acts on these things, newest first; two queries."""
    return acts_told(subjects, _SENTENCES)
