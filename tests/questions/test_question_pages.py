import pytest
from bank_scene import ITEMS, NOON, PLACE, approved, draft, png, single, with_role
from django.urls import reverse

from hocvu.items.content import Item, Kind, Option
from hocvu.questions.actions import (
    keep_picture,
    load_bank,
    put_in_use,
    retire_question,
    review_question,
    send_for_review,
    share_question,
)
from hocvu.questions.models import Question, QuestionMedia, QuestionReview
from hocvu.questions.queries.bank import bank_of, in_one_line
from hocvu.questions.queries.shown import shown, without_key
from hocvu.questions.rules.places import Place
from hocvu.questions.rules.states import QuestionState

READ_ONLY = ("bank", "kinds", "files", "upload", "template")


def words(page):
    return page.content.decode()


@pytest.fixture
def in_use(le_chan, author, colleague, officer):
    question = approved(draft(le_chan, author), colleague, officer, author=author)
    put_in_use([question], by=author, at=NOON)
    return question


# --- The list ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"component": "1.2"}, True),
        ({"component": "6.1"}, False),
        ({"level": "CB2", "topic": "DS", "group": "public_personnel", "kind": "single"}, True),
        ({"kind": "essay"}, False),
        ({"text": "thu do viet nam"}, True),
        ({"text": "hue"}, True),
        ({"text": "hue can tho"}, False),
        ({"state": "draft"}, True),
        ({"state": "in_use"}, False),
        ({"owner": "own"}, True),
        ({"owner": "national"}, False),
    ],
)
def test_the_list_finds_a_question_by_its_place_its_words_and_its_state(
    le_chan, author, asked, found
):
    question = draft(le_chan, author, single())

    assert (question in bank_of(author, asked)) is found


def test_every_state_has_its_own_list(le_chan, author, colleague, officer, in_use):
    lists = {QuestionState.IN_USE: in_use, QuestionState.DRAFT: draft(le_chan, author)}
    waiting = draft(le_chan, author)
    send_for_review([waiting], by=author, at=NOON)
    lists[QuestionState.IN_REVIEW] = waiting
    lists[QuestionState.REVIEWED] = approved(
        draft(le_chan, author), colleague, officer, author=author
    )
    gone = draft(le_chan, author)
    lists[QuestionState.RETIRED] = retire_question(gone, reason="Sai", by=author, at=NOON)

    for state, question in lists.items():
        assert list(bank_of(author, {"state": state.value})) == [question]
        assert Question.objects.get(pk=question.pk).state is state


def test_reviewers_find_what_waits_for_them_and_nothing_else(le_chan, author, colleague):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)

    assert question in bank_of(colleague, {"state": "waiting_for_me"})
    assert question not in bank_of(author, {"state": "waiting_for_me"})
    question.reviews.create(reviewer=colleague, approves=True, reviewed_at=NOON)
    assert question not in bank_of(colleague, {"state": "waiting_for_me"})


def test_the_list_shows_a_question_on_one_line_and_asks_few_queries(
    signed_in, author, le_chan, django_assert_max_num_queries
):
    for _ in range(3):
        draft(le_chan, author)
    draft(le_chan, author, single("**Rất** dài " + "lắm " * 60))
    browser = signed_in(author)
    browser.get(reverse("questions:bank"))

    with django_assert_max_num_queries(12):
        page = browser.get(reverse("questions:bank"))

    assert "Rất dài lắm" in words(page)
    assert "…" in words(page)


def test_the_list_goes_into_a_workbook(signed_in, author, le_chan):
    draft(le_chan, author)

    answer = signed_in(author).get(reverse("questions:bank"), {"format": "xlsx"})

    assert answer["Content-Type"].endswith("sheet")


def test_the_packaged_bank_is_everybodys(signed_in, author):
    load_bank(at=NOON)

    page = signed_in(author).get(reverse("questions:bank"), {"owner": "national"})

    assert "CD-01" in words(signed_in(author).get(reverse("questions:bank"), {"text": "CD-01"}))
    assert page.status_code == 200


def test_ticked_questions_are_sent_together(signed_in, author, le_chan):
    questions = [draft(le_chan, author), draft(le_chan, author)]

    signed_in(author).post(
        reverse("questions:many"), {"act": "send", "row": [each.pk for each in questions]}
    )

    assert Question.objects.in_review().count() == 2


def test_reviewed_questions_are_put_in_use_together(signed_in, author, le_chan, colleague, officer):
    question = approved(draft(le_chan, author), colleague, officer, author=author)

    signed_in(author).post(reverse("questions:many"), {"act": "use", "row": [question.pk]})

    assert Question.objects.in_use().get() == question


