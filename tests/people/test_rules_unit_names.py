import unicodedata

import pytest

from hocvu.people.rules.unit_names import (
    UnitNameKey,
    UnitNameKind,
    split_unit_text,
    unit_name_key,
)

THUY_NGUYEN = UnitNameKey(UnitNameKind.WARD, "thuy nguyen")
HAI_PHONG = UnitNameKey(UnitNameKind.CITY, "hai phong")


@pytest.mark.parametrize(
    "written",
    [
        "Phường Thủy Nguyên",
        "phường Thuỷ Nguyên",
        "PHƯỜNG THỦY NGUYÊN",
        "P. Thủy Nguyên",
        "P.Thủy Nguyên",
        "UBND phường Thủy Nguyên",
        "Ủy ban nhân dân phường Thủy Nguyên",
        "Uỷ ban nhân dân phường Thuỷ Nguyên",
        "Đảng ủy phường Thủy Nguyên",
        "HĐND và UBND phường Thủy Nguyên",
        "Văn phòng HĐND và UBND phường Thủy Nguyên",
        "UBND phuong Thuy Nguyen",
        "UBND P. Thủy Nguyên",
        unicodedata.normalize("NFD", "Phường Thủy Nguyên"),
    ],
)
def test_one_ward_has_one_key_however_it_is_written(written):
    assert unit_name_key(written) == THUY_NGUYEN


@pytest.mark.parametrize(
    "written",
    [
        "UBND phường Thủy Nguyên, TP Hải Phòng",
        "Phường Thủy Nguyên - thành phố Hải Phòng",
        "phường Thủy Nguyên thành phố Hải Phòng",
        "Phường Thủy Nguyên (TP. Hải Phòng)",
        "P. Thủy Nguyên; TP.Hải Phòng",
        "phường Thuỷ Nguyên\nthành phố Hải Phòng",
        "phường Thủy Nguyên thuộc thành phố Hải Phòng",
    ],
)
def test_what_the_unit_lies_in_is_kept_as_its_parent(written):
    assert unit_name_key(written) == UnitNameKey(UnitNameKind.WARD, "thuy nguyen", (HAI_PHONG,))


@pytest.mark.parametrize(
    ("written", "kind", "name"),
    [
        ("Huyện Quan Sơn", UnitNameKind.DISTRICT, "quan son"),
        ("Thị xã Quảng Trị", UnitNameKind.TOWN, "quang tri"),
        ("Xã Tân Xã", UnitNameKind.COMMUNE, "tan xa"),
        ("Phường Phường Đúc", UnitNameKind.WARD, "phuong duc"),
        ("Đặc khu Cát Hải", UnitNameKind.SPECIAL_ZONE, "cat hai"),
        ("Bạch Long Vĩ (đặc khu)", UnitNameKind.SPECIAL_ZONE, "bach long vi"),
        ("Thành ủy Hải Phòng", UnitNameKind.CITY, "hai phong"),
        ("Tỉnh ủy Quảng Ninh", UnitNameKind.PROVINCE, "quang ninh"),
        ("Tỉnh Bà Rịa - Vũng Tàu", UnitNameKind.PROVINCE, "ba ria vung tau"),
        ("TP.HCM", UnitNameKind.CITY, "ho chi minh"),
        ("Phường 01", UnitNameKind.WARD, "1"),
        ("P.1", UnitNameKind.WARD, "1"),
        ("Q3", UnitNameKind.DISTRICT, "3"),
        ("Xã Ia H’Drai", UnitNameKind.COMMUNE, "ia h'drai"),
        ("Sở Nội vụ", None, "so noi vu"),
        ("Phòng Văn hóa - Xã hội", None, "phong van hoa xa hoi"),
        ("Phòng Văn hóa, Xã hội", None, "phong van hoa xa hoi"),
        ("Trường Đại học Quan Sơn", None, "truong dai hoc quan son"),
        ("", None, ""),
    ],
)
def test_kinds_are_told_from_names(written, kind, name):
    key = unit_name_key(written)
    assert (key.kind, key.name, key.parents) == (kind, name, ())


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Xã Tân Xã Huyện Thạch Thất", ["tan xa", "thach that"]),
        ("Phường Minh An Thành phố Hội An", ["minh an", "hoi an"]),
        ("Xã Thân Thuộc Huyện Tân Uyên", ["than thuoc", "tan uyen"]),
        ("Xã Cây Thị Huyện Đồng Hỷ", ["cay thi", "dong hy"]),
        ("Xã Thượng Quận Thị xã Kinh Môn", ["thuong quan", "kinh mon"]),
    ],
)
def test_names_that_contain_words_of_kinds_stay_whole(written, names):
    key = unit_name_key(written)

    assert [key.name, *(parent.name for parent in key.parents)] == names


def test_an_office_of_a_commune_names_the_commune_as_parent():
    key = unit_name_key("Phòng Văn hóa - Xã hội phường Thủy Nguyên, TP Hải Phòng")

    assert key == UnitNameKey(None, "phong van hoa xa hoi", (THUY_NGUYEN, HAI_PHONG))


def test_a_text_is_split_from_the_inside_out():
    assert split_unit_text("P.1, Q.3, TP. Hồ Chí Minh") == ("P.1", "Q.3", "TP. Hồ Chí Minh")
