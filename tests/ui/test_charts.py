"""Pictures of numbers: every unit at its place, told apart without colour."""

import csv
import re
from fractions import Fraction
from math import cos, radians
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hocvu
from hocvu.ui.charts import NATION, Area, Dot, Frame, dot_map, lamp_level, lamp_svg, target_bar

HOANG_SA = (112.135, 16.568)
TRUONG_SA = (114.45, 9.71)
TARGET = Fraction(4, 5)

shares = st.fractions(min_value=0, max_value=1, max_denominator=10_000)


@pytest.fixture(scope="module")
def nation() -> list[Dot]:
    file = Path(hocvu.__file__).parent / "units" / "data" / "units.csv"
    with file.open(encoding="utf-8") as opened:
        return [
            Dot(float(row["longitude"]), float(row["latitude"]), at % 5)
            for at, row in enumerate(csv.DictReader(opened))
        ]


def dots_drawn(svg: str) -> list[tuple[float, float]]:
    """Where the dots of a map by level stand, in units of the drawing."""
    places = []
    for path in re.findall(r' d="([^"]+h0)"', svg):
        x = y = 0
        for across, down in re.findall(r"m(-?\d+) ?(-?\d+)h0", path):
            x, y = x + int(across), y + int(down)
            places.append((x / 10, y / 10))
    return places


# Lamps


def test_a_lamp_is_fully_lit_at_its_target_and_not_just_below():
    assert lamp_level(TARGET, TARGET) == 4
    assert lamp_level(0.8, TARGET) == 4
    assert lamp_level(Fraction(79_999, 100_000), TARGET) == 3


def test_a_lamp_of_nobody_is_dark():
    assert lamp_level(0, TARGET) == lamp_level(None, TARGET) == 0


def test_a_single_person_already_glows():
    assert lamp_level(Fraction(1, 10_000), TARGET) == 1


@given(shares, shares)
def test_more_people_never_dim_a_lamp(one, other):
    less, more = sorted((one, other))

    assert lamp_level(less, TARGET) <= lamp_level(more, TARGET)


def test_lamps_differ_in_size_as_well_as_in_colour():
    radii = [
        float(re.search(r'class="lamp-\d" [^>]* r="([\d.]+)"', lamp_svg(n))[1]) for n in range(5)
    ]

    assert radii == sorted(set(radii))


def test_only_the_full_lamp_casts_rays():
    assert ["lamp-rays" in lamp_svg(level) for level in range(5)] == [False] * 4 + [True]


def test_a_lamp_without_a_label_is_an_ornament():
    assert 'aria-hidden="true"' in lamp_svg(2)
    assert 'aria-label="64 %"' in lamp_svg(2, label="64 %")


# Map


def test_every_unit_is_one_dot(nation):
    svg = dot_map(nation, title="3.321 đơn vị")

    assert len(nation) == len(dots_drawn(svg)) == 3321


def test_the_map_of_the_nation_is_small_enough_for_a_weak_network(nation):
    assert len(dot_map(nation, title="3.321 đơn vị").encode()) < 60_000


def test_dots_stand_at_their_true_place(nation):
    svg = dot_map(nation, title="")
    scale = 560 / (NATION.east - NATION.west)
    stretch = 1 / cos(radians((NATION.north + NATION.south) / 2))

    true_places = sorted(
        ((dot.longitude - NATION.west) * scale, (NATION.north - dot.latitude) * scale * stretch)
        for dot in nation
    )

    for drawn, true in zip(sorted(dots_drawn(svg)), true_places, strict=True):
        assert drawn[0] == pytest.approx(true[0], abs=0.06)
    assert {round(y) for _x, y in dots_drawn(svg)} == {
        round(y, 1).__round__() for _x, y in true_places
    }


@pytest.mark.parametrize(
    ("place", "name"), [(HOANG_SA, "Quần đảo Hoàng Sa"), (TRUONG_SA, "Quần đảo Trường Sa")]
)
def test_the_archipelagos_are_on_the_map_and_named(place, name):
    svg = dot_map([Dot(*place, 4)], title="")

    assert name in svg
    assert dots_drawn(svg) == [pytest.approx(NATION.place(*place), abs=0.06)]


def test_a_map_of_a_province_names_no_archipelago_it_does_not_show():
    dots = [Dot(106.6, 20.8, 1), Dot(106.8, 20.9, 3)]

    assert "Quần đảo" not in dot_map(dots, title="Hải Phòng", frame=Frame.around(dots))


def test_the_finding_is_what_a_screen_reader_says(nation):
    svg = ET.fromstring(dot_map(nation, title="2.131 trên 3.321 đơn vị đã thắp sáng"))

    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "2.131 trên 3.321 đơn vị đã thắp sáng"


def test_dots_of_each_level_have_their_own_size(nation):
    widths = re.findall(r'stroke-width="(\d+)"', dot_map(nation, title=""))

    assert len(set(widths)) == 5


def test_few_units_become_links_with_their_names():
    svg = dot_map([Dot(106.6, 20.8, 4, label="Phường Thủy Nguyên: 91 %", href="/u/1/")], title="")

    assert 'href="/u/1/" aria-label="Phường Thủy Nguyên: 91 %"' in svg
    assert 'role="group"' in svg


def test_a_province_is_one_link_and_its_outline_does_not_span_the_sea():
    da_nang = [Dot(108.2, 16.0, 2), Dot(108.1, 16.1, 2), Dot(108.0, 15.9, 2), Dot(*HOANG_SA, 2)]

    svg = dot_map(da_nang, title="", areas=[Area("Đà Nẵng: 71 %", "/p/48/", da_nang)])

    outline = re.search(r'dot-map-area" href="/p/48/".*?<path d="([^"]+)"', svg)[1]
    assert outline.count("M") == 2


def test_a_province_without_units_yet_has_an_empty_outline():
    assert 'd=""' in dot_map([], title="", areas=[Area("Mới", "/p/99/", [])])


def test_what_a_map_is_given_cannot_break_out_of_it():
    svg = dot_map([Dot(106, 20, 1, label='"><script>', href='/"x')], title="<b>")

    assert "<script>" not in svg
    assert "<b>" not in svg


# Bars


def test_a_bar_says_its_share_and_its_target():
    svg = target_bar(Fraction(642, 1000), TARGET, label="Hải Phòng")

    assert "64,2\u00a0%" in svg
    assert "80,0\u00a0%" in svg
    assert 'width="64.20%"' in svg
    assert 'x1="80.00%"' in svg


def test_a_bar_never_leaves_its_ground():
    assert 'width="100.00%"' in target_bar(1.7, TARGET)
    assert 'width="0.00%"' in target_bar(None, TARGET)


def test_no_chart_carries_a_style_or_a_script(nation):
    for svg in (dot_map(nation, title=""), target_bar(0.5, TARGET), lamp_svg(4)):
        assert "style=" not in svg
        assert "<script" not in svg
