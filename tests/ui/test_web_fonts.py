"""Be Vietnam Pro for pages: small, complete for Vietnamese, with digits of equal width."""

import pytest
from fontTools.ttLib import TTFont

from hocvu.ui.fonts import STYLES, build_web_fonts

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONED = "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fonts")
    build_web_fonts(folder)
    return folder


def test_each_style_is_light_enough_for_a_weak_network(fonts):
    sizes = {file.name: file.stat().st_size for file in fonts.iterdir()}

    assert set(sizes) == {f"BeVietnamPro-{style}.woff2" for style in STYLES}
    assert max(sizes.values()) < 25_000


def test_every_letter_of_vietnamese_is_there(fonts):
    letters = set(ALPHABET + TONED)
    with TTFont(fonts / "BeVietnamPro-Regular.woff2") as font:
        covered = {chr(code) for code in font.getBestCmap()}

    assert letters | {letter.upper() for letter in letters} <= covered


def test_tabular_digits_are_equally_wide(fonts):
    with TTFont(fonts / "BeVietnamPro-SemiBold.woff2") as font:
        table = font["GSUB"].table
        offered = [each for each in table.FeatureList.FeatureRecord if each.FeatureTag == "tnum"]
        lookup = table.LookupList.Lookup[offered[0].Feature.LookupListIndex[0]]
        digits = lookup.SubTable[0].mapping
        widths = {font["hmtx"][name][0] for name in digits.values()}

    assert len(digits) == 10
    assert len(widths) == 1


def test_fonts_already_there_are_left_alone(fonts):
    before = {file: file.stat().st_mtime_ns for file in fonts.iterdir()}

    build_web_fonts(fonts)

    assert {file: file.stat().st_mtime_ns for file in fonts.iterdir()} == before
