"""Fictional people. Their identity numbers begin with 000, which no province was ever given."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import count, cycle, islice
from pathlib import Path
from random import Random

from hocvu.people.actions import NewPerson
from hocvu.people.models import Category, Sex
from hocvu.people.rules.ethnic_groups import ETHNIC_GROUPS, MAJORITY
from hocvu.units.models import PROVINCIAL_KINDS, Unit

_NAMES = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
_FAMILY = _NAMES["family"].split()
_MIDDLE = {sex: _NAMES[sex.value]["middle"].split() for sex in Sex}
_GIVEN = {sex: _NAMES[sex.value]["given"].split() for sex in Sex}

_LEADERS = (
    ("Bí thư Đảng ủy", Category.CADRE),
    ("Chủ tịch Hội đồng nhân dân", Category.CADRE),
    ("Chủ tịch Ủy ban nhân dân", Category.CADRE),
    ("Phó Chủ tịch Ủy ban nhân dân", Category.CADRE),
    ("Chủ tịch Ủy ban Mặt trận Tổ quốc", Category.CADRE),
)
_STAFF = (("Chuyên viên Văn phòng HĐND và UBND", Category.CIVIL_SERVANT),)
_DEPARTMENT_LEADERS = (
    ("Phó Giám đốc", Category.CIVIL_SERVANT),
    ("Trưởng phòng", Category.CIVIL_SERVANT),
    ("Phó Trưởng phòng", Category.CIVIL_SERVANT),
)
_DEPARTMENT_STAFF = (
    ("Chuyên viên", Category.CIVIL_SERVANT),
    ("Viên chức", Category.PUBLIC_EMPLOYEE),
    ("Nhân viên hợp đồng", Category.CONTRACT_WORKER),
)

_LEADERS_IN_A_DEPARTMENT = 8
_STAFF_IN_A_DEPARTMENT = 12
_TURN_OF_THE_CENTURY = 2000
_MINORITIES = tuple(code for code in ETHNIC_GROUPS if code != MAJORITY)
_SHARE_OF_THE_MAJORITY = 0.85  # about as at the census of 2019
_BORN_IN_THE_SAME_PROVINCE = 0.8
_BIRTH_PLACES_WITH_A_COMMUNE = 0.6  # the other dossiers name the province alone


class Fiction:
    """Makes up people, the same ones for the same seed."""

    def __init__(self, seed: int, *, first_number: int = 1) -> None:
        self._chance = Random(seed)  # noqa: S311 — fiction, not secrets
        self._groups = Random(seed)  # noqa: S311 — apart, so that names stay what they were
        self._places = Random(seed)  # noqa: S311 — apart for the same reason
        self._last_digits = count(first_number)

    def of_commune(self, unit: Unit) -> Iterator[NewPerson]:
        """Five leaders and one specialist."""
        for title, category in (*_LEADERS, *_STAFF):
            yield self.person(unit, title, category)

    def of_department(self, unit: Unit) -> Iterator[NewPerson]:
        """Eight leaders of the department and its divisions, twelve who work there."""
        posts = [
            *islice(cycle(_DEPARTMENT_LEADERS), _LEADERS_IN_A_DEPARTMENT),
            *islice(cycle(_DEPARTMENT_STAFF), _STAFF_IN_A_DEPARTMENT),
        ]
        for title, category in posts:
            yield self.person(unit, title, category)

    def person(self, unit: Unit, title: str, category: Category) -> NewPerson:
        chance = self._chance
        sex = chance.choice((Sex.MALE, Sex.FEMALE))
        year = chance.randint(1967, 2002)
        sex_and_century = {Sex.MALE: "02", Sex.FEMALE: "13"}[sex][year >= _TURN_OF_THE_CENTURY]
        family, middle = chance.choice(_FAMILY), chance.choice(_MIDDLE[sex])
        return NewPerson(
            full_name=f"{family} {middle} {chance.choice(_GIVEN[sex])}",
            unit_id=unit.pk,
            category=category,
            sex=sex,
            birth_year=year,
            birth_month=chance.randint(1, 12),
            birth_day=chance.randint(1, 28),
            identity_number=f"000{sex_and_century}{year % 100:02d}{next(self._last_digits):06d}",
            title=title,
            ethnic_group=self._ethnic_group(),
            birth_place=self._birth_place(unit),
        )

    def _ethnic_group(self) -> str:
        chance = self._groups
        return MAJORITY if chance.random() < _SHARE_OF_THE_MAJORITY else chance.choice(_MINORITIES)

    def _birth_place(self, unit: Unit) -> str:
        """A real province, often the one a person works in, with or without one of its communes."""
        chance, provinces = self._places, self._provinces
        if not provinces:
            return ""
        own = next((path for path in unit.ancestor_paths if path in provinces), None)
        stayed = own is not None and chance.random() < _BORN_IN_THE_SAME_PROVINCE
        born_in = own if own and stayed else chance.choice(list(provinces))
        province, communes = provinces[born_in]
        if not communes or chance.random() >= _BIRTH_PLACES_WITH_A_COMMUNE:
            return province.removeprefix("Thành phố ").removeprefix("Tỉnh ")
        return f"{chance.choice(communes)}, {province[0].lower()}{province[1:]}"

    @cached_property
    def _provinces(self) -> dict[str, tuple[str, list[str]]]:
        """The name of each province by its path, with the names of its communes."""
        communes: defaultdict[int | None, list[str]] = defaultdict(list)
        for parent_id, name in (
            Unit.objects.communal().order_by("path").values_list("parent_id", "name")
        ):
            communes[parent_id].append(name)
        provinces = Unit.objects.filter(kind__in=PROVINCIAL_KINDS).order_by("path")
        return {each.path: (each.name, communes[each.pk]) for each in provinces}


LEADERS_OF_A_COMMUNE = len(_LEADERS)
LEADER_TITLES = tuple(title for title, _category in _LEADERS)
DEPARTMENT_LEADER_TITLES = tuple(title for title, _category in _DEPARTMENT_LEADERS)
