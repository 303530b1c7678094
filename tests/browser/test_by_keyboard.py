"""With the keyboard alone: every step can be reached, is seen to be reached, and can be done."""

import pytest
from browser_scene import COORDINATOR, LEARNER, NEIGHBOUR, player, right_choices
from django.utils import timezone
from playwright.sync_api import expect

from hocvu.classes.models import Roll, TrainingClass
from hocvu.classes.queries import code_for
from hocvu.config.rehearsal import cast
from hocvu.exams.models import Attempt, Sitting

pytestmark = pytest.mark.browser

_FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const ringed = (each) => {
    const style = each && getComputedStyle(each);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  return {
    seen: ringed(one) || ringed(one.closest("label")),
    inside: box.bottom > 0 && box.top < innerHeight,
    html: one.outerHTML.slice(0, 120),
  };
}"""


def walk_to(visitor, target, *, at_most=60, key="Tab"):
    """Press the key until the target has the focus; the focus is in sight all the way."""
    for _ in range(at_most):
        visitor.page.keyboard.press(key)
        focus = visitor.page.evaluate(_FOCUS)
        assert focus["seen"], f"the focus cannot be seen on {focus['html']}"
        assert focus["inside"], f"the focus is out of sight on {focus['html']}"
        if target.evaluate("(each) => each === document.activeElement"):
            return
    pytest.fail(f"{target} cannot be reached with {key}")


def test_a_learner_signs_in_and_checks_in_with_the_keyboard_alone(visitor):
    learner = visitor(1280)
    page = learner.page
    learner.opens("/check-in/")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()

    page.keyboard.type(LEARNER)
    walk_to(learner, page.get_by_label("Mật khẩu"))
    page.keyboard.type(cast.password())
    page.keyboard.press("Enter")
    expect(page.get_by_label("Mã trên màn hình")).to_be_focused()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    learner.sees("Đây không phải mã")
    field = page.get_by_label("Mã trên màn hình")
    expect(field).to_be_focused()
    field.press("ControlOrMeta+a")
    page.keyboard.type(code_for(_roll(), timezone.now()).typed)
    page.keyboard.press("Enter")

    learner.sees("Đã điểm danh lúc")
    learner.has_no_complaints()


def test_a_coordinator_marks_and_skips_with_the_keyboard_alone(visitor):
    coordinator = visitor(1280, COORDINATOR)
    page = coordinator.page
    coordinator.opens(f"/rolls/{_roll().pk}/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến thẳng nội dung")).to_be_focused()
    page.keyboard.press("Enter")
    name = player(NEIGHBOUR).full_name
    button = page.get_by_role("button", name=f"Có mặt {name}")
    walk_to(coordinator, button)
    page.keyboard.press("Space")

    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()


def test_a_learner_takes_the_test_with_the_keyboard_alone(visitor):
    learner = visitor(1280, NEIGHBOUR)
    page = learner.page
    sitting = Sitting.objects.get(training_class__code="AI-K2")
    learner.opens(f"/tests/sittings/{sitting.pk}/")
    walk_to(learner, page.get_by_role("button", name="Bắt đầu làm bài"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("timer")).to_contain_text(":")
    right = right_choices(sitting.paper)

    for group in page.locator("[data-question]").all():
        _answer_by_keyboard(learner, group, right[int(group.get_attribute("data-question"))])
    walk_to(learner, page.get_by_role("button", name="Nộp bài"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/hand-in/")
    walk_to(learner, page.get_by_role("button", name="Nộp bài ngay"))
    page.keyboard.press("Enter")

    learner.sees("Đạt")
    assert Attempt.objects.get(sitting=sitting, person=player(NEIGHBOUR)).passed


def _answer_by_keyboard(learner, group, right):
    """Tab to the question; arrows choose among radios, Space ticks boxes."""
    page = learner.page
    options = group.locator("input:not([type=hidden])")
    walk_to(learner, options.first)
    if options.first.get_attribute("type") == "radio":
        page.keyboard.press("Space")
        for _ in range(options.count()):
            if page.evaluate("document.activeElement.value") in right:
                return
            page.keyboard.press("ArrowDown")
        return
    for index in range(options.count()):
        if page.evaluate("document.activeElement.value") in right:
            page.keyboard.press("Space")
        if index < options.count() - 1:
            page.keyboard.press("Tab")


def _roll():
    return Roll.objects.get(
        session__training_class=TrainingClass.objects.get(code="AI-K2"),
        session__number=1,
        bridge_point__is_main=False,
    )
