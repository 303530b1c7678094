"""Marking, corrected keys and appeals in a real browser, on a phone and on a wall."""

from datetime import date
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accessibility import violations_on
from exams.marking_scene import all_right, answered
from exams.scenes import MINUTE
from hocvu.exams.actions import correct_key, hand_in, mark_everybody_anew
from hocvu.exams.models import Answer, Sitting
from hocvu.exams.rules import Correction
from hocvu.exams.rules.corrections import Decision
from hocvu.marking.actions import answer_appeal, raise_appeal
from hocvu.marking.models import Appeal, Marking
from hocvu.marking.rules.appeals import Remedy, Ruling
from marking.giving import give

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sitting(paper, training_class):
    now = timezone.now()
    return Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=now - 60 * MINUTE,
        closes_at=now + 60 * MINUTE,
        attempts_allowed=2,
    )


def written(sitting, someone, questions, essay, text):
    at = timezone.now() - 10 * MINUTE
    answers = all_right(questions) | {essay: [f"text={text}"]}
    attempt = answered(sitting, someone, answers, at=at)
    return hand_in(attempt, by=someone, at=at + 2 * MINUTE)


@pytest.fixture
def waiting(sitting, classmate, questions, essay):
    """Nobody has marked it yet."""
    text = "Trước hết cần tiếp nhận hồ sơ.\nSau đó kiểm tra giấy tờ và hẹn ngày trả kết quả."
    return written(sitting, classmate, questions, essay, text)


@pytest.fixture
def appealed(*, sitting, learner, questions, essay, markers, officer):
    """Marked by people and then by a corrected key; one appeal answered, one not."""
    attempt = written(sitting, learner, questions, essay, "Bài viết ngắn.")
    now = timezone.now()
    for each in markers[:2]:
        give(attempt, essay, each, 2, "Ý đúng nhưng còn ngắn.", at=now)
    questions[0].owner = sitting.training_class.host_unit
    questions[0].save()
    decision = Decision("12/QĐ-UBND", date(2026, 11, 20), "Đáp án in sai")
    correction = correct_key(
        questions[0], Correction(right=frozenset("c")), decision, by=officer, at=now
    )
    mark_everybody_anew(correction, at=now)
    raised = [
        raise_appeal(
            attempt,
            "Câu này còn một cách hiểu khác, xin xem lại.",
            question_id=question.pk,
            client_id=uuid4(),
            by=learner,
            at=now,
        )
        for question in (essay, questions[0])
    ]
    ruling = Ruling(upheld=True, answer="Chấm lại từ đầu.", remedy=Remedy.FRESH_MARKING)
    answer_appeal(raised[0], ruling, by=officer, at=now)
    return attempt


@pytest.fixture
def tab_of(chromium, live_server, client):
    contexts = []

    def opened(someone, path, *, width=390, language="vi"):
        client.force_login(someone.account)
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="vi-VN")
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [
                {"name": name, "value": client.cookies[name].value, "url": live_server.url},
                {"name": "django_language", "value": language, "url": live_server.url},
            ]
        )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for each in contexts:
        each.close()


def at_page(name, *args):
    room = "exams" if name in {"mine", "result"} else "marking"
    return reverse(f"{room}:{name}", args=args)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_its_screen(
    *, tab_of, waiting, appealed, essay, questions, officer, learner, markers, language
):
    number = Answer.objects.get(attempt=waiting, question=essay).pk
    open_appeal = Appeal.objects.get(attempt=appealed, question=questions[0]).pk
    change = appealed.remarkings.get()
    pages = [
        (markers[2], at_page("marking")),
        (markers[2], at_page("mark", number)),
        (officer, at_page("markers", waiting.sitting_id)),
        (officer, at_page("corrections")),
        (officer, at_page("correctable")),
        (officer, at_page("correct", questions[0].pk)),
        (officer, at_page("correction", change.correction_id)),
        (officer, at_page("appeals")),
        (officer, at_page("answer_appeal", open_appeal)),
        (learner, at_page("appeal", appealed.pk)),
        (learner, at_page("result", appealed.pk)),
    ]

    for someone, path in pages:
        tab = tab_of(someone, path, language=language)
        for width in (390, 1920):
            tab.set_viewport_size({"width": width, "height": 900})
            assert (path, violations_on(tab)) == (path, [])
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.context.close()


def test_a_marker_marks_by_keyboard_alone(tab_of, waiting, essay, markers):
    tab = tab_of(markers[0], at_page("marking"))
    tab.get_by_role("link", name="Bài viết số").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Bài đã nộp")).to_be_visible()

    tab.get_by_label("Đúng ý").focus()
    tab.keyboard.type("3.25")
    tab.keyboard.press("Tab")
    tab.keyboard.type("Rõ ràng")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")

    expect(tab.get_by_text("Điểm chấm đã được lưu.")).to_be_visible()
    marking = Marking.objects.get()
    assert (str(marking.points), marking.remarks) == ("3.25", "Rõ ràng")


def test_an_officer_sees_the_effect_and_decides_by_keyboard_alone(
    tab_of, appealed, questions, officer
):
    tab = tab_of(officer, at_page("correct", questions[0].pk), width=1280)
    tab.get_by_label("A. Q1 a").focus()
    tab.keyboard.press("Space")
    tab.get_by_label("Số quyết định").fill("13/QĐ-UBND")
    tab.get_by_label("Ngày quyết định").fill("2026-11-20")
    tab.get_by_label("Lý do").fill("Hai phương án đều đúng")

    tab.get_by_label("Lý do").press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Tác động nếu sửa")).to_be_visible()
    tab.get_by_role("button", name="Sửa đáp án và chấm lại cho mọi người").press("Enter")

    expect(tab.get_by_text("Đang chấm lại cho những người liên quan")).to_be_visible()
