"""Running through a case in a real browser: by keyboard, against the clock, without a network."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accessibility import violations_on
from hocvu.situations.actions import open_node, start_run
from hocvu.situations.models import DispositionVersion, Run, Step
from situations.situation_scene import MINUTE, SECOND, offer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def run(transactional_db, framework, training_class, learner):
    now = timezone.now()
    exercise = offer(framework, training_class, opens_at=now - 60 * MINUTE)
    return start_run(exercise, by=learner, at=now)


@pytest.fixture
def phone(chromium, live_server, client, learner):
    """The learner's phone, signed in."""
    client.force_login(learner.account)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    context.add_cookies([cookie])
    yield context
    context.close()


@pytest.fixture
def tab(phone, live_server, run):
    page = phone.new_page()
    page.goto(live_server.url + reverse("situations:run", args=[run.pk]))
    return page


def pick(tab, decision):
    tab.locator(f'[name=decision][value="{decision}"]').check()
    tab.get_by_role("button", name="Quyết định").click()


def heading(tab, name):
    return expect(tab.get_by_role("heading", level=1)).to_have_text(name)


def test_a_case_is_run_to_its_end_by_keyboard_alone(tab, run):
    tab.locator('[value="good"]').focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    heading(tab, "Nước lên")
    tab.get_by_role("button", name="Mở và bắt đầu tính giờ").focus()
    tab.keyboard.press("Enter")
    tab.locator('[value="good"]').focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    heading(tab, "Bút phê")
    tab.get_by_label("Ý kiến xử lý").focus()
    tab.keyboard.type("Giao A")
    tab.get_by_role("button", name="Nộp và đi tiếp").focus()
    tab.keyboard.press("Enter")

    expect(tab.get_by_role("heading", name="Kết cục")).to_be_visible()
    assert DispositionVersion.objects.order_by("-number").first().text == "Giao A"
    assert Run.objects.get().finished_at


def test_a_decision_made_without_a_network_arrives_later_and_once(phone, tab):
    phone.set_offline(True)
    pick(tab, "good")
    expect(tab.locator("[data-network]")).to_contain_text("Mất mạng")
    assert not Step.objects.exists()

    phone.set_offline(False)  # Chromium tells the page; a script of ours might meet it leaving

    heading(tab, "Nước lên")
    assert Step.objects.get().decision == "good"


def test_a_reload_while_the_network_is_away_keeps_the_decision(phone, tab):
    phone.route("**/decide/", lambda route: route.abort())
    pick(tab, "good")
    expect(tab.locator("[data-network]")).to_contain_text("Mất mạng")

    tab.reload()
    expect(tab.locator('[name=decision][value="good"]')).to_be_checked()
    phone.unroute("**/decide/")  # the page asks again by itself

    heading(tab, "Nước lên")
    assert Step.objects.count() == 1


def test_a_lost_reply_is_asked_for_again_and_counts_once(phone, tab):
    def lose(route):
        route.fetch()
        route.abort()

    phone.route("**/decide/", lose, times=1)
    pick(tab, "good")

    heading(tab, "Nước lên")
    assert Step.objects.count() == 1


def test_when_time_runs_out_the_page_goes_on_by_itself(tab, run, choose, learner):
    now = timezone.now()
    choose(run, "desk", "good", at=now)
    open_node(run, "flood", by=learner, at=now)
    tab.clock.install()
    tab.reload()
    expect(tab.get_by_role("timer")).to_contain_text("giây")

    # A minute goes by: on the server, whose clock counts, and on the page.
    Run.objects.update(node_opened_at=now - 70 * SECOND)
    tab.clock.fast_forward(61_000)

    expect(tab.get_by_role("heading", name="Kết cục")).to_be_visible()
    assert Step.objects.get(node="flood").timed_out


def test_a_draft_typed_without_a_network_is_back_after_a_reload(phone, tab, run, at_the_note):
    at_the_note(run, at=timezone.now())
    tab.reload()
    phone.route("**/save/", lambda route: route.abort())
    tab.get_by_label("Ý kiến xử lý").fill("Viết dở khi mất mạng")

    tab.reload()

    expect(tab.get_by_label("Ý kiến xử lý")).to_have_value("Viết dở khi mất mạng")
    phone.unroute("**/save/")
    tab.get_by_role("button", name="Nộp và đi tiếp").click()
    expect(tab.get_by_role("heading", name="Kết cục")).to_be_visible()
    assert DispositionVersion.objects.get().text == "Viết dở khi mất mạng"


def test_the_pages_of_a_run_pass_axe(tab, run, choose, at_the_note, learner):
    assert violations_on(tab) == []
    at_the_note(run, at=timezone.now())
    tab.reload()
    assert violations_on(tab) == []
