import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.typesetting import missing_glyphs

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Ánh Nguyệt", "H'Hen Niê", "Y Bhiom Niê Kđăm", "Lê Thị Hồng Vân-Anh", ""]
)
def test_names_as_they_are_in_the_country_can_be_printed(name):
    assert missing_glyphs(name) == set()


@given(
    st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper()), min_size=1), st.sampled_from(TONES)
)
def test_every_vietnamese_letter_can_be_printed_with_every_tone(letters, tone):
    assert (
        missing_glyphs("".join(letter + tone for letter in letters if letter in "aeiou")) == set()
    )
    assert missing_glyphs(letters) == set()


@pytest.mark.parametrize("letter", "ŬĔŎŭĕŏ")
def test_letters_of_the_central_highlands_are_set_from_their_parts(letter):
    assert missing_glyphs(letter) == set()


@pytest.mark.parametrize("text", ["阮文", "Nguyễn \u02bc", "\U0001f600", "\u0007", "Ð\ufffd"])
def test_what_would_print_as_a_box_is_named(text):
    assert missing_glyphs(text)


def test_only_the_missing_characters_are_named():
    assert missing_glyphs("Nguyễn 阮 Văn 文") == {"阮", "文"}


@given(st.text())
def test_the_answer_does_not_depend_on_how_text_is_composed(text):
    assert missing_glyphs(unicodedata.normalize("NFD", text)) == missing_glyphs(text)
