import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.typesetting.faces import FACES, face

LETTERS = "AVTWYLPoae.,-'0147ẤỆữđĐnguyễ"


@given(st.text(LETTERS, min_size=1, max_size=12), st.sampled_from(FACES))
def test_a_word_set_quickly_is_the_word_set_with_care(text, name):
    set_in = face(name)

    quickly, with_care = set_in._set_plainly(text), set_in._set(text)

    assert quickly.width == with_care.width
    numbers = "".join(f"{each.number:04X}" for one in with_care.letters for each in one.glyphs)
    assert "".join(part.split("<")[-1] for part in quickly.shown.split(">")) == numbers


def test_pairs_are_moved_together():
    regular = face("Regular")

    apart = regular.word("A").width + regular.word("V").width

    assert regular.word("AV").width < apart
    assert regular.word("nn").width == 2 * regular.word("n").width


@pytest.mark.parametrize("name", FACES)
def test_a_mark_stands_on_its_letter_and_takes_no_room(name):
    set_in = face(name)

    (letter,) = set_in.word("Ŭ").letters

    base, mark = letter.glyphs
    assert letter.text == "Ŭ"
    assert set_in.word("Ŭ").width == set_in.word("U").width
    assert mark.advance == 0
    assert -set_in.advances[base.number] < mark.before < 0


def test_there_is_no_other_face():
    with pytest.raises(KeyError):
        face("Wingdings")
