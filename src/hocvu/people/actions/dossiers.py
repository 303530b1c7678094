"""Sensitive details of a person are looked at: each look leaves its trace."""

from datetime import datetime, time

from django.utils.translation import gettext as _

from hocvu.audit.actions import label_of, record
from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.time import VIETNAM, day_of
from hocvu.people import policies
from hocvu.people.models import Person


def note_details_seen(person: Person, *, by: Person, at: datetime) -> None:
    """Somebody saw the identity number and the ethnic group of another; noted once a day.

    Whose data it is may ask who used it (Law 91/2025/QH15): the history of the person tells.
    """
    if not policies.can_see_ethnic_group(by, person):
        raise NotAllowed(
            _("Only those who keep the dossier may see these details."),
            _("Please ask the training officer of the person's unit."),
        )
    if by.pk == person.pk or _was_noted_today(person, by, at):
        return
    record("details_seen", person, by=by, at=at)


def _was_noted_today(person: Person, by: Person, at: datetime) -> bool:
    midnight = datetime.combine(day_of(at), time.min, VIETNAM)
    return AuditEntry.objects.filter(
        actor_id=by.pk,
        act="details_seen",
        subject=f"{label_of(person)}:{person.pk}",
        at__gte=midnight,
    ).exists()
