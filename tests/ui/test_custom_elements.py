"""The behaviours of the pages, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

import hocvu.ui
from accessibility import violations_on

SCRIPTS = Path(hocvu.ui.__file__).parent / "static" / "ui" / "js"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(chromium):
    page = chromium.new_page()
    yield page
    page.context.close()


def show(tab: Page, script: str, html: str) -> Page:
    """A fresh page with one behaviour."""
    tab.goto("about:blank")
    tab.set_content(f"<!doctype html><html lang=vi><title>x</title><body>{html}</body></html>")
    tab.add_script_tag(content=(SCRIPTS / script).read_text(encoding="utf-8"), type="module")
    name = script.removesuffix(".js")
    tab.wait_for_function("name => customElements.get(name)", arg=name)
    return tab


ROLL = """
<filter-rows rows="#roll > li" shown="{n} trên {all} người">
  <label for="q">Tìm</label><input id="q" type="search">
</filter-rows>
<ul id="roll"><li>Đặng Thị Hòa</li><li>Nguyễn Văn Hoà</li><li>Trần Đức Duy</li></ul>
"""


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hoa", ["Đặng Thị Hòa", "Nguyễn Văn Hoà"]),
        ("dang", ["Đặng Thị Hòa"]),
        ("DUC duy", ["Trần Đức Duy"]),
        ("Hòa đặng", ["Đặng Thị Hòa"]),
        ("", ["Đặng Thị Hòa", "Nguyễn Văn Hoà", "Trần Đức Duy"]),
        ("zzz", []),
    ],
)
def test_rows_are_found_without_tones_and_in_any_order(tab, typed, found):
    page = show(tab, "filter-rows.js", ROLL)

    page.fill("#q", typed)

    assert (
        page.eval_on_selector_all(
            "#roll > li:not([hidden])", "rows => rows.map(r => r.textContent)"
        )
        == found
    )


def test_how_many_rows_are_found_is_said_aloud(tab):
    page = show(tab, "filter-rows.js", ROLL)

    page.fill("#q", "hoa")

    assert page.text_content("[role=status]") == "2 trên 3 người"


def test_enter_in_the_search_does_not_send_the_form_around_it(tab):
    page = show(tab, "filter-rows.js", f'<form action="about:blank#sent">{ROLL}</form>')

    page.press("#q", "Enter")

    assert "#sent" not in page.url


FORM = """
<confirm-once busy="Đang gửi…">
  <form><button class="button" name="act" value="sign">Ký</button></form>
</confirm-once>
"""


def test_a_form_is_sent_once_however_often_it_is_pressed(tab):
    page = show(tab, "confirm-once.js", FORM)
    page.evaluate("window.sent = 0")
    page.evaluate(
        "document.querySelector('form').setAttribute('hx-post', '/');"
        "document.addEventListener('submit', (e) => { e.preventDefault(); window.sent += 1; })"
    )

    page.click("button")
    page.click("button", force=True)

    assert page.evaluate("window.sent") == 1
    assert page.text_content("button") == "Đang gửi…"
    assert page.get_attribute("button", "aria-disabled") == "true"


def test_a_form_wakes_up_when_the_person_comes_back(tab):
    page = show(tab, "confirm-once.js", FORM)
    page.evaluate(
        "document.querySelector('form').setAttribute('hx-post', '/');"
        "document.addEventListener('submit', (e) => e.preventDefault())"
    )
    page.click("button")
    page.wait_for_selector("button[aria-disabled]")

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    assert page.text_content("button") == "Ký"
    assert page.get_attribute("button", "aria-disabled") is None


def test_a_form_refused_by_another_script_can_be_sent_again(tab):
    page = show(tab, "confirm-once.js", FORM)
    page.evaluate(
        "document.querySelector('form').addEventListener('submit', (e) => e.preventDefault())"
    )

    page.click("button")
    page.wait_for_timeout(50)

    assert page.get_attribute("button", "aria-disabled") is None


def test_without_a_network_a_form_stays_and_says_so(tab):
    page = show(tab, "confirm-once.js", FORM)
    page.evaluate(
        "document.head.innerHTML += '<meta name=offline-words content=\"Hiện không có mạng.\">'"
    )
    tab.context.set_offline(True)

    page.click("button")
    page.click("button")

    assert page.locator("[role=alert]").all_inner_texts() == ["Hiện không có mạng."]
    assert page.get_attribute("button", "aria-disabled") is None
    tab.context.set_offline(False)


LIST = """
<tick-all ticked="Đã chọn {n} dòng"><input type="checkbox" data-tick-all>
<input type="checkbox" name="row" value="1"><input type="checkbox" name="row" value="2">
<div class="bulk"><span data-ticked role="status"></span></div></tick-all>
"""


def test_one_tick_ticks_every_row_and_says_how_many(tab):
    page = show(tab, "tick-all.js", LIST)

    page.check("[data-tick-all]")

    assert page.text_content("[data-ticked]") == "Đã chọn 2 dòng"


def test_the_tick_of_all_is_half_when_only_some_rows_are_ticked(tab):
    page = show(tab, "tick-all.js", LIST)

    page.check("[value='2']")

    assert page.evaluate("document.querySelector('[data-tick-all]').indeterminate")


def test_axe_looks_at_the_page_it_is_shown(tab):
    tab.goto("about:blank")
    tab.set_content(
        "<!doctype html><html lang=vi><title>x</title><main><h1>x</h1><img src=x></main>"
    )

    (found,) = violations_on(tab, runOnly=["wcag2a"])

    assert found.startswith("image-alt")
