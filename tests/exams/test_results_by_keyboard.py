"""The result of every kind of question, and its receipt, in a real browser."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accessibility import violations_on
from exams.kinds import RIGHT
from hocvu.exams.actions import hand_in, save_answer
from hocvu.items.content import Kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def handed_in(attempt_of_every_kind, every_kind):
    attempt = attempt_of_every_kind
    for kind, lines in RIGHT.items():
        given = ["p1=b", "p2=b"] if kind is Kind.MATCHING else lines
        save_answer(
            attempt,
            every_kind[kind].pk,
            given,
            sequence=1,
            client_id=uuid4(),
            by=attempt.person,
            at=timezone.now(),
        )
    return hand_in(attempt, by=attempt.person, at=timezone.now())


def opened(phone, live_server, name, attempt):
    page = phone.new_page()
    page.goto(live_server.url + reverse(f"exams:{name}", args=[attempt.pk]))
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_on_a_result_of_every_kind(phone, live_server, handed_in, language):
    cookie = {"name": "django_language", "value": language, "url": live_server.url}
    phone.add_cookies([cookie])
    tab = opened(phone, live_server, "result", handed_in)

    for width in (390, 1920):
        tab.set_viewport_size({"width": width, "height": 900})
        assert (width, violations_on(tab)) == (width, [])
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_the_receipt_is_copied_by_keyboard(phone, live_server, handed_in):
    phone.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = opened(phone, live_server, "result", handed_in)
    button = tab.get_by_role("button", name="Chép mã biên nhận")

    button.focus()
    tab.keyboard.press("Enter")

    expect(tab.get_by_role("button", name="Đã chép")).to_be_visible()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied == tab.locator("[data-receipt]").text_content().strip()


def test_axe_finds_nothing_before_handing_in(phone, live_server, attempt_of_every_kind):
    tab = opened(phone, live_server, "hand_in", attempt_of_every_kind)

    assert violations_on(tab) == []
