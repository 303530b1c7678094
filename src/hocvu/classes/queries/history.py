"""What happened to a class, told in sentences from the audit log."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.audit.models import AuditEntry
from hocvu.people.models import Person

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
    "class_closed": gettext_lazy("%(who)s closed the class."),
}
_SHOWN = 30


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    sentence: str


def history_of(*subjects: Model) -> list[HistoryEntry]:
    """The latest acts on these things, newest first; two queries."""
    named = [f"{type(subject)._meta.label_lower}:{subject.pk}" for subject in subjects]  # noqa: SLF001
    entries = list(
        AuditEntry.objects.filter(subject__in=named, act__in=_SENTENCES).order_by("-at", "-pk")[
            :_SHOWN
        ]
    )
    actor_ids = {entry.actor_id for entry in entries if entry.actor_id}
    names = dict(Person.objects.filter(pk__in=actor_ids).values_list("pk", "full_name"))
    return [
        HistoryEntry(entry.at, _sentence(entry, names.get(entry.actor_id or 0, _("The system"))))
        for entry in entries
    ]


def _sentence(entry: AuditEntry, who: str) -> str:
    told = str(_SENTENCES[entry.act] % {**_FACTS_OF_NO_ENTRY, **entry.facts, "who": who})
    if not entry.reason:
        return told
    return _("%(sentence)s Reason: %(reason)s") % {"sentence": told, "reason": entry.reason}


_FACTS_OF_NO_ENTRY = dict.fromkeys(
    ("added", "points", "enrolled", "session", "present", "heads", "rolls"), "?"
)
