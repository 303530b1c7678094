import datetime as dt
import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.kernel.vietnamese import (
    fold,
    given_name_sort_key,
    is_vietnamese_syllable,
    looks_like_tcvn3,
    looks_like_vni,
    nfc,
    read_legacy_font,
    text_sort_key,
    vn_date,
    vn_long_date,
    vn_number,
    vn_percent,
)

SORTED_NAMES = [
    "Nguyễn Văn An",
    "Lê Đức Anh",
    "Trần Thị Ánh",
    "Hoàng Ăn",
    "Phạm Văn Ân",
    "Dương Dũng",
    "Đặng Thu Đào",
]
ORDINARY_TEXT = [
    "Nguyễn Văn An",
    "Trần Thị Hoà",
    "ĐẶNG THỊ ÁNH NGUYỆT",
    "Học viện Chính trị quốc gia Hồ Chí Minh",
    "Ủy ban nhân dân phường Thủy Nguyên, thành phố Hải Phòng",
    "Phòng Văn hoá – Xã hội",
    "Quyết định số 1503/QĐ-TTg ngày 05 tháng 02 năm 2026",
    "Y Bhiom Niê",
    "H'Hen Niê",
    "Lò Thị Ín",
    "Kpă Klơng",
    "Giàng A Páo",
    "Cà Thị Ú",
    "Thạch Sà Rây",
    "déjà vu à la crème brûlée",
    "Le théâtre, l'été, où naît Noël; la mère a reçu des élèves naïfs",
    "Thaïlande, Haïti, Israël, Zaïre",
    "Caméra de sécurité à Genève",
    "The naïve façade of the café",
    "Ångström, Müller, Peña, São Paulo, Müßiggang, Øresund",
    "5 µm ± 0,2 m² © 2026 ABC® §1",
    "Tôi yêu tiếng nước tôi từ khi mới ra đời",
    "oà khóc, xoá nhoà, khoẻ khoắn, thuý, quý, huỷ",
    "",
    "plain ascii",
]


def test_text_becomes_composed_with_plain_single_spaces():
    decomposed = unicodedata.normalize("NFD", "Hải Phòng")

    assert nfc(f" \ufeff{decomposed}\u00a0\u200b  Đồ\u00adSơn\n") == "Hải Phòng ĐồSơn"


@given(st.text())
def test_making_text_composed_twice_changes_nothing_more(text):
    assert nfc(nfc(text)) == nfc(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("written", ["ĐẶNG Thị Hoà", "đặng thị hòa", "Ðặng  Thị\u00a0Hòa"])
def test_names_written_differently_have_one_search_key(written):
    assert fold(written) == "dang thi hoa"


def test_people_are_sorted_by_given_name_in_the_order_of_the_vietnamese_alphabet():
    shuffled = sorted(SORTED_NAMES)

    assert sorted(shuffled, key=lambda n: given_name_sort_key(n).encode()) == SORTED_NAMES


@pytest.mark.parametrize(
    "ordered",
    [
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["da", "đa"],
        ["e", "ê", "ô", "ơ", "u", "ư"],
        ["Bình An", "Bình Ân", "An Bình"],
        ["Lê An", "Lê Thị An", "Lê Thị Thu An"],
        ["Nguyễn Thị Hoa", "Trần Thị Hoa"],
    ],
)
def test_letters_come_before_tones_and_given_names_before_family_names(ordered):
    keys = [given_name_sort_key(name).encode() for name in ordered]

    assert keys == sorted(keys)


def test_case_and_the_place_of_the_tone_mark_do_not_separate_equal_names():
    assert given_name_sort_key("LÊ THỊ HOÀ") == given_name_sort_key("Lê Thị Hòa")


def test_units_are_sorted_as_a_person_counts():
    names = ["Phường 10", "Phường 2", "Phường An Biên", "Đặc khu Cát Hải", "Xã An Lão"]

    ordered = sorted(names, key=lambda name: text_sort_key(name).encode())

    assert ordered == ["Đặc khu Cát Hải", "Phường 2", "Phường 10", "Phường An Biên", "Xã An Lão"]


@given(st.text(min_size=1))
def test_every_text_has_a_storable_sort_key(text):
    assert "\x00" not in text_sort_key(text.replace("\x00", ""))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("NguyÔn V¨n An", "Nguyễn Văn An"),
        ("Hä vµ tªn", "Họ và tên"),
        ("§ç §×nh §øc", "Đỗ Đình Đức"),
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("§¬n vÞ c«ng t¸c", "Đơn vị công tác"),
        ("Chøc vô", "Chức vụ"),
    ],
)
def test_text_in_a_tcvn3_font_is_recognised_and_can_be_read(typed, meant):
    assert looks_like_tcvn3(typed)
    assert not looks_like_vni(typed)
    assert read_legacy_font(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Nguyeãn Vaên An", "Nguyễn Văn An"),
        ("Traàn Thò Hoàng", "Trần Thị Hoàng"),
        ("TRAÀN THÒ HÖÔNG", "Trần Thị Hương"),
        ("Ñaëng Thuïc", "Đặng Thục"),
    ],
)
def test_text_in_a_vni_font_is_recognised(typed, meant):
    assert looks_like_vni(typed)
    assert fold(read_legacy_font(typed))[:4] == fold(meant)[:4]


