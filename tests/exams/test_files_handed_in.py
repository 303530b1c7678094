"""Files as answers: taken, kept once, refused in words, given back to whoever may see them."""

import io
import zipfile
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvu.audit.models import AuditEntry
from hocvu.exams.actions import hand_in
from hocvu.exams.actions.answering import AnswerDoesNotFit, QuestionIsNotAsked
from hocvu.exams.actions.files import FileDoesNotFit, TooManyFiles, hand_in_file
from hocvu.exams.models import Answer, HandedInFile, LateAnswer
from hocvu.exams.rules.files import (
    LARGEST_FILE,
    USUAL_KINDS,
    FileFlaw,
    SentFile,
    file_name,
    flaw_in_file,
    kinds_taken,
)
from hocvu.items.content import Kind
from hocvu.kernel.errors import NotAllowed


def office(*members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member in members:
            archive.writestr(member, "")
    return packed.getvalue()


WORD = office("[Content_Types].xml", "word/document.xml")
CONTENTS = {
    ".pdf": b"%PDF-1.7\n",
    ".docx": WORD,
    ".odt": office("mimetype", "content.xml"),
    ".xlsx": office("xl/workbook.xml"),
    ".pptx": office("ppt/presentation.xml"),
    ".jpg": b"\xff\xd8\xff\xe0",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".txt": "Chữ Việt".encode(),
}


@pytest.mark.parametrize("kind", USUAL_KINDS)
def test_the_usual_kinds_are_known_by_what_they_hold(kind):
    assert flaw_in_file(f"Bài{kind.upper()}", CONTENTS[kind], ()) is None


@pytest.mark.parametrize(
    ("name", "content", "flaw"),
    [
        ("bài.pdf", b"", FileFlaw.EMPTY),
        ("bài.pdf", b"%PDF-" + bytes(LARGEST_FILE), FileFlaw.TOO_LARGE),
        ("bài.exe", b"MZ", FileFlaw.KIND_NOT_TAKEN),
        ("bài", b"%PDF-1.7", FileFlaw.KIND_NOT_TAKEN),
        ("bài.pdf", b"MZ", FileFlaw.NOT_WHAT_IT_SAYS),
        ("bài.docx", b"%PDF-1.7", FileFlaw.NOT_WHAT_IT_SAYS),
        ("bài.docx", office("xl/workbook.xml"), FileFlaw.NOT_WHAT_IT_SAYS),
        ("bài.docx", office("word/document.xml", "word/vbaProject.bin"), FileFlaw.NOT_WHAT_IT_SAYS),
        ("bài.docx", b"PK\x03\x04 cut off", FileFlaw.NOT_WHAT_IT_SAYS),
        ("bài.txt", b"\x00\x01\x02", FileFlaw.NOT_WHAT_IT_SAYS),
    ],
)
def test_a_file_is_refused_for_what_it_is(name, content, flaw):
    assert flaw_in_file(name, content, ()) is flaw


def test_a_question_takes_the_kinds_it_names_as_far_as_they_can_be_checked():
    assert kinds_taken([".PDF", ".exe"]) == (".pdf",)
    assert kinds_taken([".exe"]) == USUAL_KINDS


@given(st.text(max_size=300), st.sampled_from(USUAL_KINDS))
def test_a_kept_name_is_short_printable_and_keeps_its_ending(name, kind):
    kept = file_name(name.replace("/", "").replace("\\", "") + kind)

    assert kept.endswith(kind)
    assert len(kept) <= 150
    assert kept.isprintable()
    assert not set('/\\"<>|:*?') & set(kept)


# --- Handing in --------------------------------------------------------------------------------


def sent(name="Bài làm.txt", content=b"Xin chao", sequence=1):
    return SentFile(name, content, sequence, uuid4())


@pytest.fixture
def attempt(attempt_of_every_kind):
    return attempt_of_every_kind


@pytest.fixture
def question(every_kind):
    return every_kind[Kind.FILE]


def handed_in(attempt, question, file=None, by=None):
    by = by or attempt.person
    return hand_in_file(attempt, question.pk, file or sent(), by=by, at=timezone.now())


def test_a_file_is_kept_and_answers_its_question(attempt, question):
    receipt = handed_in(attempt, question)

    kept = HandedInFile.objects.get()
    assert (kept.name, kept.content_type) == ("Bài làm.txt", "text/plain")
    assert bytes(kept.content) == b"Xin chao"
    assert receipt.chosen == (f"file={kept.sha256}",)
    assert AuditEntry.objects.filter(act="file_kept").count() == 1


def test_the_same_delivery_again_changes_nothing(attempt, question):
    file = sent()

    assert handed_in(attempt, question, file) == handed_in(attempt, question, file)
    assert HandedInFile.objects.count() == Answer.objects.count() == 1
    assert AuditEntry.objects.filter(act="file_kept").count() == 1


def test_another_file_replaces_the_answer_and_both_are_kept(attempt, question):
    handed_in(attempt, question)

    handed_in(attempt, question, sent(content=b"Ban sau", sequence=2))

    latest = HandedInFile.objects.order_by("pk").last()
    assert Answer.objects.get().chosen == [f"file={latest.sha256}"]
    assert HandedInFile.objects.count() == 2


def test_a_file_after_the_end_is_kept_as_a_late_answer(attempt, question):
    hand_in(attempt, by=attempt.person, at=timezone.now())

    handed_in(attempt, question)

    assert LateAnswer.objects.get().chosen == [f"file={HandedInFile.objects.get().sha256}"]
    assert not Answer.objects.exists()


def test_nobody_hands_in_a_file_for_another(attempt, question, classmate):
    with pytest.raises(NotAllowed):
        handed_in(attempt, question, by=classmate)
    assert not HandedInFile.objects.exists()


def test_a_question_of_another_kind_takes_no_file(attempt, every_kind):
    with pytest.raises(AnswerDoesNotFit):
        handed_in(attempt, every_kind[Kind.ESSAY])


def test_a_question_of_another_paper_takes_no_file(attempt, questions):
    with pytest.raises(QuestionIsNotAsked):
        handed_in(attempt, questions[0])


def test_a_file_that_lies_about_its_kind_is_refused(attempt, question):
    with pytest.raises(FileDoesNotFit):
        handed_in(attempt, question, sent(content=b"\x00\x01"))
    assert not HandedInFile.objects.exists()


def test_a_device_cannot_fill_the_disk_with_files(attempt, question):
    for n in range(20):
        handed_in(attempt, question, sent(content=b"%d" % n, sequence=n + 1))

    with pytest.raises(TooManyFiles):
        handed_in(attempt, question, sent(content=b"one more", sequence=99))


# --- Over the web ------------------------------------------------------------------------------


def address(attempt, question):
    return reverse("exams:file", args=[attempt.pk, question.pk])


def post(client, attempt, question, content=b"Xin chao", name="Bài làm.txt"):
    fields = {"sequence": 5, "client_id": str(uuid4())}
    file = SimpleUploadedFile(name, content)
    where = address(attempt, question)
    return client.post(where, fields | {"file": file}, headers={"Accept": "application/json"})


def test_a_device_is_told_what_stands_as_for_any_answer(client, attempt, question):
    client.force_login(attempt.person.account)

    told = post(client, attempt, question).json()

    assert told["question"] == question.pk
    assert told["chosen"] == [f"file={HandedInFile.objects.get().sha256}"]
    assert told["sequence"] == 5
    assert told["receipt"]
    assert told["left"] > 0


def test_a_refusal_of_a_file_is_told_in_words(client, attempt, question):
    client.force_login(attempt.person.account)

    answer = post(client, attempt, question, name="bai.exe")

    assert answer.status_code == 409
    assert answer.json()["title"] == "Câu hỏi này không nhận loại tệp đó."


def test_a_late_file_is_accepted_aside(client, attempt, question):
    hand_in(attempt, by=attempt.person, at=timezone.now())
    client.force_login(attempt.person.account)

    answer = post(client, attempt, question)

    assert answer.status_code == 202
    assert answer.json()["kept"] is True


def test_a_delivery_without_a_file_is_malformed(client, attempt, question):
    client.force_login(attempt.person.account)

    assert client.post(address(attempt, question), {"sequence": 1}).status_code == 400


def test_the_learner_and_officers_get_the_file_back_to_save_it(client, officer, attempt, question):
    handed_in(attempt, question)

    for person in (attempt.person, officer):
        client.force_login(person.account)
        given_back = client.get(address(attempt, question))

        assert given_back.content == b"Xin chao"
        assert given_back["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert given_back["X-Content-Type-Options"] == "nosniff"


def test_others_do_not_find_the_file(client, classmate, stranger, attempt, question):
    handed_in(attempt, question)

    for person in (classmate, stranger):
        client.force_login(person.account)
        assert client.get(address(attempt, question)).status_code == 404
        assert post(client, attempt, question).status_code == 404


def test_where_no_file_stands_there_is_none_to_get(client, attempt, question):
    client.force_login(attempt.person.account)

    assert client.get(address(attempt, question)).status_code == 404
