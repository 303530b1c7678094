"""A test on paper, for the person at the screen."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exams.paper_scene import csv_of, row
from exams.scenes import MINUTE, person
from hocvu.audit.models import AuditEntry
from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.exams.models import Attempt, ExamRoom, SheetFile, Sitting
from hocvu.exams.rules.sheet_rows import learner_code
from hocvu.kernel.time import VIETNAM
from hocvu.papers.models import BlueprintCell
from hocvu.spreadsheets import read_grids

WHY = "Điểm cầu mất mạng"


@pytest.fixture
def held(paper, training_class):
    """A sitting that opened two hours ago and is still open."""
    now = timezone.now()
    return Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=now - timedelta(hours=2),
        closes_at=now + timedelta(hours=1),
    )


@pytest.fixture
def room(held, other_commune, classmate):
    """The classmate's, at a bridge point of their commune."""
    point = BridgePoint.objects.create(
        training_class=held.training_class, unit=other_commune, name="Xã"
    )
    Enrolment.objects.filter(person=classmate).update(bridge_point=point)
    return ExamRoom.objects.create(
        sitting=held,
        name="Phòng xã",
        code="123456",
        supervisor=person("Lý Giám Thị"),
        bridge_point=point,
        opened_by=person("Ai Mở"),
        opened_at=held.opens_at,
    )


def written(sitting, learner, *answers):
    started = sitting.opens_at + 5 * MINUTE
    times = [
        moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
        for moment in (started, started + 20 * MINUTE)
    ]
    return row(sitting, learner, *answers, started=times[0], handed_in=times[1])


def sent(client, sitting, *rows, reason=WHY):
    file = SimpleUploadedFile("phieu.csv", csv_of(sitting, *rows))
    address = reverse("exams:upload_sheets", args=[sitting.pk])
    return client.post(address, {"file": file, "reason": reason}, follow=True)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_whole_way_from_the_results_to_attempts_that_say_where_they_came_from(
    client, held, officer, learner
):
    client.force_login(officer.account)
    page = client.get(reverse("exams:results", args=[held.pk]))
    assert reverse("exams:sheets", args=[held.pk]) in page.content.decode()

    preview = sent(client, held, written(held, learner, "B", "A", ""))
    file = SheetFile.objects.get()
    taken = client.post(reverse("exams:take_in_sheets", args=[file.pk]), follow=True)
    again = client.post(reverse("exams:take_in_sheets", args=[file.pk]), follow=True)

    assert "Ghi nhận 1 phiếu" in text_of(preview)
    assert "Phạm Thị Cán Bộ ghi nhận 1 phiếu trả lời" in text_of(taken)
    assert (again.status_code, Attempt.objects.count()) == (200, 1)
    client.force_login(learner.account)
    result = client.get(reverse("exams:result", args=[Attempt.objects.get().pk]))
    assert "làm trên phiếu giấy, Phạm Thị Cán Bộ nhập lúc" in text_of(result)


def test_the_board_of_a_room_shows_who_wrote_on_paper(client, held, room, classmate):
    client.force_login(room.supervisor.account)
    board = client.get(reverse("exams:room", args=[room.pk]))
    assert f"{reverse('exams:sheets', args=[held.pk])}?room={room.pk}" in board.content.decode()

    sent(client, held, written(held, classmate, "B", "A", ""))
    client.post(reverse("exams:take_in_sheets", args=[SheetFile.objects.get().pk]))

    board = text_of(client.get(reverse("exams:room", args=[room.pk])))
    assert "làm trên phiếu giấy, Lý Giám Thị nhập lúc" in board
    assert "Đã nộp bài" in board


def test_what_does_not_fit_is_said_row_by_row_and_nothing_can_be_taken_in(
    client, held, officer, learner, classmate
):
    client.force_login(officer.account)

    page = sent(
        client, held, written(held, learner, "Z", "", ""), written(held, classmate, "A", "", "")
    )

    assert "Câu 1 không có lựa chọn “Z”." in text_of(page)
    assert reverse("exams:take_in_sheets", args=[SheetFile.objects.get().pk]) not in (
        page.content.decode()
    )


def test_a_file_that_cannot_be_read_keeps_the_reason_that_was_typed(client, held, officer):
    client.force_login(officer.account)
    file = SimpleUploadedFile("a.xlsx", b"%PDF-1.7")

    answer = client.post(
        reverse("exams:upload_sheets", args=[held.pk]), {"file": file, "reason": WHY}
    )

    assert answer.status_code == 422
    assert WHY in answer.content.decode()


def test_a_file_needs_its_reason(client, held, officer, learner):
    client.force_login(officer.account)

    answer = sent(client, held, written(held, learner, "A", "", ""), reason="")

    assert answer.status_code == 422
    assert not SheetFile.objects.exists()


