"""A test taken through an outage of the network, by keyboard alone, in a real browser.

The line to the server is really cut; two minutes pass on the page's own clock.
"""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, expect

from exams.lines import Line
from exams.scenes import MINUTE
from hocvu.exams.actions import hand_in, hand_in_overdue, start_attempt
from hocvu.exams.models import Answer, Attempt, LateAnswer, Sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def line(live_server):
    made = Line(live_server.url)
    yield made
    made.cut()


@pytest.fixture
def sitting_of_an_hour(transactional_db, paper, training_class):
    now = timezone.now()
    return Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=now - 60 * MINUTE,
        closes_at=now + 60 * MINUTE,
    )


@pytest.fixture
def attempt(sitting_of_an_hour, learner):
    return start_attempt(sitting_of_an_hour, by=learner, at=timezone.now())


@pytest.fixture
def device(phone, line):
    """The phone of the learner, on the line that can be cut."""
    for cookie in phone.cookies():
        if cookie["name"] == settings.SESSION_COOKIE_NAME:
            named = {key: cookie[key] for key in ("name", "value")}
            phone.add_cookies([named | {"url": line.url}])
    return phone


@pytest.fixture
def tab(device, line, attempt):
    page = device.new_page()
    page.goto(line.url + reverse("exams:attempt", args=[attempt.pk]))
    expect(page.locator("exam-attempt form")).not_to_have_attribute("inert", "")
    return page


def wait_until(tab, is_so):
    """`wait_for_function` takes a promise for true, so promises are asked again and again."""
    for _ in range(100):
        if tab.evaluate(is_so):
            return
        tab.wait_for_timeout(200)
    raise AssertionError("it never came so")


def is_kept(tab):
    """Wait until the page could be loaded again without a network."""
    wait_until(
        tab,
        """async () => {
            if (!(await caches.match(location.pathname, { ignoreVary: true }))) return false;
            const kept = await (await caches.open("hocvu-attempt")).keys();
            return kept.some(({ url }) => url.endsWith(".js"));
        }""",
    )


def tab_to(tab, selector):
    for _ in range(80):
        tab.keyboard.press("Tab")
        if tab.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def choose(tab, question, option):
    """With Tab into the question, with the arrows to the option."""
    tab_to(tab, f'[data-question="{question.pk}"] input')
    tab.keyboard.press("Space")
    for _ in range(5):
        if tab.evaluate("document.activeElement.value") == option:
            return
        tab.keyboard.press("ArrowDown" if question.kind != "multiple" else "Tab")
        if question.kind == "multiple":
            tab.keyboard.press("Space")
    raise AssertionError(option)


def said(tab, question):
    return tab.locator(f'[data-question="{question.pk}"] [data-saved]')


def network(tab):
    return tab.locator("[data-network]")


def let_time_pass_until(tab, is_so):
    """On the clock of the page; what goes over the network takes its real time."""
    for _ in range(60):
        tab.clock.run_for(10_000)
        tab.wait_for_timeout(300)
        if is_so():
            return
    raise AssertionError("it never came so")


def stored():
    return {each.question_id: each.chosen for each in Answer.objects.all()}


def test_an_exam_goes_through_two_minutes_without_network_by_keyboard_alone(
    tab, line, attempt, questions
):
    one, _, case = questions
    tab.clock.install()
    choose(tab, one, "b")
    expect(said(tab, one)).to_contain_text("Đã lưu ·")

    line.cut()
    choose(tab, case, "a")
    expect(network(tab)).to_have_text("Chờ mạng, đã giữ 1 câu trên máy này.")
    tab.clock.run_for(120_000)
    expect(said(tab, case)).to_have_text("Đang giữ trên máy này")
    assert stored() == {one.pk: ["b"]}
    line.mend()
    let_time_pass_until(tab, lambda: "Đã lưu ·" in said(tab, case).text_content())

    expect(network(tab)).to_be_hidden()
    tab_to(tab, '[value="hand_in"]')
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/hand-in/")
    tab_to(tab, "form button")
    while "Nộp" not in tab.evaluate("document.activeElement.textContent"):
        tab_to(tab, "form button")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/result/")
    assert stored() == {one.pk: ["b"], case.pk: ["a"]}
    attempt.refresh_from_db()
    assert attempt.points == 2
    assert Answer.objects.count() == 2


def test_the_page_is_loaded_again_without_a_network_and_shows_everything(tab, line, questions):
    one, _, case = questions
    choose(tab, one, "b")
    expect(said(tab, one)).to_contain_text("Đã lưu ·")
    receipt = said(tab, one).text_content()
    is_kept(tab)

    line.cut()
    choose(tab, case, "a")
    expect(said(tab, case)).to_have_text("Đang giữ trên máy này")
    tab.reload()

    expect(tab.locator(f'[name="q-{one.pk}"][value="b"]')).to_be_checked()
    expect(tab.locator(f'[name="q-{case.pk}"][value="a"]')).to_be_checked()
    expect(said(tab, one)).to_have_text(receipt)
    expect(said(tab, case)).to_have_text("Đang giữ trên máy này")
    line.mend()
    expect(said(tab, case)).to_contain_text("Đã lưu ·")
    assert stored() == {one.pk: ["b"], case.pk: ["a"]}


