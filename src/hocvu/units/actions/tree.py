"""Adding a unit to the tree."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import fold, nfc, text_sort_key
from hocvu.units.models import Unit, UnitName, path_below
from hocvu.units.rules import UnitCode


class UnitCodeIsTaken(NotPossible):
    """Another unit has this code."""


class UnitIsClosed(NotPossible):
    """A closed unit takes no new units below it."""


class UnitCodeIsMalformed(NotPossible):
    """A code may hold capital letters, digits and hyphens."""


def create_unit(
    parent: Unit,
    *,
    code: str,
    kind: str,
    name: str,
    name_en: str = "",
    by: Model | None,
    at: datetime,
) -> Unit:
    """Add a unit below `parent`. The same call again gives the unit that exists."""
    with transaction.atomic():
        parent = Unit.objects.select_for_update().get(pk=parent.pk)
        name = nfc(name)
        existing = Unit.objects.filter(code=code).first()
        if existing and (existing.parent_id, existing.kind, existing.name) == (
            parent.pk,
            kind,
            name,
        ):
            return existing
        if existing:
            raise UnitCodeIsTaken(
                _("Code %(code)s already belongs to %(unit)s.")
                % {"code": code, "unit": existing.name},
                _("Please choose another code."),
            )
        if not UnitCode(code).is_well_formed:
            raise UnitCodeIsMalformed(
                _("A code holds capital letters without marks, digits and hyphens, 35 at most."),
                _("Please write the code in that form."),
            )
        if parent.closed_on:
            raise UnitIsClosed(
                _("%(unit)s is closed.") % {"unit": parent.name},
                _("Please choose the unit that took its place."),
            )
        unit = Unit.objects.create(
            code=code,
            kind=kind,
            parent=parent,
            path=path_below(parent, code),
            name=name,
            name_en=name_en,
            search_key=fold(name),
            sort_key=text_sort_key(name),
        )
        UnitName.objects.create(unit=unit, name=name, kind=kind, valid_from=day_of(at))
        record("unit_created", unit, by=by, at=at, parent_id=parent.pk)
        return unit
