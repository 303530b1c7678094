"""A workbook of answer sheets: read, shown, taken in once, all or none."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from exams.kinds import question_of
from exams.paper_scene import csv_of, row
from exams.scenes import MINUTE, NINE, enrol, person
from hocvu.audit.models import AuditEntry
from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.competency.models import Result
from hocvu.exams.actions import (
    give_up_sheet_file,
    hand_in,
    note_booklet_printed,
    start_attempt,
    take_in_sheet_file,
    upload_sheet_file,
)
from hocvu.exams.actions.sheet_files import (
    SheetFileIsDone,
    SheetFileIsGivenUp,
    SheetFileIsUnreadable,
)
from hocvu.exams.actions.sheets import PaperIsDrawnAnew, SheetsDoNotFit
from hocvu.exams.models import Answer, Attempt, ExamRoom, SheetFile, SheetTakenIn, TimeAllowance
from hocvu.exams.queries.sheet_files import preview_of
from hocvu.exams.queries.sheets import (
    asked_on_paper,
    booklet_of,
    how_to_write,
    learners_without_attempt,
    workbook_of,
)
from hocvu.exams.rules.sheet_rows import learner_code, read_sheets
from hocvu.items.content import Kind
from hocvu.kernel.errors import NotAllowed
from hocvu.papers.models import BlueprintCell, PaperQuestion
from hocvu.spreadsheets import read_grids

LATER = NINE + 60 * MINUTE
WHY = "Điểm cầu mất mạng"


def upload(sitting, by, *rows, at=LATER, **how):
    content = csv_of(sitting, *rows, **how)
    return upload_sheet_file(sitting, "bài làm.csv", content, reason=WHY, by=by, at=at)


def troubles(file, by, at=LATER):
    judged = preview_of(file, reader=by, at=at).rows
    return [trouble.kind for each in judged for trouble in each.troubles]


@pytest.fixture
def point(training_class, other_commune, classmate):
    """A bridge point with a coordinator, where the classmate learns."""
    made = BridgePoint.objects.create(
        training_class=training_class,
        unit=other_commune,
        name="Xã",
        coordinator=person("Bùi Điều Phối"),
    )
    Enrolment.objects.filter(person=classmate).update(bridge_point=made)
    return made


@pytest.fixture
def room(sitting, point):
    return ExamRoom.objects.create(
        sitting=sitting,
        name="Phòng xã",
        code="123456",
        supervisor=person("Lý Giám Thị"),
        bridge_point=point,
        opened_by=point.coordinator,
        opened_at=NINE - MINUTE,
    )


# --- Taking in ---------------------------------------------------------------------------------


def test_nothing_counts_before_somebody_says_so(sitting, officer, learner):
    file = upload(sitting, officer, row(sitting, learner, "B", "ABC", "A"))

    preview = preview_of(file, reader=officer, at=LATER)

    assert (preview.new, preview.unfit, preview.can_be_taken_in) == (1, 0, True)
    assert not Attempt.objects.exists()


def test_sheets_taken_in_are_attempts_that_say_where_they_came_from(
    sitting, officer, learner, questions
):
    file = upload(sitting, officer, row(sitting, learner, "b", "A, C", "-"))

    take_in_sheet_file(file, by=officer, at=LATER)

    attempt = Attempt.objects.get(person=learner)
    chosen = dict(Answer.objects.values_list("question", "chosen"))
    assert chosen == {questions[0].pk: ["b"], questions[1].pk: ["a", "c"]}
    assert attempt.marked_at == LATER
    assert attempt.started_at == NINE
    assert Result.objects.filter(person=learner).exists()
    assert (attempt.sheet.brought_in_by, attempt.sheet.file, attempt.sheet.row) == (
        officer,
        file,
        4,
    )


def test_the_audit_log_says_who_when_why_and_from_which_file(sitting, officer, learner):
    content = csv_of(sitting, row(sitting, learner, "B", "", ""))
    file = upload_sheet_file(sitting, "a.csv", content, reason=WHY, by=officer, at=LATER)
    take_in_sheet_file(file, by=officer, at=LATER)

    entry = AuditEntry.objects.get(act="answer_sheets_taken_in")

    assert (entry.actor_id, entry.reason, entry.at) == (officer.pk, WHY, LATER)
    assert entry.facts["file_sha256"] == hashlib.sha256(content).hexdigest()
    assert entry.facts["sheets"] == 1


def test_taking_in_twice_is_once(sitting, officer, learner):
    file = upload(sitting, officer, row(sitting, learner, "B", "", ""))
    take_in_sheet_file(file, by=officer, at=LATER)

    again = take_in_sheet_file(file, by=officer, at=LATER + MINUTE)

    assert again.taken_in_at == LATER
    assert Attempt.objects.count() == 1


def test_the_same_file_again_leads_to_what_became_of_it(sitting, officer, learner):
    file = upload(sitting, officer, row(sitting, learner, "B", "", ""))
    take_in_sheet_file(file, by=officer, at=LATER)

    again = upload(sitting, officer, row(sitting, learner, "B", "", ""))

    assert again == file
    assert SheetFile.objects.count() == 1


def test_the_same_sheets_by_somebody_else_change_nothing(sitting, officer, chief, learner):
    first = upload(sitting, officer, row(sitting, learner, "B", "", ""))
    second = upload(sitting, chief, row(sitting, learner, "b", "", "-"))
    take_in_sheet_file(first, by=officer, at=LATER)

    preview = preview_of(second, reader=chief, at=LATER)
    taken = take_in_sheet_file(second, by=chief, at=LATER)

    assert (preview.known, preview.can_be_taken_in) == (1, False)
    assert taken.new_attempts == 0
    assert SheetTakenIn.objects.get().brought_in_by == officer


def test_other_answers_of_the_same_sheet_are_refused(sitting, officer, chief, learner):
    take_in_sheet_file(
        upload(sitting, officer, row(sitting, learner, "B", "", "")), by=officer, at=LATER
    )
    second = upload(sitting, chief, row(sitting, learner, "C", "", ""))

    assert troubles(second, chief) == ["other_answers"]
    with pytest.raises(SheetsDoNotFit):
        take_in_sheet_file(second, by=chief, at=LATER)


def test_a_voided_sheet_can_be_brought_in_anew(sitting, officer, chief, learner):
    take_in_sheet_file(
        upload(sitting, officer, row(sitting, learner, "B", "", "")), by=officer, at=LATER
    )
    Attempt.objects.update(voided_at=LATER, voided_by=officer, void_reason="Nhập nhầm")
    mended = upload(sitting, officer, row(sitting, learner, "C", "", ""))

    take_in_sheet_file(mended, by=officer, at=LATER)

    assert Attempt.objects.filter(person=learner).count() == 2


def test_one_row_that_does_not_fit_keeps_all_out(sitting, officer, learner, classmate):
    file = upload(
        sitting, officer, row(sitting, learner, "B", "", ""), row(sitting, classmate, "Z", "", "")
    )

    with pytest.raises(SheetsDoNotFit):
        take_in_sheet_file(file, by=officer, at=LATER)

    assert not Attempt.objects.exists()
    assert troubles(file, officer) == ["unknown_letter"]


def test_an_attempt_begun_meanwhile_keeps_the_sheet_out(sitting, officer, learner):
    file = upload(sitting, officer, row(sitting, learner, "B", "", ""))
    hand_in(start_attempt(sitting, by=learner, at=NINE + MINUTE), by=learner, at=NINE + 2 * MINUTE)

    assert troubles(file, officer) == ["has_an_attempt"]
    with pytest.raises(SheetsDoNotFit):
        take_in_sheet_file(file, by=officer, at=LATER)


def test_an_essay_on_a_sheet_waits_for_its_markers(sitting, officer, learner, essay):
    file = upload(sitting, officer, row(sitting, learner, "B", "", "", "Một bài"))

    take_in_sheet_file(file, by=officer, at=LATER)

    assert Attempt.objects.get().marked_at is None


def test_absent_learners_get_no_attempt(sitting, officer, learner, classmate):
    file = upload(
        sitting, officer, row(sitting, learner, "", "", ""), row(sitting, classmate, "-", "", "")
    )
    take_in_sheet_file(file, by=officer, at=LATER)

    assert file.left_empty == 1
    assert list(Attempt.objects.values_list("person", flat=True)) == [classmate.pk]


def taken_in_at_once(files, by):
    """Each by a thread of its own; what each of them raised, or nothing."""

    def take(file):
        try:
            take_in_sheet_file(file, by=by, at=LATER)
        except SheetsDoNotFit as refused:
            return refused
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(files)) as threads:
        return list(threads.map(take, files))


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_takes_the_sheet_in(sitting, officer, chief, learner):
    same = upload(sitting, officer, row(sitting, learner, "B", "", ""))
    other = upload(sitting, chief, row(sitting, learner, "C", "", ""))

    doubled = taken_in_at_once([same, same, other], officer)

    assert sum(each is not None for each in doubled) in {1, 2}
    assert Attempt.objects.count() == SheetTakenIn.objects.count() == 1


def killed_while_taking_in(file, by):
    with transaction.atomic():
        take_in_sheet_file(file, by=by, at=LATER)
        raise KeyboardInterrupt


def test_a_process_killed_before_the_end_leaves_nothing_and_can_be_repeated(
    sitting, officer, learner
):
    file = upload(sitting, officer, row(sitting, learner, "B", "", ""))

    with pytest.raises(KeyboardInterrupt):
        killed_while_taking_in(file, officer)

    assert not Attempt.objects.exists()
    take_in_sheet_file(file, by=officer, at=LATER)
    assert Attempt.objects.count() == 1


# --- Rows that do not fit ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "trouble"),
    [
        (("21/11/2026 08:59", "21/11/2026 09:10"), "before_it_opened"),
        (("21/11/2026 11:00", "21/11/2026 11:10"), "after_it_closed"),
        (("21/11/2026 09:10", "21/11/2026 09:05"), "handed_in_first"),
        (("21/11/2026 09:00", "21/11/2026 09:31"), "too_late"),
        (("21/11/2026 09:40", "21/11/2026 10:01"), "in_the_future"),
        (("sáng", "21/11/2026 09:10"), "time_unreadable"),
        (("21/11/2026 09:00", ""), "time_unreadable"),
    ],
)
def test_times_outside_the_test_are_named(sitting, officer, learner, times, trouble):
    started, handed_in = times
    file = upload(
        sitting, officer, row(sitting, learner, "B", "", "", started=started, handed_in=handed_in)
    )

    assert troubles(file, officer) == [trouble]


def test_extra_minutes_count_on_paper_too(sitting, officer, learner):
    TimeAllowance.objects.create(
        sitting=sitting, person=learner, minutes=15, reason="Khuyết tật",
        granted_by=officer, granted_at=NINE,
    )  # fmt: skip
    file = upload(sitting, officer, row(sitting, learner, "B", "", "", handed_in="9h45"))

    take_in_sheet_file(file, by=officer, at=LATER)

    assert Attempt.objects.get().must_end_at == NINE + 45 * MINUTE


def test_a_learner_twice_is_named_in_both_rows(sitting, officer, learner):
    same = row(sitting, learner, "B", "", "")

    assert troubles(upload(sitting, officer, same, same), officer) == ["twice", "twice"]


def test_learners_nobody_knows_are_named(sitting, officer, learner, stranger):
    rows = [
        row(sitting, learner, "B", "", "", code="HV1XX"),
        row(sitting, learner, "B", "", "", code=learner_code(987654)),
        row(sitting, learner, "B", "", "", name="Ai Khác"),
    ]

    found = troubles(upload(sitting, officer, *rows), officer)

    assert found == ["unknown_learner", "unknown_learner", "another_name"]


def test_somebody_who_left_the_class_is_nobody_it_knows(sitting, officer, learner):
    file = upload(sitting, officer, row(sitting, learner, "B", "", ""))
    Enrolment.objects.filter(person=learner).update(withdrawn_at=LATER)

    assert troubles(file, officer) == ["unknown_learner"]


# --- Files that do not fit ---------------------------------------------------------------------


def test_a_file_of_another_sitting_is_refused_in_words(sitting, officer, learner):
    with pytest.raises(SheetFileIsUnreadable) as refused:
        upload(sitting, officer, row(sitting, learner, "B", "", ""), code="PTL999XY")

    assert "PTL999XY" in str(refused.value.sentence)
    assert not SheetFile.objects.exists()


@pytest.mark.parametrize(
    "columns",
    [
        ["Mã học viên", "Họ và tên", "Đơn vị", "Bắt đầu", "Đã nộp lúc", "Câu 1", "Câu 2"],
        ["Mã học viên", "Họ và tên", "Đơn vị", "Bắt đầu", "Đã nộp lúc", "Câu 1", "Câu 1", "Câu 3"],
        ["Mã học viên", "Họ và tên", "Đơn vị", "", "Đã nộp lúc", "Câu 1", "Câu 2", "Câu 3"],
        ["Tên", "Lớp"],
    ],
)
def test_a_file_without_its_columns_is_refused(sitting, officer, learner, columns):
    with pytest.raises(SheetFileIsUnreadable):
        upload(sitting, officer, row(sitting, learner, "B", "", ""), columns=columns)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00\x01\x02", "Câu 1;Mã".encode()])
def test_what_is_no_workbook_is_refused(sitting, officer, content):
    with pytest.raises(SheetFileIsUnreadable):
        upload_sheet_file(sitting, "a.xlsx", content, reason=WHY, by=officer, at=LATER)


def test_a_file_without_its_code_or_without_answers_is_refused(sitting, officer, learner):
    for refused in ({"code": "không"}, {}):
        with pytest.raises(SheetFileIsUnreadable):
            upload(sitting, officer, row(sitting, learner, "", "", ""), **refused)


def test_a_file_whose_letters_were_lost_says_how_to_save_it(sitting, officer, learner):
    content = csv_of(sitting, row(sitting, learner, "B", "", "")).decode("utf-8-sig")
    lossy = content.encode("latin-1", errors="replace")

    with pytest.raises(SheetFileIsUnreadable) as refused:
        upload_sheet_file(sitting, "a.csv", lossy, reason=WHY, by=officer, at=LATER)

    assert "CSV UTF-8" in str(refused.value.next_step)


def test_a_paper_drawn_for_each_attempt_has_no_sheets(sitting, officer, learner, paper):
    BlueprintCell.objects.create(paper=paper, position=1, questions=1)

    with pytest.raises(PaperIsDrawnAnew):
        upload(sitting, officer, row(sitting, learner, "B", "", ""))
    with pytest.raises(PaperIsDrawnAnew):
        note_booklet_printed(sitting, by=officer, at=LATER)


# --- Giving up ---------------------------------------------------------------------------------


def test_what_is_given_up_is_forgotten_and_not_taken_in(sitting, officer, learner):
    file = upload(sitting, officer, row(sitting, learner, "B", "", ""))

    give_up_sheet_file(file, by=officer, at=LATER)

    file.refresh_from_db()
    assert file.rows == []
    with pytest.raises(SheetFileIsGivenUp):
        take_in_sheet_file(file, by=officer, at=LATER)
    assert upload(sitting, officer, row(sitting, learner, "B", "", "")) != file


def test_what_is_taken_in_is_not_given_up(sitting, officer, learner):
    file = upload(sitting, officer, row(sitting, learner, "B", "", ""))
    take_in_sheet_file(file, by=officer, at=LATER)

    with pytest.raises(SheetFileIsDone):
        give_up_sheet_file(file, by=officer, at=LATER)


# --- Who ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coordinator", "supervisor"])
def test_a_room_brings_in_the_sheets_of_its_own_people(sitting, room, learner, classmate, who):
    by = room.supervisor if who == "supervisor" else room.bridge_point.coordinator
    own = upload(sitting, by, row(sitting, classmate, "B", "", ""))
    others = upload(sitting, by, row(sitting, learner, "B", "", ""))

    take_in_sheet_file(own, by=by, at=LATER)

    assert Attempt.objects.get().room == room
    assert troubles(others, by) == ["not_yours"]
    assert [each.person for each in learners_without_attempt(by, sitting)] == []


def test_an_officer_from_elsewhere_does_nothing(sitting, stranger, learner):
    with pytest.raises(NotAllowed):
        upload(sitting, stranger, row(sitting, learner, "B", "", ""))
    with pytest.raises(NotAllowed):
        note_booklet_printed(sitting, by=stranger, at=LATER)


def test_a_coordinator_who_learns_reads_no_paper_and_brings_in_no_sheet_of_their_own(
    sitting, training_class, point, classmate, other_commune
):
    coordinator = point.coordinator
    enrol(training_class, coordinator, other_commune)
    Enrolment.objects.filter(person=coordinator).update(bridge_point=point)
    file = upload(sitting, coordinator, row(sitting, coordinator, "B", "", ""))

    assert troubles(file, coordinator) == ["not_yours"]
    assert [e.person for e in learners_without_attempt(coordinator, sitting)] == [classmate]
    with pytest.raises(NotAllowed):
        note_booklet_printed(sitting, by=coordinator, at=LATER)


def test_whoever_lost_the_room_takes_nothing_in(sitting, room, classmate, officer):
    by = room.supervisor
    file = upload(sitting, by, row(sitting, classmate, "B", "", ""))
    ExamRoom.objects.update(supervisor=officer)

    with pytest.raises(NotAllowed):
        take_in_sheet_file(file, by=by, at=LATER)
    with pytest.raises(NotAllowed):
        give_up_sheet_file(file, by=by, at=LATER)


# --- What is printed and filled in -------------------------------------------------------------


def test_the_workbook_names_learners_without_attempt_and_no_identity(
    sitting, officer, learner, classmate
):
    start_attempt(sitting, by=classmate, at=NINE)
    learners = list(learners_without_attempt(officer, sitting))

    [first, second] = read_grids("a.xlsx", workbook_of(sitting, learners))

    texts = [[cell.text for cell in cells] for cells in first.rows]
    [headings, line] = texts[2:]
    assert asked_on_paper(sitting).code in texts[0][0]
    assert [text.split()[-1] for text in headings[5:]] == ["1", "2", "3"]
    assert line[0] == learner_code(learners[0].pk)
    assert line[1:] == [
        *("Nguyễn Văn Học", "Phường Thủy Nguyên", "21/11/2026 09:00", "21/11/2026 09:30"),
        *("", "", ""),
    ]
    assert len(second.rows) == len(how_to_write(asked_on_paper(sitting)))


def test_the_workbook_as_downloaded_is_read_back(sitting, officer, learner, classmate):
    learners = list(learners_without_attempt(officer, sitting))
    empty = read_grids("a.xlsx", workbook_of(sitting, learners))
    [headings, *lines] = [[cell.text for cell in cells] for cells in empty[0].rows[2:]]
    file = csv_of(sitting, *([*line[:5], "A", "AB", "B"] for line in lines), columns=headings)

    read = read_sheets(read_grids("a.csv", file), asked_on_paper(sitting))

    assert [each.code for each in read.rows] == [learner_code(each.pk) for each in learners]
    assert all(each.answered == 3 and not each.troubles for each in read.rows)


def test_the_booklet_asks_every_question_in_order_with_the_letters_of_the_sheet(sitting, questions):
    booklet = booklet_of(sitting)

    assert [each.id for each in booklet.questions] == [question.pk for question in questions]
    assert [option.letter for option in booklet.questions[0].options] == ["A", "B", "C"]
    assert not any(option.right or option.why for q in booklet.questions for option in q.options)
    assert booklet.code == asked_on_paper(sitting).code


def test_the_explanation_says_each_way_once_with_its_questions(sitting, paper):
    PaperQuestion.objects.create(paper=paper, question=question_of(Kind.CLOZE, "C"), position=9)

    said = [term for term, _ in how_to_write(asked_on_paper(sitting))]

    assert [term.split(maxsplit=1)[1] for term in said[:3]] == ["1, 3", "2", "4"]


def test_many_rows_are_judged_in_as_many_statements_as_few(
    sitting, officer, training_class, commune
):
    def judged(count):
        people = [person(f"Học Viên {count} {n}") for n in range(count)]
        for one in people:
            enrol(training_class, one, commune)
        file = upload(sitting, officer, *(row(sitting, one, "B", "", "") for one in people))
        with CaptureQueriesContext(connection) as asked:
            assert preview_of(file, reader=officer, at=LATER).new == count
        return len(asked)

    judged(1)  # remembers who the officer is

    assert judged(2) == judged(12)
