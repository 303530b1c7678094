"""What happened to a paper, a sitting or a room, told in sentences from the audit log."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.audit.models import AuditEntry
from hocvu.people.models import Person

_SENTENCES = {
    "paper_made": gettext_lazy("%(who)s made the paper."),
    "paper_version_made": gettext_lazy("%(who)s made version %(version)s."),
    "paper_retired": gettext_lazy("%(who)s retired the paper."),
    "sitting_opened": gettext_lazy("%(who)s opened the test for the class."),
    "rooms_opened": gettext_lazy("%(who)s opened %(rooms)s rooms."),
    "room_changed": gettext_lazy("%(who)s changed the supervisor or the networks of the room."),
    "room_closed": gettext_lazy("%(who)s closed the room."),
    "minutes_given": gettext_lazy("%(who)s gave %(minutes)s minutes to %(attempts)s people."),
    "attempts_handed_in_for": gettext_lazy("%(who)s handed in for %(attempts)s people."),
    "attempts_voided": gettext_lazy("%(who)s voided %(attempts)s attempts."),
}
_SHOWN = 30
_FACTS_OF_NO_ENTRY = dict.fromkeys(("version", "rooms", "minutes", "attempts"), "?")


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    sentence: str


def history_of(*subjects: Model) -> list[HistoryEntry]:
    """The latest acts on these things, newest first; two queries."""
    named = [f"{type(subject)._meta.label_lower}:{subject.pk}" for subject in subjects]  # noqa: SLF001
    told = AuditEntry.objects.filter(subject__in=named, act__in=_SENTENCES)
    entries = list(told.order_by("-at", "-pk")[:_SHOWN])
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
