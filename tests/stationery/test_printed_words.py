"""The words on certificates, and the parameters of how they look."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.stationery.rules.fields import (
    CATALOGUE,
    OWN_FIELDS,
    SAMPLE_BATCH,
    SAMPLE_COPY,
    SAMPLE_HOLDER,
    sample_texts,
)
from hocvu.stationery.rules.look import Flaw, complete_look, contrast, default_look, flaws_of
from hocvu.stationery.rules.samples import Sample, common_texts, own_texts
from hocvu.stationery.rules.texts import (
    batch_texts,
    copy_texts,
    english_day,
    holder_texts,
    long_day,
)
from hocvu.typesetting import missing_glyphs


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 12), "ngày 12 tháng 3 năm 2026"),
        (date(2026, 11, 9), "ngày 09 tháng 11 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
    ],
)
def test_days_are_written_as_decree_30_writes_them(day, words):
    assert long_day(day) == words


def test_days_in_english_are_written_out():
    assert english_day(date(2026, 2, 5)) == "5 February 2026"


@pytest.mark.parametrize(
    ("birth", "words"),
    [
        ("12/05/1985", "Sinh ngày 12/05/1985"),
        ("05/1985", "Sinh tháng 05/1985"),
        ("1968", "Sinh năm 1968"),
        ("", ""),
    ],
)
def test_of_a_birth_only_what_is_known_is_printed(birth, words):
    assert holder_texts(replace(SAMPLE_HOLDER, birth_text=birth))["born"] == words


@pytest.mark.parametrize(
    ("birth", "place", "vietnamese", "both"),
    [
        ("12/05/1985", "Huế", "Sinh ngày 12/05/1985, tại Huế",
         "Sinh ngày 12/05/1985, tại Huế / Born: 12/05/1985"),
        ("1968", "", "Sinh năm 1968", "Sinh năm 1968 / Born: 1968"),
        ("", "Huế", "Sinh tại Huế", "Sinh tại Huế"),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_place_and_date_of_birth_stand_together_without_stray_signs(birth, place, vietnamese, both):
    texts = holder_texts(replace(SAMPLE_HOLDER, birth_text=birth, birth_place=place))

    assert (texts["born_where"], texts["born_bilingual"]) == (vietnamese, both)


@pytest.mark.parametrize(("sex", "word"), [("male", "ông"), ("female", "bà"), ("", "ông/bà")])
def test_a_holder_is_addressed_by_what_is_known(sex, word):
    assert holder_texts(replace(SAMPLE_HOLDER, sex=sex))["address"] == word


def test_post_and_unit_stand_together_without_a_stray_comma():
    assert holder_texts(replace(SAMPLE_HOLDER, post="", unit="Xã Mẫu"))["post_and_unit"] == "Xã Mẫu"
    both = holder_texts(replace(SAMPLE_HOLDER, post="Chủ tịch", unit="Xã Mẫu"))
    assert both["post_and_unit"] == "Chủ tịch, Xã Mẫu"


def test_the_moment_of_signing_is_told_in_vietnam_time():
    signed = replace(SAMPLE_HOLDER, signed_at=datetime(2026, 12, 31, 18, 30, 5, tzinfo=UTC))

    assert holder_texts(signed)["signed_at"] == "01/01/2027 01:30:05 +07:00"


def test_a_name_is_printed_exactly_as_the_register_holds_it():
    texts = holder_texts(replace(SAMPLE_HOLDER, full_name="lê văn MẪU"))

    assert texts["holder_name"] == "lê văn MẪU"


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("in_person", "Tập trung"),
        ("online", "Trực tuyến"),
        ("blended", "Kết hợp trực tiếp và trực tuyến"),
    ],
)
def test_the_form_of_training_has_the_name_the_decree_gives_it(mode, words):
    assert batch_texts(replace(SAMPLE_BATCH, mode=mode))["mode"] == words


def test_every_text_given_is_a_field_and_every_field_is_given():
    given_texts = batch_texts(SAMPLE_BATCH) | holder_texts(SAMPLE_HOLDER) | copy_texts(SAMPLE_COPY)

    assert given_texts == sample_texts()
    assert {field.name for field in CATALOGUE if field.differs} == OWN_FIELDS
    assert not batch_texts(SAMPLE_BATCH).keys() & OWN_FIELDS


@pytest.mark.parametrize("sample", Sample)
def test_every_sample_gives_every_field_in_letters_we_can_print(sample):
    common = common_texts(sample, "TRƯỜNG MẪU", [("Chương trình", "Programme")])

    for own in own_texts(sample, ["Xã Mẫu, Tỉnh Mẫu"]):
        assert (common | own).keys() == sample_texts().keys()
        assert missing_glyphs("".join((common | own).values())) == set()


# --- Look ----------------------------------------------------------------------------------------


def test_a_look_that_says_nothing_is_the_default():
    assert complete_look({}) == default_look()
    assert flaws_of(default_look()) == {}


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"title": ""}, {"title": Flaw.EMPTY}),
        ({"title": "A" * 201}, {"title": Flaw.TOO_LONG}),
        ({"title_english": ""}, {}),
        ({"accent": "blue"}, {"accent": Flaw.NO_COLOUR}),
        ({"accent": "#FFD166"}, {"accent": Flaw.TOO_PALE}),
        ({"accent": "#A34A00"}, {}),
    ],
)
def test_what_is_wrong_with_a_look_is_named(change, flaw):
    assert flaws_of(default_look(**change)) == flaw


def test_what_is_no_parameter_is_left_out():
    assert "font" not in complete_look({"font": "Comic Sans"})


@given(
    st.from_regex(r"#[0-9A-F]{6}", fullmatch=True), st.from_regex(r"#[0-9A-F]{6}", fullmatch=True)
)
def test_contrast_is_the_same_both_ways_and_within_its_bounds(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
