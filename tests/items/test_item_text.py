"""Texts of questions on pages and in lists: safe, with pictures and formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.items.content import Markup
from hocvu.items.text import had_script, to_html, to_plain, without_script

MARKDOWN, HTML, PLAIN = Markup.MARKDOWN, Markup.HTML, Markup.PLAIN
MEDIA = {"bien-bao.png": "/media/7/bien-bao.png"}


def shown(text, markup=MARKDOWN):
    return to_html(text, markup, media=MEDIA)


def test_markdown_has_tables_and_emphasis():
    html = shown("**Bảng**\n\n| a | b |\n|---|---|\n| 1 | 2 |")

    assert "<strong>Bảng</strong>" in html
    assert "<table>" in html
    assert "<td>2</td>" in html


def test_plain_text_shows_every_sign_it_holds():
    assert shown("a < b & *c*\nd", PLAIN) == "a &lt; b &amp; *c*<br>d"


def test_a_picture_of_the_question_gets_its_address():
    assert shown("![Biển báo](media:bien-bao.png)") == (
        '<p><img src="/media/7/bien-bao.png" alt="Biển báo"></p>'
    )


@pytest.mark.parametrize("address", ["https://x.vn/a.png", "//x.vn/a.png", "media:other.png", "a"])
def test_any_other_picture_is_left_out_and_its_words_stay(address):
    html = shown(f'<img src="{address}" alt="Ảnh">', HTML)

    assert html == '<img alt="Ảnh">'


@pytest.mark.parametrize(
    "formula", ["$x^2$", r"\(x^2\)", "$$x^2$$", r"\[x^2\]"], ids=["$", "(", "$$", "["]
)
@pytest.mark.parametrize("markup", Markup)
def test_a_formula_is_drawn_in_every_markup(formula, markup):
    html = shown(f"Tính {formula} nhé", markup)

    assert "<msup><mi>x</mi><mn>2</mn></msup>" in html
    assert ('display="block"' in html) is formula.startswith(("$$", r"\["))


@pytest.mark.parametrize("formula", [r"\unheardof{x}", r"x_{", r"\frac{1}{2" + "{" * 50])
def test_a_formula_that_cannot_be_read_stays_as_it_was_written(formula):
    assert "<code>$" in shown(f"${formula}$", PLAIN)
    assert "<math" not in shown(f"${formula}$", PLAIN)


def test_money_is_no_formula():
    assert "<math" not in shown("Giá $5 hay $10? Từ $5-$10.", PLAIN)


def test_what_stands_in_code_is_no_formula():
    assert "<math" not in shown("`$a$` và `$b$`")


def test_a_formula_in_html_may_hold_signs_that_html_escapes():
    assert "<mo>&lt;</mo>" in shown(r"<p>\(a &lt; b\)</p>", HTML)


def test_mathml_of_a_foreign_file_is_kept_without_what_else_it_holds():
    html = shown('<math onclick="go()"><mi>x</mi><mo>&ne;</mo><mn>1</mn></math>', HTML)

    assert html == "<math><mi>x</mi><mo>≠</mo><mn>1</mn></math>"
    assert shown("<math><mi>x</mi><script>go()</script></math>", HTML) == ""


ATTACKS = [
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<iframe src="https://x.vn"></iframe>',
    "<svg><script>alert(1)</script></svg>",
    '<math><mi><img src="x" onerror="alert(1)"></mi></math>',
    '<form action="/"><input></form>',
    '<p style="background:url(x)" onmouseover="alert(1)">x</p>',
    "<scr<script>ipt>alert(1)</script>",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\text{<img src=x onerror=alert(1)>}$",
    '![$x$" onerror="alert(1)](media:bien-bao.png)',
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("markup", [MARKDOWN, HTML])
def test_nothing_that_acts_reaches_a_page(attack, markup):
    html = shown(attack, markup).lower()

    for sign in ("<script", "<iframe", "<form", "<svg", "style=", 'href="javascript'):
        assert sign not in html
    for tag in html.split("<")[1:]:
        inside = tag.partition(">")[0].replace("&quot;", "")
        assert "onerror=alert" not in inside.replace('"', "") or "alt=" in inside


@given(st.text(alphabet="<>/\"'=$\\(){}[]!|`*& \nabonimgscriptmedia:\ue0100\ue011", max_size=60))
def test_whatever_is_written_gives_a_page_without_scripts(text):
    for markup in Markup:
        assert "<script" not in shown(text, markup).lower()
        to_plain(text, markup)
        assert not had_script(without_script(text, markup), markup)


@pytest.mark.parametrize("attack", [each for each in ATTACKS[:9] if "math" not in each])
def test_a_script_is_noticed_and_taken_out(attack):
    assert had_script(f"Hỏi {attack}", HTML)

    clean = without_script(f"<b>Hỏi</b> {attack}", HTML)
    assert not had_script(clean, HTML)
    assert "<b>Hỏi</b>" in clean


def test_words_about_scripts_are_none():
    assert not had_script("Thẻ `<script>` làm gì?", MARKDOWN)
    assert not had_script("Thẻ <script> làm gì?", PLAIN)
    assert not had_script("<p>Một câu hỏi <b>bình thường</b></p>", HTML)


def test_text_without_a_script_stays_as_it_was():
    text = '<p class="x">Câu <font color="red">hỏi</font></p>'

    assert without_script(text, HTML) == text


@pytest.mark.parametrize(
    ("text", "markup", "words"),
    [
        ("**Thủ đô** của\n\nViệt Nam", MARKDOWN, "Thủ đô của Việt Nam"),
        ("<p>Thủ&nbsp;đô</p><p>ở đâu</p>", HTML, "Thủ đô ở đâu"),
        ("a < b", PLAIN, "a < b"),
        ("Ở [[p1]] và [[p2]].", MARKDOWN, "Ở ____ và ____."),
        ("Tính $x^2$ và **y**", MARKDOWN, "Tính $x^2$ và y"),
        ("![Biển báo](media:bien-bao.png) là gì?", MARKDOWN, "Biển báo là gì?"),
        ("<style>p{}</style>Câu", HTML, "Câu"),
        ("<![x Câu", HTML, "<![x Câu"),
    ],
)
def test_lists_show_the_words_alone(text, markup, words):
    assert to_plain(text, markup) == words


def test_gaps_stay_where_they_are_for_the_page_to_fill():
    assert shown("Ở [[p1]].") == "<p>Ở [[p1]].</p>"