def test_after_handing_in_nothing_is_left_on_the_device(tab, line, attempt, questions):
    choose(tab, questions[0], "b")
    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    is_kept(tab)

    tab.goto(line.url + reverse("exams:hand_in", args=[attempt.pk]))
    tab.locator("main form button").click()
    tab.wait_for_url("**/result/")

    wait_until(
        tab,
        """async () => {
            const opened = await new Promise((resolve) => {
                const asked = indexedDB.open("hocvu-exams");
                asked.onsuccess = () => resolve(asked.result);
            });
            const left = await new Promise((resolve) => {
                const asked = opened.transaction("answers").objectStore("answers").count();
                asked.onsuccess = () => resolve(asked.result);
            });
            return left === 0 && !(await caches.has("hocvu-attempt"));
        }""",
    )
    line.cut()
    with pytest.raises(Error, match="ERR_"):
        tab.goto(line.url + reverse("exams:attempt", args=[attempt.pk]))


def test_whoever_is_signed_out_finds_no_questions_on_the_device(device, tab, line):
    is_kept(tab)
    device.clear_cookies()

    tab.reload()

    expect(tab.locator("exam-attempt")).to_have_count(0)
    wait_until(
        tab,
        """async () => {
            const kept = await (await caches.open("hocvu-attempt")).keys();
            return !kept.some(({ url }) => /attempts.\\d+.$/.test(url));
        }""",
    )


def test_another_device_takes_over_and_the_newer_answer_is_shown_on_both(
    chromium, tab, line, attempt, questions
):
    choose(tab, questions[0], "b")
    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    other = chromium.new_context()
    cookies = [
        {"name": each["name"], "value": each["value"], "url": line.url}
        for each in tab.context.cookies(line.url)
    ]
    other.add_cookies(cookies)
    second = other.new_page()
    second.goto(tab.url)
    expect(second.locator(f'[name="q-{questions[0].pk}"][value="b"]')).to_be_checked()

    second.locator(f'[name="q-{questions[0].pk}"][value="c"]').check()
    expect(said(second, questions[0])).to_contain_text("Đã lưu ·")
    tab.evaluate("dispatchEvent(new Event('online'))")

    expect(tab.locator(f'[name="q-{questions[0].pk}"][value="c"]')).to_be_checked()
    expect(tab.locator("[data-announce]")).to_contain_text("vừa được sửa trên máy khác")
    assert stored() == {questions[0].pk: ["c"]}
    other.close()


def test_when_the_attempt_was_handed_in_elsewhere_late_answers_are_kept(
    tab, line, attempt, questions
):
    """A supervisor handed it in, or another device, while this one had no network."""
    line.cut()
    choose(tab, questions[0], "b")
    expect(network(tab)).to_be_visible()
    hand_in(Attempt.objects.get(), by=attempt.person, at=timezone.now())

    line.mend()
    tab.context.set_offline(True)
    tab.context.set_offline(False)  # Chromium tells the page: a script might meet it leaving

    tab.wait_for_url("**/result/")
    expect(tab.locator("#late")).to_contain_text("1 câu trả lời đến sau giờ kết thúc")
    assert LateAnswer.objects.get().chosen == ["b"]
    assert stored() == {}


def test_a_lid_closed_for_forty_minutes_loses_nothing_that_had_been_chosen(
    device, line, sitting_of_an_hour, learner, questions
):
    """The time went on; what was chosen before is on the server, what came after is kept aside."""
    attempt = start_attempt(sitting_of_an_hour, by=learner, at=timezone.now() - 29 * MINUTE)
    tab = device.new_page()
    tab.clock.install()
    tab.goto(line.url + reverse("exams:attempt", args=[attempt.pk]))
    choose(tab, questions[0], "b")
    expect(said(tab, questions[0])).to_contain_text("Đã lưu ·")
    line.cut()
    choose(tab, questions[2], "a")
    expect(network(tab)).to_be_visible()

    tab.clock.fast_forward(40 * 60_000)
    hand_in_overdue(timezone.now() + 40 * MINUTE)
    line.mend()
    tab.clock.resume()

    tab.wait_for_url("**/result/", timeout=90_000)
    assert stored() == {questions[0].pk: ["b"]}
    assert LateAnswer.objects.get().chosen == ["a"]
    attempt.refresh_from_db()
    assert attempt.points == 1


def test_a_busy_server_is_asked_again_only_when_it_said(device, tab, questions):
    asked = []

    def busy(route):
        asked.append(route.request.post_data)
        route.fulfill(
            status=503,
            headers={"Retry-After": "120", "Content-Type": "application/problem+json"},
            body='{"status": 503, "title": "busy"}',
        )

    tab.clock.install()
    device.route("**/answer/", lambda r: busy(r) if r.request.method == "POST" else r.continue_())
    choose(tab, questions[0], "b")

    expect(network(tab)).to_contain_text("Đang có rất nhiều người gửi bài")
    before = len(asked)
    tab.clock.run_for(15_000)
    assert len(asked) == before
    device.unroute("**/answer/")
    let_time_pass_until(tab, stored)
    assert stored() == {questions[0].pk: ["b"]}
