"""Official documents are set in a face as wide as Times New Roman, where the machine has one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from hocvu.typesetting import Typesetter, document_face
from typesetting.printing import read

AT = datetime(2026, 2, 5, tzinfo=UTC)
TEMPLATE = """
#let page-of(values) = {
  set text(font: (values.face, "Be Vietnam Pro"), lang: "vi")
  values.title
}
"""
WIDTHS = {"a": 444, "M": 889, "5": 500, "g": 500, " ": 250}  # Times, thousandths of an em


@pytest.fixture
def face():
    found = document_face(settings.DOCUMENT_FONTS)
    if found is None:
        pytest.skip("needs Debian's fonts-croscore")
    return found


def test_letters_are_as_wide_as_in_times(face):
    regular = next(
        file for file in face.folder.glob("*-Regular.ttf")
        if file.name.startswith(face.family.replace(" ", ""))
    )  # fmt: skip
    with TTFont(regular) as font:
        em, metrics, glyph = font["head"].unitsPerEm, font["hmtx"], font.getBestCmap()
        measured = {letter: round(1000 * metrics[glyph[ord(letter)]][0] / em) for letter in WIDTHS}

    assert measured == WIDTHS


def test_a_document_carries_the_face_and_what_it_lacks_comes_from_ours(face, tmp_path):
    template = tmp_path / "page.typ"
    template.write_text(TEMPLATE)

    set_in_face = Typesetter(template, face=face).pdf({"title": "Quyết định số 5"}, at=AT)
    set_in_ours = Typesetter(template).pdf({"title": "Quyết định số 5"}, at=AT)

    assert face.family.replace(" ", "").encode() in set_in_face
    assert b"BeVietnamPro" not in set_in_face
    assert b"BeVietnamPro" in set_in_ours
    assert read(set_in_face) == read(set_in_ours)


def test_a_face_without_every_vietnamese_letter_is_left_alone(face, tmp_path):
    for file in face.folder.glob(f"{face.family.replace(' ', '')}-*.ttf"):
        _without_two_marks(file, tmp_path / file.name)

    assert document_face((tmp_path,)) is None


def test_a_face_without_italics_is_left_alone(face, tmp_path):
    for file in face.folder.glob(f"{face.family.replace(' ', '')}-*.ttf"):
        if "Italic" not in file.name:
            (tmp_path / file.name).symlink_to(file)

    assert document_face((tmp_path,)) is None


def test_a_folder_that_is_not_there_offers_nothing():
    assert document_face((Path("/nowhere/fonts"),)) is None


def _without_two_marks(source, target):
    with TTFont(source) as font:
        subsetter = Subsetter(Options(hinting=False, layout_features=[]))
        subsetter.populate(unicodes=[code for code in font.getBestCmap() if code < 0x1EA0])
        subsetter.subset(font)
        font.save(target)
