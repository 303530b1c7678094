"""A template is a program somebody else wrote: what it may not do, it cannot do."""

import time
from datetime import UTC, datetime

import pytest

from hocvu.typesetting import (
    Page,
    Picture,
    TemplateIsFaulty,
    TemplateIsTooCostly,
    TextIsMissing,
    UnprintableText,
    apart,
    set_page,
    set_sheet,
)
from hocvu.typesetting.apart import MOST_SOURCE
from hocvu.typesetting.glyphs import FONT_FOLDER

AT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def refusal_of(source, **texts):
    with pytest.raises(TemplateIsFaulty) as refused:
        set_sheet(Page(source, texts), at=AT)
    return refused.value


@pytest.mark.parametrize(
    "reach",
    [
        'read("/etc/passwd")',
        'read("../../../../../../../../etc/passwd")',
        f'read("{next(FONT_FOLDER.glob("*.ttf")).name}", encoding: none)',  # lies in typst's root
        'image("/etc/hostname")',
        'plugin("x.wasm")',
        'csv("a.csv")',
        'json("/proc/self/environ")',
        'include "/etc/passwd"',
    ],
)
def test_no_file_can_be_read(reach):
    refused = refusal_of(f"#let page-of() = {{ {reach} }}")

    assert refused.message == "a template can read no file and no package"
    assert refused.line == 1


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.3.0": *\n#let page-of() = []',
        '#let page-of() = { import "@" + "preview/cetz:0.3.0" }',
    ],
)
def test_no_package_can_be_fetched(source):
    assert "no package" in refusal_of(source).message


@pytest.mark.parametrize(
    "greed",
    [
        '{ let text = "a" * 100000000; text * 100 }',
        "{ let n = 0; for i in range(90000) { for j in range(9000) { n += i * j } } }",
    ],
)
def test_a_template_that_wants_too_much_is_stopped(greed, monkeypatch):
    monkeypatch.setattr(apart, "_MOST_CPU", 1)
    begun = time.monotonic()

    with pytest.raises(TemplateIsTooCostly):
        set_sheet(Page(f"#let page-of() = {greed}", {}), at=AT)

    assert time.monotonic() - begun < 15


def test_an_endless_loop_is_refused():
    refused = refusal_of("#let page-of() = { let n = 1; while n > 0 { n += 1 } }")

    assert "infinite" in refused.message


def test_a_fault_is_told_with_its_line_in_the_template():
    refused = refusal_of('#let a = 1\n\n#let page-of() = [#unknown-thing]\n#let b = "x"')

    assert refused.line == 3
    assert "unknown" in refused.message


def test_a_source_that_is_too_long_is_not_even_tried():
    assert "longer" in refusal_of("//" + "a" * MOST_SOURCE).message


def test_values_cannot_become_source():
    hostile = 'x") \\ #panic("out") #read("/etc/passwd") $ ` ] }'

    assert set_page(Page('#let page-of() = text-of("name")', {"name": hostile}), at=AT)


def test_a_text_the_template_wants_and_nobody_gave_is_named():
    with pytest.raises(TextIsMissing) as refused:
        set_sheet(Page('#let page-of() = text-of("colour_of_the_sky")', {}), at=AT)

    assert refused.value.fields == {"colour_of_the_sky"}


def test_what_would_print_as_a_box_is_refused_before_anything_is_set():
    with pytest.raises(UnprintableText):
        set_page(Page("#let page-of() = []", {"name": "阮"}), at=AT)


def test_a_broken_image_is_refused():
    page = Page('#let page-of() = picture("seal")', {}, {}, {"seal": Picture(b"GIF", 36, 36, "")})

    with pytest.raises(TemplateIsFaulty):
        set_page(page, at=AT)


def test_an_image_of_the_page_is_bounded_in_size():
    page = Page('#let page-of() = { set page(width: 20mm, height: 20mm); "a" }', {})

    image = set_page(page, at=AT, as_image=True, pixels_per_inch=100_000)

    assert image.startswith(b"\x89PNG")
    assert int.from_bytes(image[16:20], "big") < 300
