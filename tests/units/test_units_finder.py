"""What rosters write, and which unit it means."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.kernel.time import VIETNAM
from hocvu.kernel.vietnamese import fold
from hocvu.units.actions import load_units
from hocvu.units.models import Unit
from hocvu.units.queries import KindOfMatch, UnitFinder
from hocvu.units.rules import english_name, exact_key, loose_key, read_unit_text

HAI_PHONG = "VN.31."


@pytest.fixture(scope="module")
def finder(django_db_setup, django_db_blocker):
    """Loaded once; what it loads is taken away again."""
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            load_units(at=datetime(2026, 11, 21, tzinfo=VIETNAM))
            found = UnitFinder()
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phường Thủy Nguyên", "11560"),
        ("phường Thuỷ Nguyên", "11560"),
        ("UBND P. Thuỷ Nguyên, TP. Hải Phòng", "11560"),
        ("P.Thủy Nguyên", "11560"),
        ("PHUONG THUY NGUYEN", "11560"),
        ("Thủy Nguyên", "11560"),
        ("Đảng ủy phường Lê Chân", "11383"),
        ("Văn phòng HĐND và UBND xã An Lão", "11629"),
        ("Phòng Kinh tế, UBND xã An Lão", "11629"),
        ("phường An Biên thành phố Hải Phòng", "11407"),
        ("Sở KH&CN", "31-SKHCN"),
        ("Sở KH & CN TP Hải Phòng", "31-SKHCN"),
        ("Trung tâm điều hành thông minh", "31-IOC"),
        ("Trường chính trị Tô Hiệu", "TCT-31"),
        ("Đặc khu Bạch Long Vĩ", "11948"),
        ("UBND thành phố Hải Phòng", "31"),
    ],
)
def test_a_name_of_today_is_found_however_it_is_written(finder, text, code):
    match = finder.find(text, within_path=HAI_PHONG)

    assert (match.unit.code, match.kind_of_match) == (code, KindOfMatch.EXACT)


@pytest.mark.parametrize(
    ("text", "code", "old"),
    [
        ("phường Hưng Đạo, quận Dương Kinh", "11689", "Quận Dương Kinh"),
        ("Tỉnh Hải Dương", "31", "Tỉnh Hải Dương"),
        ("Huyện đảo Bạch Long Vĩ", "11948", "Huyện đảo Bạch Long Vĩ"),
        ("Phường 5, Q3, TPHCM", "27154", "Quận 3"),
        ("Xã Trị An", "26170", "Xã Trị An"),
    ],
)
def test_an_old_name_is_mapped_and_shown_as_such(finder, text, code, old):
    match = finder.find(text)

    assert (match.unit.code, match.kind_of_match) == (code, KindOfMatch.LEGACY)
    assert old in match.legacy_name


def test_a_divided_unit_gives_its_usual_successor_with_a_doubt(finder):
    match = finder.find("Phường Cầu Đất, quận Ngô Quyền", within_path=HAI_PHONG)

    assert match.kind_of_match is KindOfMatch.AMBIGUOUS
    assert match.unit.code == "11383"
    assert len(match.candidates) == 2


def test_a_former_district_names_its_communes_but_chooses_none(finder):
    match = finder.find("UBND huyện An Dương", within_path=HAI_PHONG)

    assert match.unit is None
    assert match.kind_of_match is KindOfMatch.AMBIGUOUS
    assert "Phường An Dương" in {unit.name for unit in match.candidates}


def test_a_name_borne_by_several_communes_needs_its_province(finder):
    assert finder.find("Xã Tân Thành").kind_of_match is KindOfMatch.AMBIGUOUS
    assert finder.find("Xã Tân Thành", province="Cà Mau").unit.path.startswith("VN.96.")


def test_a_department_without_its_province_is_not_guessed(finder):
    assert finder.find("Sở Nội vụ").unit is None
    assert finder.find("Sở Nội vụ thành phố Hải Phòng").unit.code == "31-SNV"
    assert finder.find("Sở Nội vụ tỉnh Cà Mau").unit is None


def test_marks_decide_where_two_communes_differ_only_in_marks(finder):
    assert finder.find("Xã Cẩm Giàng", within_path=HAI_PHONG).unit.name == "Xã Cẩm Giàng"
    assert finder.find("xa cam giang", within_path=HAI_PHONG).unit is None


def test_nothing_outside_the_subtree_is_found(finder):
    assert finder.find("Phường Ba Đình", within_path=HAI_PHONG).unit is None
    assert finder.find("Phường Ba Đình, Hà Nội", within_path=HAI_PHONG).unit is None


def test_an_unknown_workplace_in_a_known_commune_proposes_the_commune(finder):
    match = finder.find("Trường THCS Lê Lợi", commune="Phường Lê Chân", within_path=HAI_PHONG)

    assert match.kind_of_match is KindOfMatch.UNKNOWN
    assert [unit.code for unit in match.candidates] == ["11383"]


def test_a_body_alone_means_its_commune(finder):
    assert finder.find("UBND", commune="Phường Lê Chân", within_path=HAI_PHONG).unit.code == "11383"


@pytest.mark.parametrize("text", ["", "   ", "UBND", "Công ty ABC", ",,;", "x" * 3000])
def test_what_names_no_unit_is_unknown(finder, text):
    match = finder.find(text, within_path=HAI_PHONG)

    assert (match.unit, match.kind_of_match) == (None, KindOfMatch.UNKNOWN)


def test_every_commune_is_found_by_its_own_name_and_province(finder):
    units = [unit for unit in finder._units.values() if isinstance(unit, Unit) and unit.is_communal]

    wrong = [
        unit.name
        for unit in units
        if finder.find(unit.name, within_path=f"VN.{unit.path.split('.')[1]}.").unit != unit
    ]

    assert len(units) == 3321
    assert wrong == []


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    assert all(isinstance(exact_key(reading), str) for reading in read_unit_text(text).readings)


@given(st.text("aăâbcđeêghiklmnoôơpquưvxyáàảãạấầẩẫậớờởỡợ .,-()0123456789", max_size=60))
def test_case_never_counts(text):
    read = read_unit_text(text)

    for reading in read.readings:
        assert exact_key(reading) == exact_key(reading.upper().lower())
        assert loose_key(reading) == loose_key(fold(reading))


def test_english_names_are_made_for_communes_only():
    assert english_name("Phường Thủy Nguyên", "ward") == "Thuy Nguyen Ward"
    assert english_name("Đặc khu Côn Đảo", "special_zone") == "Con Dao Special Zone"
    assert english_name("Sở Nội vụ", "department") == ""