def test_a_list_is_exported_whole_or_by_its_ticks(signed_in, author, le_chan):
    first, second = draft(le_chan, author), draft(le_chan, author)
    browser, many = signed_in(author), reverse("questions:many")

    whole = words(browser.post(many, {"act": "gift"}))
    ticked = words(browser.post(many, {"act": "gift", "row": [first.pk]}))

    assert first.stem.rstrip("?") in whole
    assert second.stem.rstrip("?") in whole
    assert second.stem.rstrip("?") not in ticked


@pytest.mark.parametrize("name", READ_ONLY)
def test_the_bank_is_open_to_who_writes_questions(signed_in, author, name):
    assert signed_in(author).get(reverse(f"questions:{name}")).status_code == 200


@pytest.mark.parametrize("name", sorted(set(READ_ONLY) - {"files"}))
def test_whoever_writes_no_questions_is_refused_and_told_what_to_do(signed_in, leader, name):
    answer = signed_in(leader).get(reverse(f"questions:{name}"))

    assert answer.status_code == 403
    assert "vai trò giảng viên" in words(answer)


# --- One question ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_is_shown_with_and_without_its_key(signed_in, author, le_chan, language):
    browser = signed_in(author)
    browser.cookies["django_language"] = language

    for item in ITEMS.values():
        address = reverse("questions:question", args=[draft(le_chan, author, item).pk])
        for seen_as in ("teacher", "learner"):
            assert browser.get(address, {"as": seen_as}).status_code == 200


def test_a_learners_view_tells_neither_key_nor_reason(signed_in, author, le_chan):
    question = draft(le_chan, author, single())
    browser, address = signed_in(author), reverse("questions:question", args=[question.pk])

    assert "Từ năm 1945." in words(browser.get(address))
    assert "Từ năm 1945." not in words(browser.get(address, {"as": "learner"}))


def test_a_script_in_a_text_never_reaches_a_page():
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3))"
    item = Item(Kind.SINGLE, evil, options=(Option("a", evil), Option("b", "B")), feedback=evil)

    page = shown(item, {})

    for said in (page.stem, page.options[0].text, page.feedback):
        assert "<script" not in said
        assert "onerror" not in said
        assert 'href="javascript' not in said


def test_gaps_are_shown_as_places_and_only_outside_of_tags():
    item = Item(Kind.CLOZE, 'Thủ đô là [[g1]]. <abbr title="[[g1]]">x</abbr>')

    assert shown(item, {}).stem.count('<span class="gap">g1</span>') == 1


def test_questions_of_others_are_not_found(signed_in, neighbour, author, le_chan):
    question = draft(le_chan, author)
    browser = signed_in(neighbour)

    for name in ("question", "edit", "review", "retire"):
        assert browser.get(reverse(f"questions:{name}", args=[question.pk])).status_code == 404
    for name in ("send", "use", "share", "copy"):
        assert browser.post(reverse(f"questions:{name}", args=[question.pk])).status_code == 404


def test_a_shared_question_is_read_by_others_but_not_edited(signed_in, neighbour, author, in_use):
    share_question(in_use, shared=True, by=author, at=NOON)
    browser = signed_in(neighbour)

    page = browser.get(reverse("questions:question", args=[in_use.pk]))
    answer = browser.get(reverse("questions:edit", args=[in_use.pk]))

    assert page.status_code == 200
    assert reverse("questions:edit", args=[in_use.pk]) not in words(page)
    assert answer.status_code == 403


def test_others_read_what_became_of_a_shared_question_but_not_who_said_what(
    *, signed_in, neighbour, author, le_chan, colleague, officer
):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)
    for reviewer, remarks in ((colleague, "Đã tra luật"), (officer, "Câu chữ rõ")):
        review_question(question, approves=True, remarks=remarks, by=reviewer, at=NOON)
    put_in_use([Question.objects.get()], by=author, at=NOON)
    share_question(question, shared=True, by=author, at=NOON)
    address = reverse("questions:question", args=[question.pk])
    own = words(signed_in(colleague).get(address))
    assert all(each in own for each in ("Đã tra luật", officer.full_name, author.full_name))

    seen = words(signed_in(neighbour).get(address))

    people = {each.full_name for each in (author, colleague, officer)} - {neighbour.full_name}
    assert not [told for told in ("Đã tra luật", "Câu chữ rõ", *people) if told in seen]
    assert seen.count("dùng được") >= 2
    assert "Phiên bản 1 được đưa vào sử dụng." in seen


def test_the_forms_of_reviews_and_retiring_open_only_to_who_may_do_it(
    *, signed_in, author, neighbour, colleague, in_use, le_chan
):
    share_question(in_use, shared=True, by=author, at=NOON)
    own = draft(le_chan, author)
    retire, review = (
        {each: reverse(f"questions:{name}", args=[each.pk]) for each in (in_use, own)}
        for name in ("retire", "review")
    )

    assert signed_in(neighbour).get(retire[in_use]).status_code == 403
    assert signed_in(neighbour).get(review[in_use]).status_code == 403
    assert signed_in(author).get(review[own]).status_code == 403
    assert signed_in(author).get(retire[own]).status_code == 200
    assert signed_in(colleague).get(review[own]).status_code == 200