def test_a_file_far_too_large_is_refused_unread(client, held, officer):
    client.force_login(officer.account)

    answer = client.post(
        reverse("exams:upload_sheets", args=[held.pk]), CONTENT_LENGTH=str(30 * 1024 * 1024)
    )

    assert answer.status_code == 409


def test_cancelling_leads_to_another_upload(client, held, officer, learner):
    client.force_login(officer.account)
    sent(client, held, written(held, learner, "A", "", ""))
    file = SheetFile.objects.get()

    answer = client.post(reverse("exams:give_up_sheets", args=[file.pk]))
    page = client.get(reverse("exams:sheet_file", args=[file.pk]))

    assert answer.headers["Location"] == reverse("exams:upload_sheets", args=[held.pk])
    assert "Tệp này đã bị hủy" in text_of(page)


def test_the_booklet_prints_the_questions_without_any_key_and_is_noted(
    client, held, officer, questions
):
    client.force_login(officer.account)

    page = client.get(reverse("exams:booklet", args=[held.pk])).content.decode()

    for question in questions:
        assert question.stem in page
        for option in question.options:
            assert option["text"] in page
            assert option["why"] not in page
    entry = AuditEntry.objects.get(act="booklet_printed")
    assert (entry.actor_id, entry.subject) == (officer.pk, f"exams.sitting:{held.pk}")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_of_question_is_printed(
    client, attempt_of_every_kind, officer, every_kind, language
):
    client.force_login(officer.account)
    client.cookies["django_language"] = language
    address = reverse("exams:booklet", args=[attempt_of_every_kind.sitting_id])

    page = text_of(client.get(address))

    first = "Câu" if language == "vi" else "Question"
    assert all(f"{first} {number}" in page for number in range(1, len(every_kind) + 1))
    assert "Câu yêu cầu nộp tệp" in page or "Asks for a file" in page
    assert "(3)" in page  # the third gap


def test_the_workbook_of_a_room_names_its_people_only(client, held, room, officer, learner):
    client.force_login(officer.account)
    address = reverse("exams:sheet_workbook", args=[held.pk])

    of_room = read_grids("a.xlsx", client.get(f"{address}?room={room.pk}").content)[0]
    of_all = read_grids("a.xlsx", client.get(address).content)[0]

    names = [[cells[1].text for cells in grid.rows[3:]] for grid in (of_room, of_all)]
    assert names == [["Trần Thị Bạn"], ["Trần Thị Bạn", "Nguyễn Văn Học"]]
    codes = {cells[0].text for cells in of_all.rows[3:]}
    assert codes == {learner_code(pk) for pk in Enrolment.objects.values_list("pk", flat=True)}


def test_a_drawn_paper_says_why_there_are_no_sheets(client, held, officer, paper):
    BlueprintCell.objects.create(paper=paper, position=1, questions=1)
    client.force_login(officer.account)

    page = client.get(reverse("exams:sheets", args=[held.pk]))

    assert "không làm trên giấy được" in text_of(page)
    for name in ("booklet", "sheet_workbook"):
        assert client.get(reverse(f"exams:{name}", args=[held.pk])).status_code == 409


def test_a_coordinator_finds_the_tests_of_their_point(client, held, room):
    coordinator = person("Bùi Điều Phối")
    room.bridge_point.coordinator = coordinator
    room.bridge_point.save()
    client.force_login(coordinator.account)

    mine = client.get(reverse("exams:mine")).content.decode()
    tests = client.get(reverse("exams:sittings_on_paper")).content.decode()

    assert reverse("exams:sittings_on_paper") in mine
    assert reverse("exams:sheets", args=[held.pk]) in tests


def test_learners_and_strangers_are_led_nowhere(client, held, learner, stranger):
    for who in (learner, stranger):
        client.force_login(who.account)
        for name in ("sheets", "booklet", "sheet_workbook", "upload_sheets"):
            assert client.get(reverse(f"exams:{name}", args=[held.pk])).status_code == 404
        assert reverse("exams:sittings_on_paper") not in (
            client.get(reverse("exams:mine")).content.decode()
        )


def test_a_file_of_others_is_not_there(client, held, officer, room, learner):
    client.force_login(officer.account)
    sent(client, held, written(held, learner, "A", "", ""))
    client.force_login(room.supervisor.account)
    pk = SheetFile.objects.get().pk

    assert client.get(reverse("exams:sheet_file", args=[pk])).status_code == 404
    assert client.post(reverse("exams:take_in_sheets", args=[pk])).status_code == 404
    assert not Attempt.objects.exists()
