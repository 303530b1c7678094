"""The country as the package knows it: the files in `units/data/`, read into plain values."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from hocvu.kernel.vietnamese import fold
from hocvu.units.models import UnitKind
from hocvu.units.rules import english_name

NATION_CODE = "VN"
TWO_TIERS_BEGIN = date(2025, 7, 1)
LIST_OF_UNITS = "19/2025/QĐ-TTg"
_CHANGES = ("changes_2026-04.toml", "changes_2026-09.toml")


@dataclass(frozen=True)
class DatedName:
    name: str
    kind: str
    valid_from: date
    legal_basis: str = ""


@dataclass(frozen=True)
class PackagedUnit:
    """A unit with its names, oldest first."""

    code: str
    parent_code: str
    names: tuple[DatedName, ...]
    name_en: str = ""
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None

    def name_on(self, day: date) -> DatedName:
        held = [name for name in self.names if name.valid_from <= day]
        return held[-1] if held else self.names[0]


@dataclass(frozen=True)
class PackagedLegacyUnit:
    ward_code: str
    name: str
    district: str
    province: str
    successor_code: str
    share: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("hocvu.units").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _changes() -> dict[str, list[dict[str, Any]]]:
    by_code: dict[str, list[dict[str, Any]]] = {}
    for name in _CHANGES:
        text = files("hocvu.units").joinpath("data", name).read_text(encoding="utf-8")
        for change in tomllib.loads(text)["change"]:
            by_code.setdefault(change["code"], []).append(change)
    return by_code


def _named(
    name: str, kind: str, changes: list[dict[str, Any]], legal_basis: str = ""
) -> tuple[DatedName, ...]:
    """The name of July 2025 and what each dated change made of it."""
    if changes:
        name, kind = changes[0]["name_before"], changes[0]["kind_before"]
    return (
        DatedName(name, kind, TWO_TIERS_BEGIN, legal_basis),
        *(
            DatedName(each["name"], each["kind"], each["on"], each["legal_basis"])
            for each in changes
        ),
    )


def packaged_units() -> list[PackagedUnit]:
    """Parents before their children."""
    changes = _changes()
    nation = DatedName("Việt Nam", UnitKind.NATION.value, TWO_TIERS_BEGIN)
    units = [PackagedUnit(NATION_CODE, "", (nation,), "Viet Nam")]
    units += [
        PackagedUnit(
            row["code"],
            NATION_CODE,
            _named(row["name"], row["kind"], changes.get(row["code"], []), LIST_OF_UNITS),
            row["name_en"],
        )
        for row in _rows("provinces.csv")
    ]
    units += _communal_units(changes)
    units += [
        PackagedUnit(
            row["code"], row["parent"], _named(row["name"], row["kind"], []), row["name_en"]
        )
        for row in _rows("organisations.csv")
    ]
    return units


def _communal_units(changes: dict[str, list[dict[str, Any]]]) -> Iterator[PackagedUnit]:
    for row in _rows("units.csv"):
        names = _named(row["name"], row["kind"], changes.get(row["code"], []), LIST_OF_UNITS)
        yield PackagedUnit(
            row["code"],
            row["province_code"],
            names,
            english_name(names[-1].name, names[-1].kind),
            float(row["latitude"]),
            float(row["longitude"]),
            float(row["area_km2"]) if row["area_km2"] else None,
        )


def packaged_names_of_july_2025() -> dict[str, str]:
    """Names of the list of 1 July 2025, by code; most differ from today's only in spelling."""
    return {row["code"]: row["name"] for row in _rows("unit_names_2025-07.csv")}


def packaged_legacy_units() -> list[PackagedLegacyUnit]:
    return [
        PackagedLegacyUnit(
            row["ward_code"],
            row["ward"],
            row["district"],
            row["province"],
            row["new_code"],
            row["share"],
        )
        for row in _rows("legacy_units.csv")
    ]


def names_disagreeing_with_july_2025() -> list[str]:
    """Codes whose first name here is not the name of the list of July 2025 (marks aside); none."""
    listed = packaged_names_of_july_2025()
    return [
        unit.code
        for unit in packaged_units()
        if unit.code in listed and fold(unit.names[0].name) != fold(listed[unit.code])
    ]