@pytest.mark.parametrize("kind", [Kind.ORDERING, Kind.MATCHING])
def test_the_order_in_which_learners_see_things_is_not_the_right_one(kind):
    page = shown(ITEMS[kind], {})

    asked = without_key(page)

    assert [each.text for each in asked.options] != [each.text for each in page.options]
    assert {each.text for each in asked.options} == {each.text for each in page.options}
    assert not any(part.key for part in asked.parts)


def test_a_packaged_question_is_copied_not_edited(signed_in, author, le_chan):
    load_bank(at=NOON)
    packaged = Question.objects.get(code="CD-01")
    browser = signed_in(author)

    assert browser.get(reverse("questions:edit", args=[packaged.pk])).status_code == 403
    browser.post(reverse("questions:copy", args=[packaged.pk]), {"owner": le_chan.pk})

    copy = Question.objects.get(owner=le_chan)
    assert copy.settings == packaged.settings
    assert copy.parts == packaged.parts


def test_a_review_is_given_through_the_page(signed_in, author, colleague, le_chan):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)
    browser, address = signed_in(colleague), reverse("questions:review", args=[question.pk])
    assert browser.post(address, {"verdict": "return"}).status_code == 422

    answer = browser.post(address, {"verdict": "return", "remarks": "Đáp án sai"})

    assert answer.status_code == 303
    assert QuestionReview.objects.get().remarks == "Đáp án sai"
    page = words(browser.get(reverse("questions:question", args=[question.pk])))
    assert "Đáp án sai" in page
    assert "đề nghị sửa phiên bản 1" in page


def test_nobody_retires_a_question_without_a_reason(signed_in, author, le_chan):
    question = draft(le_chan, author)
    browser, address = signed_in(author), reverse("questions:retire", args=[question.pk])
    assert browser.post(address, {"reason": " "}).status_code == 422

    browser.post(address, {"reason": "Trùng câu khác"})

    assert Question.objects.get().state is QuestionState.RETIRED
    page = browser.get(reverse("questions:question", args=[question.pk]))
    assert "Trùng câu khác" in words(page)


def test_a_question_goes_its_way_by_buttons(signed_in, author, colleague, officer, le_chan):
    question = draft(le_chan, author)
    signed_in(author).post(reverse("questions:send", args=[question.pk]))
    for reviewer in (colleague, officer):
        signed_in(reviewer).post(
            reverse("questions:review", args=[question.pk]), {"verdict": "approve"}
        )
    browser = signed_in(author)
    browser.post(reverse("questions:use", args=[question.pk]))
    browser.post(reverse("questions:share", args=[question.pk]), {"shared": "yes"})

    question = Question.objects.get()
    assert question.state is QuestionState.IN_USE
    assert question.is_shared
    assert browser.get(reverse("questions:question", args=[question.pk])).status_code == 200


def test_an_unfinished_question_says_on_its_page_what_is_missing(signed_in, author, le_chan):
    question = draft(le_chan, author, Item(Kind.SINGLE, "Câu?"), place=Place())

    page = words(signed_in(author).get(reverse("questions:question", args=[question.pk])))

    assert "Cần có ít nhất hai phương án." in page
    assert reverse("questions:send", args=[question.pk]) not in page


# --- Pictures ----------------------------------------------------------------------------------


def test_a_picture_is_served_as_what_it_is_and_can_do_nothing(signed_in, author, leader):
    kept = keep_picture(png(), by=author, at=NOON)

    answer = signed_in(leader).get(reverse("questions:media", args=[kept.sha256]))

    assert answer.content == png()
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "immutable" in answer["Cache-Control"]


def test_a_picture_needs_a_login_and_must_exist(client, signed_in, author):
    kept = keep_picture(png(), by=author, at=NOON)

    assert client.get(reverse("questions:media", args=[kept.sha256])).status_code == 302
    browser = signed_in(author)
    assert browser.get(reverse("questions:media", args=["0" * 64])).status_code == 404


def test_the_same_picture_is_kept_once(author):
    keep_picture(png(), by=author, at=NOON)
    keep_picture(png(), by=author, at=NOON)

    assert QuestionMedia.objects.count() == 1


def test_one_line_of_a_question_without_words_is_its_name(le_chan, author):
    question = draft(le_chan, author, Item(Kind.FILE, "", name="Bài nộp"))

    assert in_one_line(question) == "Bài nộp"


def test_a_place_given_in_part_is_filled_from_that_of_all():
    assert Place("6.1").with_gaps_filled(PLACE) == Place(
        "6.1", PLACE.level, PLACE.topic, PLACE.target_group, PLACE.source
    )


def test_a_role_ends_and_with_it_the_bank(signed_in, le_chan, author):
    other = with_role("leader", le_chan)
    draft(le_chan, author)

    assert not bank_of(other, {}).exists()
