"""What happened, told in sentences from the audit log: to anything, and to a person or a unit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.audit.actions import label_of
from hocvu.audit.models import AuditEntry
from hocvu.people.models import Account, Person, Role, RoleGrant, RosterImport
from hocvu.units.models import Unit

_ABOUT_PERSON: Final = {
    "account_created": gettext_lazy("%(who)s made an account."),
    "password_reset": gettext_lazy("%(who)s issued a one-time password."),
    "password_changed": gettext_lazy("%(who)s chose a new password."),
    "idle_account_refused": gettext_lazy("Signing in was refused after 45 days without use."),
    "details_seen": gettext_lazy("%(who)s looked at the identity number and the ethnic group."),
    "role_granted": gettext_lazy("%(who)s granted the role of %(role)s at %(unit)s."),
    "role_ended": gettext_lazy("%(who)s ended the role of %(role)s at %(unit)s."),
}
_ABOUT_UNIT: Final = {
    "unit_created": gettext_lazy("%(who)s entered this unit."),
    "roster_uploaded": gettext_lazy("%(who)s uploaded the roster %(file)s with %(rows)s rows."),
    "roster_imported": gettext_lazy(
        "%(who)s imported the roster %(file)s: %(added)s new, %(updated)s brought up to date,"
        " %(moved)s moved, %(unchanged)s unchanged, %(refused)s not imported."
    ),
    "roster_given_up": gettext_lazy("%(who)s cancelled the roster %(file)s."),
    "role_granted": gettext_lazy("%(who)s granted %(person)s the role of %(role)s."),
    "role_ended": gettext_lazy("%(who)s ended the role of %(role)s held by %(person)s."),
}
_SHOWN: Final = 30
_LOOKED_AT: Final = 300  # grants or rosters of one unit


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    sentence: str


def acts_told(
    subjects: Iterable[Model],
    sentences: Mapping[str, object],
    words: Mapping[str, Mapping[str, object]] | None = None,
) -> list[HistoryEntry]:
    """The latest acts on these things, newest first; two queries.

    sentences   by act, with the facts of its entry and `who` as placeholders; others stay untold
    words       further ones for single things, by their name in the log (`people.rolegrant:7`)
    """
    entries = list(
        AuditEntry.objects.filter(
            subject__in=[_named(subject) for subject in subjects], act__in=sentences
        ).order_by("-at", "-pk")[:_SHOWN]
    )
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    names = dict(Person.objects.filter(pk__in=actors).values_list("pk", "full_name"))
    return [
        HistoryEntry(
            entry.at,
            _sentence(
                entry,
                str(sentences[entry.act]),
                {
                    **(words or {}).get(entry.subject, {}),
                    "who": names.get(entry.actor_id or 0, _("The system")),
                },
            ),
        )
        for entry in entries
    ]


def _sentence(entry: AuditEntry, sentence: str, words: Mapping[str, object]) -> str:
    """Entries of an earlier version may lack a fact: `?` stands for it."""
    told = sentence % defaultdict(lambda: "?", {**entry.facts, **words})
    if not entry.reason:
        return told
    return _("%(sentence)s Reason: %(reason)s") % {"sentence": told, "reason": entry.reason}


def history_of_person(person: Person) -> list[HistoryEntry]:
    """The latest acts on a person's account and roles, newest first."""
    grants = list(RoleGrant.objects.filter(person=person).select_related("unit"))
    subjects: list[Model] = [person, *Account.objects.filter(person=person), *grants]
    words = {
        _named(grant): {"role": Role(grant.role).label, "unit": grant.unit.name} for grant in grants
    }
    return acts_told(subjects, _ABOUT_PERSON, words)


def history_of_unit(unit: Unit) -> list[HistoryEntry]:
    """The latest acts on a unit, its rosters and the roles held there, newest first."""
    grants = list(
        RoleGrant.objects.filter(unit=unit).select_related("person").order_by("-pk")[:_LOOKED_AT]
    )
    rosters = list(
        RosterImport.objects.filter(unit=unit).only("pk", "file_name").order_by("-pk")[:_LOOKED_AT]
    )
    words: dict[str, Mapping[str, object]] = {
        **{
            _named(grant): {"role": Role(grant.role).label, "person": grant.person.full_name}
            for grant in grants
        },
        **{_named(roster): {"file": roster.file_name} for roster in rosters},
    }
    return acts_told([unit, *grants, *rosters], _ABOUT_UNIT, words)


def _named(subject: Model) -> str:
    """As the audit log names it."""
    return f"{label_of(subject)}:{subject.pk}"
