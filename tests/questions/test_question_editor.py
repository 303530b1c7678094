import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from bank_scene import ITEMS, NOON, PLACE, draft, png, single
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hocvu.items.content import Accepted, Item, Kind, Part, PartKind
from hocvu.items.identifiers import telling_nothing
from hocvu.items.marking import item_flaws
from hocvu.questions.forms.editor import Editor, empty_item
from hocvu.questions.models import Question, QuestionMedia
from hocvu.questions.queries import item_of
from hocvu.questions.queries.items import question_from_item
from hocvu.questions.queries.places import Places
from hocvu.questions.rules.answer_lines import accepted_from, lines_of

PLACES = Places({"1.2": "Đánh giá dữ liệu"}, {"CB2": "Cơ bản"})


def typed(editor):
    """What a browser sends back when nothing was touched."""
    data = QueryDict(mutable=True)
    for form in (
        editor.main,
        editor.place_form,
        *(row for rows in editor.rows.values() for row in rows),
    ):
        for bound in form:
            value = bound.value()
            if isinstance(value, bool):
                data.update({bound.html_name: "on"} if value else {})
            elif value is not None:
                data[bound.html_name] = str(value).replace("\n", "\r\n")
    for rows in editor.rows.values():
        for bound in rows.management_form:
            data[bound.html_name] = str(bound.value())
    return data


def opened(item, data=None):
    return Editor(item, places=PLACES, place=PLACE, data=data)


def saved(item, **changes):
    data = typed(opened(item))
    for name, value in changes.items():
        data[name.replace("__", "-")] = value
    editor = opened(item, data)
    assert editor.is_valid(), editor.errors()
    return editor.item()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_that_is_opened_and_saved_untouched_is_the_same_question(kind):
    assert saved(ITEMS[kind]) == ITEMS[kind]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_stored_question_is_the_same_item_again(kind):
    question = question_from_item(ITEMS[kind], code="Q1", media={})

    assert item_of(question) == ITEMS[kind]


def test_the_scene_has_a_fit_question_of_every_kind():
    assert [kind for kind, item in ITEMS.items() if list(item_flaws(item))] == []
    assert set(ITEMS) == set(Kind)


def test_a_question_is_written_from_nothing():
    item = saved(
        empty_item(Kind.SINGLE),
        stem="Ai ký?",
        options__0__text="Chủ tịch",
        options__0__right="on",
        options__2__text="Văn thư",
    )

    assert [(o.id, o.text, o.credit) for o in item.options] == [
        ("a", "Chủ tịch", 1),
        ("b", "Văn thư", 0),
    ]


def test_an_emptied_row_is_removed_and_the_letters_of_matches_still_hold():
    item = saved(ITEMS[Kind.MATCHING], options__0__text="", parts__0__right="C")

    assert [option.id for option in item.options] == ["y", "z"]
    assert [part.right for part in item.parts] == ["z", "y"]


def test_what_is_put_in_order_follows_the_places_that_were_typed():
    item = saved(ITEMS[Kind.ORDERING], options__0__place="3", options__2__place="1")

    assert [option.id for option in item.options] == ["c", "b", "a"]


def test_a_share_of_the_points_is_exact():
    item = saved(single(), options__1__share="33.33333")

    assert item.options[1].credit == Fraction(1, 3)


def test_a_new_gap_gets_its_answers_from_lines():
    item = saved(
        ITEMS[Kind.CLOZE],
        stem="[[g1]] [[g2]] [[g3]] [[g4]]",
        parts__3__id="g4",
        parts__3__kind="choice",
        parts__3__answers="Bắc\r\n*Nam",
    )

    assert [(o.text, o.right) for o in item.parts[3].options] == [("Bắc", False), ("Nam", True)]
    assert not list(item_flaws(item))


def test_a_gap_needs_a_plain_name():
    data = typed(opened(ITEMS[Kind.CLOZE]))
    data["parts-0-id"] = "gap one"

    assert not opened(ITEMS[Kind.CLOZE], data).is_valid()


def test_a_button_adds_rows_and_keeps_what_was_typed():
    data = typed(opened(single()))
    data["add"], data["options-3-text"] = "options", "Cần Thơ"

    editor = opened(single(), data)

    assert editor.options.total_form_count() == 6
    assert editor.options[3]["text"].value() == "Cần Thơ"


