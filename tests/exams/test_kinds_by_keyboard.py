"""Every kind of question answered by the keyboard alone, in a real browser on a phone's width."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accessibility import violations_on
from exams.kinds import RIGHT
from hocvu.exams.models import Answer, HandedInFile
from hocvu.items.content import Kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 120
# Which field of a question has the focus, counted from 0; radios of a group are one field.
WHICH_FIELD = """(question) => {
    const group = document.querySelector(`[data-question="${question}"]`);
    const here = document.activeElement;
    if (!group.contains(here)) return -1;
    const one = (field) => field.type === "radio" ? field.name : field;
    const kinds = "input:not([type=hidden]), select, textarea, button";
    const fields = [...group.querySelectorAll(kinds)];
    return [...new Set(fields.map(one))].indexOf(one(here));
}"""


@pytest.fixture
def tab(phone, live_server, attempt_of_every_kind):
    page = phone.new_page()
    page.goto(live_server.url + reverse("exams:attempt", args=[attempt_of_every_kind.pk]))
    expect(page.locator("exam-attempt form")).not_to_have_attribute("inert", "")
    return page


def tab_into(tab, question, nth=0):
    """Press Tab until the focus stands in the nth field of a question, wherever it stands now."""
    for _ in range(MOST_TABS):
        tab.keyboard.press("Tab")
        place = tab.evaluate(WHICH_FIELD, str(question.pk))
        if place == nth:
            return
    raise AssertionError(f"Tab never reaches field {nth} of question {question.pk}")


def press(tab, *keys):
    for key in keys:
        tab.keyboard.press(key)


def choose_radio(tab, line):
    """The arrow keys go round the options of a group; the space bar takes the one in focus."""
    press(tab, "Space")
    for _ in range(5):
        if tab.evaluate("document.activeElement.value") == line:
            return
        press(tab, "ArrowDown")
    raise AssertionError(f"the arrows never reach {line}")


def choose_in_list(tab, line):
    """Typing the arrow down goes through the entries of a closed list."""
    for _ in range(6):
        if tab.evaluate("document.activeElement.value") == line:
            return
        press(tab, "ArrowDown")
    raise AssertionError(f"the list holds no {line}")


def write(tab, text):
    tab.keyboard.insert_text(text)


def answer_by_keyboard(tab, question, kind):
    lines = RIGHT[kind]
    for nth, line in enumerate(lines):
        given = line.partition("=")[2]
        if kind in {Kind.SINGLE, Kind.SITUATION, Kind.IMAGE_CHOICE}:
            tab_into(tab, question)
            choose_radio(tab, line)
        elif kind is Kind.MULTIPLE:
            values = tab.locator(f'[data-question="{question.pk}"] [type=checkbox]')
            every = [values.nth(n).input_value() for n in range(values.count())]
            tab_into(tab, question, every.index(line))
            press(tab, "Space")
        elif kind in {Kind.TRUE_FALSE, Kind.STATEMENTS}:
            tab_into(tab, question, nth)
            choose_radio(tab, line)
        elif kind is Kind.MATCHING or line == "p2=b":
            tab_into(tab, question, nth)
            choose_in_list(tab, line)
        else:
            tab_into(tab, question, nth)
            write(tab, given)


def said(tab, question):
    return tab.locator(f'[data-question="{question.pk}"] [data-saved]')


def assert_comes_true(tab, is_so):
    """The page has said that it saved; the last field may still be on its way."""
    for _ in range(200):
        if is_so():
            return
        tab.wait_for_timeout(100)
    raise AssertionError([each.chosen for each in Answer.objects.all()])


WITHOUT_ORDER = [kind for kind in RIGHT if kind is not Kind.ORDERING]


@pytest.mark.parametrize("kind", WITHOUT_ORDER)
def test_every_kind_is_answered_by_keyboard_alone(tab, every_kind, kind):
    question = every_kind[kind]

    answer_by_keyboard(tab, question, kind)
    press(tab, "Tab")

    expect(said(tab, question)).to_contain_text("Đã lưu ·")
    expect(tab.locator(f'[data-goes-to="{question.pk}"]')).to_have_class("is-saved")
    assert_comes_true(tab, lambda: Answer.objects.get().chosen == sorted(RIGHT[kind]))


def test_things_are_put_in_order_by_moving_them(tab, every_kind):
    question = every_kind[Kind.ORDERING]
    things = tab.locator(f'[data-question="{question.pk}"] [data-thing]')

    def order():
        return [things.nth(n).get_attribute("data-thing") for n in range(3)]

    for place, thing in enumerate(("Tiếp nhận", "Xử lý")):
        while order().index(thing) > place:
            up = 3 * order().index(thing) + 1  # each thing has a list and two buttons
            tab_into(tab, question, up)
            press(tab, "Enter")
            expect(tab.locator("[data-announce]")).to_contain_text(f"{thing}: thứ")

    expect(said(tab, question)).to_contain_text("Đã lưu ·")
    assert_comes_true(tab, lambda: Answer.objects.get().chosen == ["a=1", "b=2", "c=3"])


def test_a_place_taken_by_another_thing_is_exchanged(tab, every_kind):
    question = every_kind[Kind.ORDERING]
    places = tab.locator(f'[data-question="{question.pk}"] select')

    places.nth(0).select_option(label="1")
    places.nth(1).select_option(label="2")
    places.nth(1).select_option(label="1")

    expect(said(tab, question)).to_contain_text("Đã lưu ·")
    assert sorted(places.nth(n).input_value().split("=")[-1] for n in range(2)) == ["1", "2"]


def test_a_file_is_sent_with_its_progress_and_stands_as_handed_in(tab, every_kind, tmp_path):
    question = every_kind[Kind.FILE]
    file = tmp_path / "Bài làm.txt"
    file.write_text("Nội dung bài làm", encoding="utf-8")

    tab.locator(f"#file-{question.pk}").set_input_files(file)

    expect(said(tab, question)).to_contain_text("Đã lưu ·")
    expect(tab.locator(f'[data-question="{question.pk}"]')).to_contain_text("Bài làm.txt")
    kept = HandedInFile.objects.get()
    assert bytes(kept.content).decode() == "Nội dung bài làm"
    assert Answer.objects.get().chosen == [f"file={kept.sha256}"]


def test_what_is_typed_is_saved_while_somebody_still_writes(tab, every_kind):
    question = every_kind[Kind.ESSAY]
    tab_into(tab, question)

    write(tab, "Bài đang viết dở")

    expect(said(tab, question)).to_contain_text("Đã lưu ·")
    assert tab.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert Answer.objects.get().chosen == ["text=Bài đang viết dở"]


def test_alt_and_page_down_goes_from_question_to_question(tab):
    press(tab, "Alt+PageDown")
    first = tab.evaluate("document.activeElement.textContent.trim()")
    press(tab, "Alt+PageDown")
    second = tab.evaluate("document.activeElement.textContent.trim()")
    press(tab, "Alt+PageUp")

    assert (first[:5], second[:5]) == ("Câu 1", "Câu 2")
    assert tab.evaluate("document.activeElement.textContent.trim()") == first


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_on_a_page_with_every_kind(tab, phone, live_server, language):
    cookie = {"name": "django_language", "value": language, "url": live_server.url}
    phone.add_cookies([cookie])
    tab.reload()
    tab.locator(".exam-map summary").press("Enter")

    for width in (390, 1920):
        tab.set_viewport_size({"width": width, "height": 900})
        assert (width, violations_on(tab)) == (width, [])
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
