"""The kinds of page and the pages of errors: strict CSP, in words, in both languages."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

import hocvu.ui
from hocvu.kernel.errors import NotPossible

ROOM = Path(hocvu.ui.__file__).parent
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
KINDS = ("front", "home", "record", "task", "board", "screen")
ERRORS = ("400", "403", "403_csrf", "404", "409", "429", "500")


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_page_stands_without_anything_given_to_it(kind):
    html = render_to_string(f"ui/{kind}.html")

    assert '<html lang="vi"' in html
    assert '<main id="main"' in html


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_says_what_happened_and_what_to_do_next(name):
    html = render_to_string(f"{name}.html")

    assert re.search(r"<h1>.+</h1>\s*<p>.+</p>", html)
    assert 'id="refusal"' in html


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_speaks_without_codes_blame_or_exclamation(name):
    words = re.sub(
        r"<head>.*</head>|<[^>]+>", " ", render_to_string(f"{name}.html"), flags=re.DOTALL
    )

    assert "!" not in words
    assert not re.search(r"\b[45]\d\d\b", words)


def test_a_refusal_is_a_page_and_also_a_part_for_htmx():
    refused = NotPossible("Mã này đã hết hạn lúc 08:05.", "Xin quét mã mới.")

    page = render_to_string("ui/refused.html", {"refused": refused})
    part = render_to_string("ui/refused.html#alert", {"refused": refused})

    assert "<html" in page
    assert "<html" not in part
    for html in (page, part):
        assert "Mã này đã hết hạn lúc 08:05." in html
        assert "Xin quét mã mới." in html
        assert html.count('id="refusal"') == 1


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_what_the_security_policy_forbids(template):
    source = template.read_text(encoding="utf-8")

    assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", source)
    assert not re.search(r"<style|javascript:", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))


def test_every_sentence_of_this_room_is_translated():
    catalogue = (ROOM / "locale/vi/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    translated = set(re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE))
    written = set()
    for template in TEMPLATES:
        source = template.read_text(encoding="utf-8")
        written |= {found[1] for found in re.findall(r"""\{% trans (["'])(.+?)\1""", source)}
        written |= {found[1] for found in re.findall(r"""\b_\((["'])(.+?)\1\)""", source)}
    for module in ROOM.rglob("*.py"):
        source = module.read_text(encoding="utf-8")
        written |= set(re.findall(r'\b(?:_|gettext_lazy)\(\s*"(.+?)"', source))

    assert written
    assert written <= translated


def test_dark_colours_are_the_same_however_dark_is_chosen():
    css = (ROOM / "static/ui/css/tokens.css").read_text(encoding="utf-8")
    by_preference = re.search(r'not\(\[data-theme="light"\]\) \{(.*?)\}', css, re.DOTALL)[1]
    by_choice = re.search(r'\n\[data-theme="dark"\] \{(.*?)\}', css, re.DOTALL)[1]

    assert by_preference.split() == by_choice.split()


def test_no_text_is_set_below_thirteen_pixels():
    for sheet in (ROOM / "static/ui/css").glob("*.css"):
        sizes = re.findall(r"font-size: ([\d.]+)px", sheet.read_text(encoding="utf-8"))
        assert all(float(size) >= 13 for size in sizes)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_on_their_ground(theme):
    css = (ROOM / "static/ui/css/tokens.css").read_text(encoding="utf-8")
    block = re.search(rf'\n\[data-theme="{theme}"\] \{{(.*?)\}}', css, re.DOTALL)[1]
    tokens = dict(re.findall(r"--([\w-]+): (#\w{6});", block))

    assert _contrast(tokens["ink"], tokens["paper"]) >= 12
    for ground in ("paper", "tint"):
        for word in ("muted", "act", "good", "warn", "bad"):
            assert _contrast(tokens[word], tokens[ground]) >= 4.5, (word, ground)
    assert _contrast(tokens["on-act"], tokens["act"]) >= 4.5