NUMBERS = st.decimals(-10_000, 10_000, places=2).map(lambda number: f"{number.normalize():f}")
WORDS = st.from_regex(r"[A-Za-zÀ-ỹ0-9*]{1,9}( [A-Za-zÀ-ỹ0-9*]{1,9}){0,2}", fullmatch=True)
REASONS = st.from_regex(r"([a-zà-ỹ]{1,9}( [a-zà-ỹ]{1,9})?)?", fullmatch=True)
SHARES = st.fractions(-1, 1, max_denominator=100)


def lists_of(values, tolerances):
    each = st.builds(Accepted, value=values, credit=SHARES, tolerance=tolerances, why=REASONS)
    return st.lists(each, max_size=4).map(tuple)


@given(lists_of(NUMBERS, st.decimals(0, 100, places=3)))
def test_accepted_numbers_are_the_same_after_being_written_as_lines(accepted):
    part = Part("value", PartKind.NUMBER, accepted=accepted)

    assert accepted_from(lines_of(part), PartKind.NUMBER) == accepted


@given(lists_of(WORDS, st.just(Decimal(0))))
def test_accepted_words_are_the_same_after_being_written_as_lines(accepted):
    part = Part("text", PartKind.TEXT, accepted=accepted)

    assert accepted_from(lines_of(part), PartKind.TEXT) == accepted


@pytest.mark.parametrize(
    ("typed_as", "key"),
    [("1.234,5", "1234.5"), ("1.234", "1234"), ("12,5", "12.5"), ("1 234", "1234"), ("0.5", "0.5")],
)
def test_a_number_is_typed_the_vietnamese_way(typed_as, key):
    assert accepted_from(typed_as, PartKind.NUMBER) == (Accepted(key),)


@pytest.mark.parametrize(
    ("line", "accepted"),
    [
        ("Hà Nội", Accepted("Hà Nội")),
        ("[50 %] Thăng Long", Accepted("Thăng Long", Fraction(1, 2))),
        ("[33,33333%]  x", Accepted("x", Fraction(1, 3))),
        ("C # thang âm", Accepted("C", why="thang âm")),
        ("C#", Accepted("C#")),
        ("3 ± 1", Accepted("3 ± 1")),
    ],
)
def test_a_line_of_words_is_read_as_a_teacher_means_it(line, accepted):
    assert accepted_from(line, PartKind.TEXT) == (accepted,)


@pytest.mark.parametrize("typed_as", ["12,5 ± 0,1", "12,5 +/- 0.1"])
def test_a_tolerance_stands_behind_a_number(typed_as):
    (accepted,) = accepted_from(typed_as, PartKind.NUMBER)

    assert accepted == Accepted("12.5", tolerance=Decimal("0.1"))


# --- Through the pages -------------------------------------------------------------------------


def sent_back(page):
    """Every field of the page's editor with the value it shows."""
    shown = page.content.decode()
    data = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    numbers = re.findall(r'<input type="number" name="([^"]+)" value="([^"]*)"', shown)
    texts = re.findall(r'<textarea name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', shown, re.DOTALL)
    chosen = re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', shown, re.DOTALL)
    picked = {n: re.findall(r'value="([^"]*)" selected', options) for n, options in chosen}
    ticked = re.findall(r'<input type="checkbox" name="([^"]+)"[^>]* checked', shown)
    words = re.findall(r'<input type="text" name="([^"]+)" value="([^"]*)"', shown)
    return {
        **data,
        **dict(numbers),
        **dict(texts),
        **dict(words),
        **{name: values[0] for name, values in picked.items() if values},
        **dict.fromkeys(ticked, "on"),
    }


@pytest.mark.parametrize("kind", [each.value for each in Kind])
def test_every_kind_has_an_editor(signed_in, author, kind):
    page = signed_in(author).get(reverse("questions:new", args=[kind]))

    assert page.status_code == 200


def test_an_unknown_kind_has_none(signed_in, author):
    assert signed_in(author).get(reverse("questions:new", args=["riddle"])).status_code == 404


def test_who_writes_no_questions_meets_a_refusal(signed_in, leader):
    assert signed_in(leader).get(reverse("questions:kinds")).status_code == 403


