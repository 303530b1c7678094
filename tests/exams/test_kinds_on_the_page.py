"""Every kind of question, shown, answered without scripts, handed in and explained."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exams.kinds import ITEMS, RIGHT
from exams.scenes import looked_at
from hocvu.exams.actions import hand_in, save_answer
from hocvu.exams.models import Answer, HandedInFile
from hocvu.items.content import MARKED_BY_PEOPLE, Kind
from hocvu.papers.models import PaperQuestion, PaperSection

AUTOMATIC = [kind for kind in ITEMS if kind not in MARKED_BY_PEOPLE]


@pytest.fixture
def asked(every_kind):
    return every_kind


@pytest.fixture
def attempt(attempt_of_every_kind):
    return attempt_of_every_kind


@pytest.fixture
def as_learner(client, learner):
    client.force_login(learner.account)
    return client


def address(attempt, name="attempt"):
    return reverse(f"exams:{name}", args=[attempt.pk])


def save(attempt, question, lines, sequence=1):
    return save_answer(
        attempt,
        question.pk,
        lines,
        sequence=sequence,
        client_id=uuid4(),
        by=attempt.person,
        at=timezone.now(),
    )


def fields_of(question, kind, lines):
    """What a browser without scripts sends for these lines."""
    fields = {f"seen-{question.pk}": "0"}
    for line in lines:
        part, _, given = line.partition("=")
        if kind in {Kind.NUMERIC, Kind.SHORT_TEXT, Kind.ESSAY}:
            fields[f"t-{question.pk}-{part}"] = given.replace("\n", "\r\n")
        elif kind is Kind.CLOZE and part != "p2":
            fields[f"t-{question.pk}-{part}"] = given
        elif given:
            fields[f"q-{question.pk}-{part}"] = line
        else:
            fields.setdefault(f"q-{question.pk}", []).append(line)
    return fields


def stored(question):
    return Answer.objects.get(question=question).chosen


@pytest.mark.parametrize("kind", RIGHT)
def test_every_kind_is_answered_without_scripts(as_learner, attempt, asked, kind):
    question = asked[kind]

    sent = as_learner.post(address(attempt), fields_of(question, kind, RIGHT[kind]))

    assert sent.status_code == 303
    assert stored(question) == sorted(RIGHT[kind])


@pytest.mark.parametrize("kind", RIGHT)
def test_an_answer_of_every_kind_is_shown_again(as_learner, attempt, asked, kind):
    save(attempt, asked[kind], RIGHT[kind])

    again = as_learner.get(address(attempt)).content.decode()
    fields = _filled_in(again, asked[kind])

    assert fields == sorted(RIGHT[kind])


def _filled_in(page, question):
    """The lines the fields of a page hold, as a browser would read them."""
    own = re.search(rf'<fieldset data-question="{question.pk}".*?</fieldset>', page, re.DOTALL)[0]
    lines = re.findall(r'<input type="(?:radio|checkbox)"[^>]* value="([^"]*)" checked', own)
    lines += re.findall(r'<option value="([^"]+)" selected', own)
    typed = re.findall(r'data-part="([^"]+)" value="([^"]+)"', own)
    lines += [f"{part}={value}" for part, value in typed]
    for part, value in re.findall(
        r'data-part="([^"]+)" rows[^>]*>\n(.+?)</textarea>', own, re.DOTALL
    ):
        lines.append(f"{part}={value}")
    return sorted(lines)


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_the_right_answer_of_every_kind_is_marked_right(as_learner, attempt, asked, kind):
    save(attempt, asked[kind], RIGHT[kind])
    handed_in = hand_in(attempt, by=attempt.person, at=timezone.now())

    shown = {each.id: each for each in looked_at(handed_in).questions}

    assert shown[asked[kind].pk].mark.verdict.value == "right"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_page_with_every_kind_is_whole_in_both_languages(as_learner, attempt, asked, language):
    as_learner.cookies["django_language"] = language

    text = as_learner.get(address(attempt)).content.decode()

    for kind, item in ITEMS.items():
        stem = item.stem_en if language == "en" else item.stem
        assert re.split(r"\W", stem)[0] in text, kind
    assert "<strong>" in text
    assert "<math" in text


def test_an_open_question_makes_the_attempt_wait_and_the_result_says_so(as_learner, attempt, asked):
    save(attempt, asked[Kind.ESSAY], RIGHT[Kind.ESSAY])
    save(attempt, asked[Kind.SINGLE], ["a"])

    confirm = as_learner.get(address(attempt, "hand_in")).content.decode()
    as_learner.post(address(attempt, "hand_in"))
    text = as_learner.get(address(attempt, "result")).content.decode()

    assert "Phần tự luận do người chấm" in confirm
    attempt.refresh_from_db()
    assert attempt.handed_in_at
    assert (attempt.marked_at, attempt.points, attempt.passed) == (None, None, None)
    assert "Còn 1 câu tự luận đang được chấm." in text
    assert "Đến nay đã chắc chắn được 1 trên 17 điểm." in text
    assert "Một bài viết" in text
    assert "Đang chấm" in as_learner.get(reverse("exams:mine")).content.decode()


def test_what_cannot_be_an_answer_is_shown_again_and_everything_else_is_saved(
    as_learner, attempt, asked
):
    twice = asked[Kind.ORDERING]
    fields = fields_of(twice, Kind.ORDERING, ["a=1", "b=1"])
    fields |= fields_of(asked[Kind.NUMERIC], Kind.NUMERIC, ["value=mười hai"])
    fields |= fields_of(asked[Kind.SINGLE], Kind.SINGLE, ["a"])

    sent = as_learner.post(address(attempt), fields)

    text = sent.content.decode()
    assert sent.status_code == 422
    assert Answer.objects.get().question == asked[Kind.SINGLE]
    assert "mười hai" in text
    assert _filled_in(text, twice) == ["a=1", "b=1"]
    assert f'id="flaw-{twice.pk}"' in text
    assert "Chưa lưu được 2 câu" in text


def test_a_file_is_handed_in_without_scripts(as_learner, attempt, asked):
    question = asked[Kind.FILE]
    file = SimpleUploadedFile("Bài làm.txt", "Nội dung".encode())

    as_learner.post(
        address(attempt), {f"seen-{question.pk}": "0", f"f-{question.pk}": file, "act": "save"}
    )

    kept = HandedInFile.objects.get()
    assert stored(question) == [f"file={kept.sha256}"]
    assert "Bài làm.txt" in as_learner.get(address(attempt)).content.decode()


def test_a_file_of_another_kind_is_refused_beside_its_question(as_learner, attempt, asked):
    question = asked[Kind.FILE]
    file = SimpleUploadedFile("virus.exe", b"MZ")

    sent = as_learner.post(address(attempt), {f"seen-{question.pk}": "0", f"f-{question.pk}": file})

    assert sent.status_code == 422
    assert "Câu hỏi này không nhận loại tệp đó." in sent.content.decode()
    assert not HandedInFile.objects.exists()


def test_answers_of_a_page_sent_after_the_end_are_kept_aside(as_learner, attempt, asked):
    hand_in(attempt, by=attempt.person, at=timezone.now())

    sent = as_learner.post(address(attempt), fields_of(asked[Kind.SINGLE], Kind.SINGLE, ["a"]))

    assert sent.url == address(attempt, "result")
    text = as_learner.get(address(attempt, "result")).content.decode()
    assert "1 câu trả lời đến sau giờ kết thúc" in text


def test_questions_stay_in_their_section_however_they_are_mixed(as_learner, attempt, asked):
    paper = attempt.sitting.paper
    first, second = (
        PaperSection.objects.create(paper=paper, position=n, title=f"Phần {n}") for n in (1, 2)
    )
    rows = PaperQuestion.objects.filter(paper=paper)
    rows.filter(position__lte=6).update(section=first)
    rows.filter(position__gt=6).update(section=second)

    shown = looked_at(attempt).sections

    assert [section.title for section in shown] == ["Phần 1", "Phần 2"]
    inside = {row.question_id for row in rows.filter(section=first)}
    assert {each.id for each in shown[0].questions} == inside
    assert [each.number for section in shown for each in section.questions] == list(range(1, 14))
