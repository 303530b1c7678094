"""The roll call on a phone whose network comes and goes, in a real browser."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from classes.class_scene import MORNING, sign_in
from hocvu.classes.actions import close_roll
from hocvu.classes.models import RollMark

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium, live_server, client, coordinator):
    """The coordinator's phone, signed in."""
    sign_in(client, coordinator)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    context.add_cookies([cookie])
    yield context
    context.close()


@pytest.fixture
def tab(phone, live_server, called_roll):
    page = phone.new_page()
    page.goto(f"{live_server.url}/rolls/{called_roll.pk}/")
    return page


def row(tab, enrolment):
    return tab.locator(f"#e{enrolment.pk}")


def tap(tab, enrolment):
    row(tab, enrolment).get_by_role("button").click()


def test_one_tap_marks_somebody_present_and_says_when_it_was_saved(tab, enrolments):
    tap(tab, enrolments[0])

    expect(row(tab, enrolments[0])).to_contain_text("đã lưu")
    expect(tab.locator("[data-present]")).to_have_text("1")
    assert RollMark.objects.get().enrolment == enrolments[0]


def test_taps_without_a_network_wait_survive_a_reload_and_are_sent_once(phone, tab, enrolments):
    phone.set_offline(True)
    tap(tab, enrolments[0])
    tap(tab, enrolments[1])
    expect(row(tab, enrolments[1])).to_contain_text("chờ gửi")
    assert not RollMark.objects.exists()

    phone.set_offline(False)
    tab.reload()

    expect(row(tab, enrolments[0])).to_contain_text("đã lưu")
    expect(row(tab, enrolments[1])).to_contain_text("đã lưu")
    assert RollMark.objects.count() == 2


def test_a_refused_tap_is_taken_back_and_says_why(tab, enrolments, called_roll, coordinator):
    close_roll(called_roll, head_count=0, by=coordinator, at=MORNING)

    tap(tab, enrolments[0])

    expect(tab.locator("[data-line]")).to_contain_text("Buổi này đã chốt điểm danh.")
    expect(row(tab, enrolments[0])).not_to_contain_text("chờ gửi")
    expect(tab.locator("[data-present]")).to_have_text("0")


def test_a_tap_after_the_session_ended_is_kept_until_somebody_signs_in_again(
    phone, tab, enrolments
):
    cookies = phone.cookies()
    phone.clear_cookies()
    tap(tab, enrolments[0])
    expect(tab.locator("[data-line]")).to_contain_text("đăng nhập lại")

    phone.add_cookies(cookies)
    tab.reload()

    expect(row(tab, enrolments[0])).to_contain_text("đã lưu")


def test_names_are_found_without_tone_marks(tab, enrolments):
    tab.get_by_label("Tìm theo tên").fill("dao")

    expect(row(tab, enrolments[0])).to_be_visible()
    expect(row(tab, enrolments[1])).to_be_hidden()
