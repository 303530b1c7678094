"""A learner shares a certificate on a phone; somebody opens it; the learner takes it back."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from accessibility import violations_on
from credentials.recognition_scene import sign_in

PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium):
    """A phone, and another that nobody has signed in on."""
    opened = []

    def another():
        context = chromium.new_context(viewport=PHONE, locale="vi-VN")
        opened.append(context)
        return context.new_page()

    yield another
    for context in opened:
        context.close()


@pytest.fixture
def own_phone(phone, client, live_server, holder):
    page = phone()
    session = sign_in(client, holder).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return page


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations_on(page) == []


def test_a_certificate_is_shared_opened_and_taken_back_on_phones(
    own_phone, phone, live_server, certificate, settings
):
    settings.SITE_ADDRESS = live_server.url
    own_phone.goto(live_server.url + reverse("wallet:mine"))
    own_phone.get_by_role("link", name="Chia sẻ").click()
    expect(own_phone.get_by_role("checkbox")).to_be_checked()
    own_phone.get_by_label("Mục đích của đường dẫn").fill("Hồ sơ bổ nhiệm")
    own_phone.get_by_label("một ngày").check()
    fits(own_phone)
    own_phone.get_by_role("button", name="Tạo đường dẫn này").click()
    address = own_phone.get_by_label("Chép địa chỉ này để gửi").input_value()
    own_phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    own_phone.get_by_role("button", name="Chép đường dẫn").click()
    expect(own_phone.get_by_text("Đã chép.")).to_be_visible()
    assert own_phone.evaluate("navigator.clipboard.readText()") == address
    fits(own_phone)

    theirs = phone()
    theirs.goto(address)
    expect(theirs.locator(".verdict.valid")).to_be_visible()
    expect(theirs.get_by_text(certificate.holder.full_name)).to_be_visible()
    fits(theirs)

    own_phone.reload()
    expect(own_phone.locator(".history")).to_contain_text("đã mở trang")
    own_phone.get_by_role("button", name="Thu lại đường dẫn").click()
    expect(own_phone.locator(".record-state")).to_contain_text("đã thu lại")
    theirs.reload()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Đường dẫn này không có nội dung")
    expect(theirs.get_by_text(certificate.holder.full_name)).to_have_count(0)
    fits(theirs)
