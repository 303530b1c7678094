"""Loading the country: set-based, and safe to repeat."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from hocvu.audit.actions import record
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import fold, text_sort_key
from hocvu.units.actions.packaged_data import (
    PackagedUnit,
    packaged_legacy_units,
    packaged_units,
)
from hocvu.units.models import LegacyUnit, Unit, UnitName

_ROWS_AT_ONCE = 5_000
_FIELDS = (
    "kind", "path", "name", "name_en", "search_key", "sort_key", "latitude", "longitude",
    "area_km2",
)  # fmt: skip


def load_units(*, at: datetime) -> int:
    """Bring the tree to the state of the packaged data on this day; return how many rows changed.

    Units that people added, and names that people dated, stay as they are.
    """
    with transaction.atomic():
        packaged = packaged_units()
        changed = _load_tree(packaged, day_of(at))
        ids = dict(Unit.objects.values_list("code", "pk"))
        changed += _load_names(packaged, ids) + _load_legacy_units(ids)
        if changed:
            record("units_loaded", "units", by=None, at=at, rows=changed)
        return changed


def _load_tree(packaged: Iterable[PackagedUnit], day: date) -> int:
    stored = {unit.code: unit for unit in Unit.objects.select_for_update()}
    known = dict(stored)
    new: list[Unit] = []
    changed: list[Unit] = []
    for each in packaged:
        parent = known.get(each.parent_code)
        wanted = _unit_of(each, parent.path if parent else "", day)
        if each.code not in stored:
            known[each.code] = wanted
            new.append(wanted)
        elif _differs(stored[each.code], wanted):
            changed.append(stored[each.code])
    _insert_level_by_level(new, {each.code: each.parent_code for each in packaged}, known)
    Unit.objects.bulk_update(changed, _FIELDS, batch_size=_ROWS_AT_ONCE)
    return len(new) + len(changed)


def _unit_of(packaged: PackagedUnit, parent_path: str, day: date) -> Unit:
    today = packaged.name_on(day)
    return Unit(
        code=packaged.code,
        kind=today.kind,
        path=f"{parent_path}{packaged.code}.",
        name=today.name,
        name_en=packaged.name_en,
        search_key=fold(today.name),
        sort_key=text_sort_key(today.name),
        latitude=packaged.latitude,
        longitude=packaged.longitude,
        area_km2=packaged.area_km2,
    )


def _differs(stored: Unit, wanted: Unit) -> bool:
    """Take over what differs; say whether anything did."""
    differing = [name for name in _FIELDS if getattr(stored, name) != getattr(wanted, name)]
    for name in differing:
        setattr(stored, name, getattr(wanted, name))
    return bool(differing)


def _insert_level_by_level(
    new: list[Unit], parent_codes: dict[str, str], known: dict[str, Unit]
) -> None:
    levels: dict[int, list[Unit]] = {}
    for unit in new:
        levels.setdefault(unit.path.count("."), []).append(unit)
    for depth in sorted(levels):
        for unit in levels[depth]:
            unit.parent = known.get(parent_codes[unit.code])
        Unit.objects.bulk_create(levels[depth], batch_size=_ROWS_AT_ONCE)


def _load_names(packaged: Iterable[PackagedUnit], ids: dict[str, int]) -> int:
    """Add the dated names that are missing, and end a name on the day its successor begins."""
    stored = {(name.unit_id, name.valid_from): name for name in UnitName.objects.all()}
    new: list[UnitName] = []
    ended: list[UnitName] = []
    for unit in packaged:
        ends = [*(name.valid_from for name in unit.names[1:]), None]
        for name, valid_to in zip(unit.names, ends, strict=True):
            known = stored.get((ids[unit.code], name.valid_from))
            if known is None:
                new.append(
                    UnitName(
                        unit_id=ids[unit.code],
                        name=name.name,
                        kind=name.kind,
                        valid_from=name.valid_from,
                        valid_to=valid_to,
                        legal_basis=name.legal_basis,
                    )
                )
            elif known.valid_to is None and valid_to is not None:
                known.valid_to = valid_to
                ended.append(known)
    UnitName.objects.bulk_update(ended, ["valid_to"])  # first: a unit has one name today
    UnitName.objects.bulk_create(new, batch_size=_ROWS_AT_ONCE)
    return len(new) + len(ended)


def _load_legacy_units(ids: dict[str, int]) -> int:
    stored = set(LegacyUnit.objects.values_list("ward_code", "successor_id"))
    new = [
        LegacyUnit(
            ward_code=old.ward_code,
            name=old.name,
            district=old.district,
            province=old.province,
            name_key=fold(old.name),
            district_key=fold(old.district),
            province_key=fold(old.province),
            successor_id=ids[old.successor_code],
            share=old.share,
        )
        for old in packaged_legacy_units()
        if (old.ward_code, ids[old.successor_code]) not in stored
    ]
    LegacyUnit.objects.bulk_create(new, batch_size=_ROWS_AT_ONCE)
    return len(new)
