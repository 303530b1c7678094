"""How notices about sessions read: what happened, what it means, what to do."""

from datetime import datetime

from django.utils.translation import gettext as _

from hocvu.kernel.time import VIETNAM
from hocvu.notices.rules.kinds import Facts, Kind, Words


def moved(facts: Facts) -> Words:
    happened = _("Session %(number)s of class “%(class)s” begins at %(begins)s.")
    return Words(
        _("A session was moved"),
        happened % {**_named(facts), "begins": _moment(facts["starts_at"])},
        _("This replaces what was said before; the place stays the same."),
        _("Note the new time. Who cannot come tells the training officer of the unit."),
    )


def called_off(facts: Facts) -> Words:
    happened = _("Session %(number)s of class “%(class)s” on %(begins)s is not held.")
    return Words(
        _("A session was called off"),
        happened % {**_named(facts), "begins": _moment(facts["starts_at"])},
        _("It counts in nobody's attendance."),
        _("Nothing has to be done. If it is held after all, another notice says when."),
    )


KINDS = (Kind("session_moved", moved), Kind("session_called_off", called_off))


def _named(facts: Facts) -> dict[str, str]:
    return {"number": str(facts["number"]), "class": facts["class_name"]}


def _moment(written: str) -> str:
    return datetime.fromisoformat(written).astimezone(VIETNAM).strftime("%H:%M, %d/%m/%Y")
