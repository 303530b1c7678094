"""The country as it is loaded from the packaged data."""

from collections import Counter
from datetime import date, datetime

import pytest

from hocvu.audit.models import AuditEntry
from hocvu.kernel.time import VIETNAM
from hocvu.units.actions import UnitCodeIsTaken, UnitIsClosed, create_unit, load_units
from hocvu.units.actions.packaged_data import names_disagreeing_with_july_2025, packaged_units
from hocvu.units.actions.tree import UnitCodeIsMalformed
from hocvu.units.models import LegacyUnit, Unit, UnitKind
from hocvu.units.queries import ancestors_of, names_of, predecessors_of, unit_with_code

NOVEMBER = datetime(2026, 11, 21, 8, tzinfo=VIETNAM)
AUGUST = datetime(2026, 8, 1, 8, tzinfo=VIETNAM)


@pytest.fixture
def country(db):
    load_units(at=NOVEMBER)


def test_the_country_has_its_34_provinces_and_3321_communes(country):
    kinds = Counter(Unit.objects.values_list("kind", flat=True))

    assert (kinds["city"], kinds["province"]) == (9, 25)
    assert kinds["commune"] + kinds["ward"] + kinds["special_zone"] == 3321
    assert kinds["special_zone"] == 13
    assert kinds["political_school"] == 34


def test_every_commune_lies_in_a_province_and_has_its_place_on_the_map(country):
    communes = Unit.objects.communal().select_related("parent")

    assert all(unit.parent.kind in {"province", "city"} for unit in communes)
    assert all(unit.path == f"VN.{unit.parent.code}.{unit.code}." for unit in communes)
    assert not communes.filter(latitude=None).exists()


def test_loading_twice_changes_nothing(country):
    entries = AuditEntry.objects.count()

    assert load_units(at=NOVEMBER) == 0
    assert AuditEntry.objects.count() == entries


def test_all_old_units_are_known_by_their_successors(country):
    assert LegacyUnit.objects.count() == 10_597
    assert LegacyUnit.objects.values("ward_code").distinct().count() == 10_035


def test_before_september_2026_bac_ninh_is_a_province(db):
    load_units(at=AUGUST)

    bac_ninh = unit_with_code("24")
    assert (bac_ninh.name, bac_ninh.kind) == ("Tỉnh Bắc Ninh", UnitKind.PROVINCE)

    load_units(at=NOVEMBER)
    bac_ninh.refresh_from_db()

    assert (bac_ninh.name, bac_ninh.kind) == ("Thành phố Bắc Ninh", UnitKind.CITY)


def test_names_through_time_follow_each_other_without_a_gap(country):
    newest, oldest = names_of(unit_with_code("26170"))

    assert (oldest.name, newest.name) == ("Xã Trị An", "Phường Trị An")
    assert oldest.valid_to == newest.valid_from == date(2026, 4, 30)
    assert newest.legal_basis == "237/NQ-UBTVQH16"
    assert oldest.held_on(date(2026, 4, 29))
    assert not oldest.held_on(date(2026, 4, 30))


def test_first_names_agree_with_the_list_of_july_2025():
    assert names_disagreeing_with_july_2025() == []


def test_codes_are_unique_and_without_dots():
    codes = [unit.code for unit in packaged_units()]

    assert len(codes) == len(set(codes))
    assert not any("." in code for code in codes)


def test_to_hieu_is_the_political_school_of_hai_phong(country):
    school = unit_with_code("TCT-31")

    assert school.name == "Trường Chính trị Tô Hiệu"
    assert [unit.code for unit in ancestors_of(school)] == ["VN", "31"]


def test_a_unit_tells_what_went_into_it(country):
    assert "Quận Lê Chân" in {old.district for old in predecessors_of(unit_with_code("11383"))}


def test_a_unit_is_created_once(country):
    hai_phong = unit_with_code("31")
    unit = create_unit(
        hai_phong, code="31-THU", kind="department", name="Ban Thử", by=None, at=NOVEMBER
    )

    again = create_unit(
        hai_phong, code="31-THU", kind="department", name="Ban Thử", by=None, at=NOVEMBER
    )

    assert again == unit
    assert unit.path == "VN.31.31-THU."
    assert names_of(unit)[0].valid_from == date(2026, 11, 21)


def test_a_code_in_use_is_refused(country):
    with pytest.raises(UnitCodeIsTaken, match="Sở Nội vụ"):
        create_unit(
            unit_with_code("31"),
            code="31-SNV",
            kind="department",
            name="Sở X",
            by=None,
            at=NOVEMBER,
        )


@pytest.mark.parametrize("code", ["31.1", "sở", "a", "", "X" * 36])
def test_a_code_that_would_break_the_path_is_refused(country, code):
    with pytest.raises(UnitCodeIsMalformed):
        create_unit(
            unit_with_code("31"), code=code, kind="department", name="Sở X", by=None, at=NOVEMBER
        )


def test_a_closed_unit_takes_no_children(country):
    hai_phong = unit_with_code("31")
    Unit.objects.filter(pk=hai_phong.pk).update(closed_on=date(2026, 1, 1))

    with pytest.raises(UnitIsClosed):
        create_unit(hai_phong, code="31-THU", kind="department", name="Sở X", by=None, at=NOVEMBER)