@pytest.mark.parametrize("text", ORDINARY_TEXT)
def test_ordinary_text_is_not_taken_for_an_old_font(text):
    assert not looks_like_tcvn3(text)
    assert not looks_like_vni(text)
    assert read_legacy_font(text) == text


@pytest.mark.parametrize("word", ["nguyễn", "Quỳnh", "giếng", "huỳnh", "khuya", "nghiêng", "yến"])
def test_vietnamese_syllables_are_known(word):
    assert is_vietnamese_syllable(word)


@pytest.mark.parametrize("word", ["NguyÔn", "school", "père", "cat", "hả̀", "bzz"])
def test_other_words_are_not_syllables(word):
    assert not is_vietnamese_syllable(word)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (1234567.89, "1.234.567,89"),
        (3321, "3.321"),
        (Decimal("0.50"), "0,50"),
        (Fraction(1, 3), "0,33"),
        (-1234, "-1.234"),
        (0, "0"),
    ],
)
def test_numbers_have_dots_between_thousands_and_a_decimal_comma(value, printed):
    assert vn_number(value) == printed


def test_a_number_is_rounded_only_where_asked():
    assert vn_number(2.345, 1) == "2,3"


@pytest.mark.parametrize(
    ("ratio", "printed"),
    [
        (Fraction(7996, 10000), "79,9\u00a0%"),
        (Decimal("0.7999999"), "79,9\u00a0%"),
        (Fraction(4, 5), "80,0\u00a0%"),
        (Fraction(1), "100,0\u00a0%"),
        (0, "0,0\u00a0%"),
    ],
)
def test_a_share_below_a_threshold_never_prints_as_the_threshold(ratio, printed):
    assert vn_percent(ratio) == printed


@given(st.fractions(min_value=0, max_value=2))
def test_a_printed_share_never_exceeds_the_true_one(ratio):
    printed = vn_percent(ratio, 2).removesuffix("\u00a0%").replace(".", "").replace(",", ".")

    assert Fraction(printed) <= ratio * 100 < Fraction(printed) + Fraction(1, 100)


def test_dates_are_written_as_decree_30_asks():
    assert vn_date(dt.date(2026, 2, 5)) == "05/02/2026"
    assert vn_long_date(dt.date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert vn_long_date(dt.date(2026, 11, 21)) == "ngày 21 tháng 11 năm 2026"
    assert vn_long_date(dt.date(2026, 3, 1)) == "ngày 01 tháng 3 năm 2026"