def test_a_question_is_written_through_the_page(signed_in, author, le_chan):
    browser = signed_in(author)
    address = reverse("questions:new", args=["single"])
    form = sent_back(browser.get(address))
    form |= {"owner": str(le_chan.pk), "stem": "Ai ký?", "options-0-text": "Chủ tịch"}
    form |= {"options-0-right": "on", "options-1-text": "Văn thư", "source": "Nghị định 30"}
    form |= {"component_code": "1.2", "level": "CB2"}

    answer = browser.post(address, form)

    question = Question.objects.get()
    assert answer.status_code == 303
    assert answer.url == reverse("questions:question", args=[question.pk])
    assert (question.owner, question.component_code) == (le_chan, "1.2")


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_is_edited_through_the_page(signed_in, author, le_chan, kind):
    question = draft(le_chan, author, ITEMS[kind])
    browser = signed_in(author)
    address = reverse("questions:edit", args=[question.pk])
    form = sent_back(browser.get(address)) | {"feedback": "Giải thích mới"}

    answer = browser.post(address, form)

    assert answer.status_code == 303, answer.content.decode()
    changed = item_of(Question.objects.get())
    assert changed == replace(telling_nothing(ITEMS[kind]), feedback="Giải thích mới")


def test_a_picture_is_kept_at_once_and_named_in_the_option(signed_in, author, le_chan):
    browser = signed_in(author)
    address = reverse("questions:new", args=["image_choice"])
    form = sent_back(browser.get(address)) | {"owner": str(le_chan.pk), "add": "options"}
    picture = SimpleUploadedFile("hinh.png", png(), "image/png")
    form |= {"options-0-picture": picture, "options-0-description": "Hình [vuông]"}

    page = browser.post(address, form)

    kept = QuestionMedia.objects.get()
    named = f"{kept.sha256[:12]}.png"
    assert page.status_code == 200
    assert f"![Hình vuông](media:{named})" in page.content.decode()
    assert f"{named}={kept.sha256}" in page.content.decode()


def test_a_picture_put_into_the_text_is_shown_with_the_question(signed_in, author, le_chan):
    browser = signed_in(author)
    address = reverse("questions:edit", args=[draft(le_chan, author).pk])
    form = sent_back(browser.get(address)) | {"description": "Sơ đồ"}
    form["picture"] = SimpleUploadedFile("hinh.png", png(), "image/png")

    browser.post(address, form)

    kept = QuestionMedia.objects.get()
    page = browser.get(reverse("questions:question", args=[Question.objects.get().pk]))
    assert reverse("questions:media", args=[kept.sha256]) in page.content.decode()


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", png() + bytes(6 * 2**20)]
)
def test_what_is_no_safe_picture_is_refused_with_the_next_step(signed_in, author, le_chan, content):
    browser = signed_in(author)
    address = reverse("questions:edit", args=[draft(le_chan, author).pk])
    form = sent_back(browser.get(address))
    form["picture"] = SimpleUploadedFile("hinh.png", content, "image/png")

    page = browser.post(address, form)

    assert page.status_code == 422
    assert "PNG hoặc JPEG" in page.content.decode()
    assert not QuestionMedia.objects.exists()


def test_a_draft_changed_meanwhile_keeps_what_was_typed(signed_in, author, le_chan):
    question = draft(le_chan, author)
    browser = signed_in(author)
    address = reverse("questions:edit", args=[question.pk])
    first, second = sent_back(browser.get(address)), sent_back(browser.get(address))
    browser.post(address, first | {"stem": "Câu mới?"})

    page = browser.post(address, second | {"stem": "Câu tôi đã gõ?"})

    assert page.status_code == 422
    assert "Câu tôi đã gõ?" in page.content.decode()
    assert Question.objects.get().stem == "Câu mới?"


def test_places_come_from_the_frameworks_in_force(nation):
    places = Places.on(date(2026, 11, 22))

    assert len(places.components) == 24
    assert "CB2" in places.levels


def test_an_item_without_anything_can_be_kept_as_a_draft(le_chan, author):
    question = draft(le_chan, author, Item(Kind.CLOZE, ""))

    assert item_of(question) == Item(Kind.CLOZE, "")
    assert question.created_at == NOON
