"""How an issuer writes its numbers from a day on. Numbers once given stay as they are."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.stationery.models import NumberFormat
from hocvu.stationery.policies import can_number_for
from hocvu.stationery.queries.number_formats import problems_of
from hocvu.stationery.rules.numbering import NumberFormats
from hocvu.units.models import Unit


class FormatIsUnusable(NotPossible):
    """The format could give a number twice, or one that cannot be printed."""


class DayIsTaken(NotPossible):
    """Formats count from a day to come, one a day: decisions of past days keep theirs."""


@transaction.atomic
def set_number_format(
    issuer: Unit, formats: NumberFormats, *, valid_from: date, by: Person, at: datetime
) -> NumberFormat:
    """Let this issuer write its numbers like this for decisions from a day on."""
    if not can_number_for(by, issuer):
        raise NotAllowed(_("Only a registrar of this unit can say how its numbers are written."))
    if valid_from <= day_of(at):
        raise DayIsTaken(_("A new way of writing numbers begins on a day to come."))
    for problem in problems_of(formats, issuer).values():
        raise FormatIsUnusable(problem)
    made, is_new = NumberFormat.objects.get_or_create(
        issuer=issuer,
        valid_from=valid_from,
        defaults={
            "serial": formats.serial,
            "register_entry": formats.register_entry,
            "register_copy": formats.register_copy,
            "set_by": by,
            "set_at": at,
        },
    )
    if made.formats != formats:
        raise DayIsTaken(_("For this day the way of writing numbers was set before."))
    if is_new:
        record("number_format_set", made, by=by, at=at, issuer_id=issuer.pk)
    return made
