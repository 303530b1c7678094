"""Answering with a network that comes and goes, in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from databases import no_trigger_objects
from exams.scenes import MINUTE
from hocvu.exams.actions import hand_in_overdue, start_attempt
from hocvu.exams.models import Answer, Attempt, LateAnswer, Sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def attempt(transactional_db, paper, training_class, learner):
    """With half an hour left."""
    now = timezone.now()
    sitting = Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=now - 60 * MINUTE,
        closes_at=now + 60 * MINUTE,
    )
    return start_attempt(sitting, by=learner, at=now)


@pytest.fixture
def tab(phone, live_server, attempt):
    page = phone.new_page()
    page.goto(live_server.url + reverse("exams:attempt", args=[attempt.pk]))
    return page


def choose(tab, question, option):
    tab.locator(f'[name="q-{question.pk}"][value="{option}"]').check()


def said(tab, question):
    return tab.locator(f'[data-question="{question.pk}"] [data-saved]')


def network(tab):
    return tab.locator("[data-network]")


def stored():
    return {each.question_id: each.chosen for each in Answer.objects.all()}


def test_an_answer_is_saved_as_it_is_chosen(tab, questions):
    choose(tab, questions[0], "b")

    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    expect(tab.locator("[data-answered]")).to_have_text("1/3 đã trả lời")
    assert stored() == {questions[0].pk: ["b"]}


def test_what_is_chosen_offline_waits_on_the_device_and_arrives_later(phone, tab, questions):
    phone.set_offline(True)
    choose(tab, questions[0], "a")
    choose(tab, questions[0], "b")
    choose(tab, questions[1], "a")

    expect(network(tab)).to_have_text("Chờ mạng, đã giữ 2 câu trên máy này.")
    assert stored() == {}

    phone.set_offline(False)
    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    expect(said(tab, questions[1])).to_contain_text("Đã lưu ·")
    expect(network(tab)).to_be_hidden()
    assert stored() == {questions[0].pk: ["b"], questions[1].pk: ["a"]}


def test_a_reload_keeps_what_has_not_arrived(phone, tab, questions):
    phone.route("**/answer/", lambda route: route.abort())
    choose(tab, questions[0], "b")
    expect(network(tab)).to_be_visible()

    tab.reload()

    expect(tab.locator(f'[name="q-{questions[0].pk}"][value="b"]')).to_be_checked()
    expect(said(tab, questions[0])).to_have_text("Đang giữ trên máy này")
    phone.unroute("**/answer/")
    tab.reload()
    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    assert stored() == {questions[0].pk: ["b"]}


def test_a_lost_reply_is_asked_for_again_and_counts_once(phone, tab, questions):
    def lose(route):
        route.fetch()
        route.abort()

    phone.route("**/answer/", lose, times=1)
    choose(tab, questions[0], "b")

    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    assert stored() == {questions[0].pk: ["b"]}


def test_two_tabs_show_the_same_answers(phone, tab, questions):
    other = phone.new_page()
    other.goto(tab.url)

    choose(other, questions[0], "a")
    expect(tab.locator(f'[name="q-{questions[0].pk}"][value="a"]')).to_be_checked()
    choose(tab, questions[0], "b")

    expect(other.locator(f'[name="q-{questions[0].pk}"][value="b"]')).to_be_checked()
    expect(said(other, questions[0])).to_contain_text("Đã lưu ·")
    assert stored() == {questions[0].pk: ["b"]}


def test_handing_in_waits_until_everything_has_arrived(phone, tab, questions):
    phone.set_offline(True)
    choose(tab, questions[0], "b")
    tab.locator('[value="hand_in"]').click()
    expect(network(tab)).to_be_visible()

    phone.set_offline(False)
    tab.locator('[value="hand_in"]').click()

    tab.wait_for_url("**/hand-in/")
    expect(tab.locator("main")).to_contain_text("Còn 2 câu chưa trả lời")


def test_when_time_is_over_the_page_hands_in_by_itself(tab, attempt, questions):
    choose(tab, questions[0], "b")
    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    with no_trigger_objects():  # as if half an hour had gone by, but for three seconds
        Attempt.objects.update(must_end_at=timezone.now() + timedelta(seconds=3))

    tab.reload()

    tab.wait_for_url("**/result/")
    attempt.refresh_from_db()
    assert attempt.points == 1


def test_an_answer_that_comes_too_late_is_kept_and_said_so(phone, tab, questions):
    phone.set_offline(True)
    choose(tab, questions[0], "b")
    expect(network(tab)).to_be_visible()
    hand_in_overdue(timezone.now() + 31 * MINUTE)

    phone.set_offline(False)

    tab.wait_for_url("**/result/")
    expect(tab.locator("#late")).to_contain_text("1 câu trả lời đến sau giờ kết thúc")
    assert stored() == {}
    assert LateAnswer.objects.get().chosen == ["b"]


def test_signed_out_the_answers_stay_and_the_way_back_is_shown(phone, tab, questions):
    kept = phone.cookies()
    phone.clear_cookies()
    choose(tab, questions[0], "b")

    expect(network(tab).get_by_role("link")).to_have_text("Đăng nhập lại")
    expect(said(tab, questions[0])).to_have_text("Đang giữ trên máy này")
    phone.add_cookies(kept)
    tab.reload()
    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    assert stored() == {questions[0].pk: ["b"]}
