"""Units and their dated names."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    NATION = "nation", _("nation")
    PROVINCE = "province", _("province")
    CITY = "city", _("centrally run city")
    COMMUNE = "commune", _("commune")
    WARD = "ward", _("ward")
    SPECIAL_ZONE = "special_zone", _("special zone")
    MINISTRY = "ministry", _("ministry")
    DEPARTMENT = "department", _("department")
    ACADEMY = "academy", _("academy")
    REGIONAL_ACADEMY = "regional_academy", _("regional academy")
    POLITICAL_SCHOOL = "political_school", _("provincial political school")
    UNIVERSITY = "university", _("university")
    ENTERPRISE = "enterprise", _("enterprise")


PROVINCIAL_KINDS = (UnitKind.PROVINCE, UnitKind.CITY)
COMMUNAL_KINDS = (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE)


class UnitQuerySet(models.QuerySet["Unit"]):
    def under(self, path: str) -> "UnitQuerySet":
        """The unit at this path and everything below it."""
        return self.filter(path__startswith=path)

    def communal(self) -> "UnitQuerySet":
        return self.filter(kind__in=COMMUNAL_KINDS)

    def provincial(self) -> "UnitQuerySet":
        return self.filter(kind__in=PROVINCIAL_KINDS)


class Unit(models.Model):
    """One unit of the tree, with its name and kind of today (history: `UnitName`).

    `path` is the codes from the root down, each closed by a dot: `VN.31.11311.`; a subtree is
    a prefix, so moving a unit rewrites the paths below it in the same transaction.
    """

    code = models.CharField(max_length=35, unique=True, db_collation="C")
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=255, unique=True, db_collation="C")
    name = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250, blank=True)
    search_key = models.CharField(max_length=250, db_index=True)
    sort_key = models.CharField(max_length=500, db_collation="C", db_index=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    area_km2 = models.FloatField(null=True)
    closed_on = models.DateField(null=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(path__endswith="."), name="unit_path_ends_with_a_dot"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_communal(self) -> bool:
        return self.kind in COMMUNAL_KINDS

    @property
    def ancestor_paths(self) -> list[str]:
        """Paths from the root down to this unit, itself included."""
        codes = self.path.split(".")[:-1]
        return [".".join(codes[: depth + 1]) + "." for depth in range(len(codes))]


class UnitName(models.Model):
    """What a unit was called, and what kind it was, from one day until another."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(max_length=250)
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # first day it no longer held
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="one_name_begins_on_a_day"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to=None), name="a_unit_has_one_name_today"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="unit_name_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def held_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class LegacyUnit(models.Model):
    """A unit before July 2025 and where it went (old rosters still use its name)."""

    class Share(models.TextChoices):
        WHOLE = "whole", _("whole")
        PART = "part", _("part")
        PART_DEFAULT = "part_default", _("the usual successor of a divided unit")

    ward_code = models.CharField(max_length=5, db_collation="C")
    name = models.CharField(max_length=250)
    district = models.CharField(max_length=250)
    province = models.CharField(max_length=250)
    name_key = models.CharField(max_length=250, db_index=True)
    district_key = models.CharField(max_length=250)
    province_key = models.CharField(max_length=250)
    successor = models.ForeignKey(Unit, models.CASCADE, related_name="predecessors")
    share = models.CharField(max_length=12, choices=Share.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ward_code", "successor"], name="a_legacy_unit_names_a_successor_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.district}, {self.province}"


def path_below(parent: Unit | None, code: str) -> str:
    """The path of a unit with this code under that parent."""
    return f"{parent.path if parent else ''}{code}."


__all__: list[Any] = [
    "COMMUNAL_KINDS",
    "PROVINCIAL_KINDS",
    "LegacyUnit",
    "Unit",
    "UnitKind",
    "UnitName",
    "path_below",
]
