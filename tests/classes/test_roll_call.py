from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from classes.class_scene import MINUTE, MORNING
from hocvu.classes.actions import (
    ClassIsClosed,
    DifferenceUnexplained,
    MarkBelongsElsewhere,
    NotOnThisRoll,
    ReasonIsMissing,
    RollIsClosed,
    RollIsNotOpen,
    SessionIsAhead,
    SheetIsWrong,
    SignedSheet,
    close_roll,
    enter_sheets,
    mark_presence,
    open_roll,
    withdraw_learner,
)
from hocvu.classes.models import MarkMethod, Presence, RollMark
from hocvu.classes.queries import attendance_of, present_at, rows_of
from hocvu.classes.rules import Attendance
from hocvu.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db
PRESENT, EXCUSED, ABSENT = Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT


def tap(roll, enrolment, by, presence=PRESENT, *, client_id=None, reason="", at=MORNING + MINUTE):
    return mark_presence(
        roll,
        enrolment.pk,
        presence,
        method=MarkMethod.TAP,
        client_id=client_id or uuid4(),
        by=by,
        at=at,
        reason=reason,
    )


def test_a_roll_opens_on_its_day_and_opening_it_again_changes_nothing(roll, coordinator):
    opened = open_roll(roll, by=coordinator, at=MORNING)
    again = open_roll(roll, by=coordinator, at=MORNING + MINUTE)

    assert opened.opened_at == again.opened_at == MORNING


def test_a_roll_does_not_open_the_day_before(roll, coordinator):
    with pytest.raises(SessionIsAhead, match="23/11/2026"):
        open_roll(roll, by=coordinator, at=MORNING - timedelta(days=1))


def test_a_roll_is_called_only_by_who_has_the_duty(roll, learners, leader, officer):
    for somebody in (learners[0], leader):
        with pytest.raises(NotAllowed):
            open_roll(roll, by=somebody, at=MORNING)
    assert open_roll(roll, by=officer, at=MORNING).opened_at


def test_the_roll_lists_its_learners_by_given_name(called_roll, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = rows_of(called_roll)

    assert [row.name for row in rows] == ["Phạm Văn Ân", "Dương Dũng", "Đặng Thu Đào"]


def test_a_mark_sent_twice_is_one_mark(called_roll, enrolments, coordinator):
    client_id = uuid4()

    first = tap(called_roll, enrolments[0], coordinator, client_id=client_id)
    retry = tap(called_roll, enrolments[0], coordinator, client_id=client_id)
    other_phone = tap(called_roll, enrolments[0], coordinator)

    assert first == retry == other_phone
    assert RollMark.objects.count() == 1


def test_an_identifier_names_one_mark_only(called_roll, enrolments, coordinator):
    client_id = uuid4()
    tap(called_roll, enrolments[0], coordinator, client_id=client_id)

    with pytest.raises(MarkBelongsElsewhere):
        tap(called_roll, enrolments[1], coordinator, client_id=client_id)


def test_a_correction_keeps_the_old_mark(called_roll, enrolments, coordinator):
    tap(called_roll, enrolments[0], coordinator, ABSENT)
    tap(called_roll, enrolments[0], coordinator, PRESENT, at=MORNING + 9 * MINUTE)

    old, new = RollMark.objects.order_by("pk")
    assert (old.presence, old.superseded_at) == (ABSENT, MORNING + 9 * MINUTE)
    assert (new.presence, new.superseded_at) == (PRESENT, None)
    assert present_at(called_roll) == 1


@pytest.mark.parametrize(
    "change",
    [RollMark.delete, lambda mark: RollMark.objects.filter(pk=mark.pk).update(presence=ABSENT)],
)
def test_the_database_keeps_marks_as_they_were_made(called_roll, enrolments, coordinator, change):
    mark = tap(called_roll, enrolments[0], coordinator)

    with pytest.raises(IntegrityError, match="kept"), transaction.atomic():
        change(mark)


def test_an_excused_absence_needs_its_reason(called_roll, enrolments, coordinator):
    with pytest.raises(ReasonIsMissing):
        tap(called_roll, enrolments[0], coordinator, EXCUSED)

    assert tap(called_roll, enrolments[0], coordinator, EXCUSED, reason="Nghỉ ốm").reason


def test_nobody_is_marked_before_the_roll_is_opened(roll, enrolments, coordinator):
    with pytest.raises(RollIsNotOpen):
        tap(roll, enrolments[0], coordinator)


def test_who_is_not_on_the_roll_or_withdrawn_is_not_marked(
    called_roll, enrolments, coordinator, officer
):
    withdraw_learner(enrolments[1], by=officer, at=MORNING)
    main_roll = called_roll.session.rolls.get(bridge_point__is_main=True)
    open_roll(main_roll, by=officer, at=MORNING)

    with pytest.raises(NotOnThisRoll):
        tap(called_roll, enrolments[1], coordinator)
    with pytest.raises(NotOnThisRoll):
        tap(main_roll, enrolments[0], officer)


def test_a_learner_does_not_mark_on_the_roll(called_roll, enrolments, learners):
    with pytest.raises(NotAllowed):
        tap(called_roll, enrolments[0], learners[0])


def test_a_head_count_that_differs_from_the_names_must_be_explained(
    called_roll, enrolments, coordinator
):
    tap(called_roll, enrolments[0], coordinator)

    with pytest.raises(DifferenceUnexplained, match=r"2 .* 1 "):
        close_roll(called_roll, head_count=2, by=coordinator, at=MORNING)
    closed = close_roll(called_roll, head_count=2, note="Một khách mời", by=coordinator, at=MORNING)

    assert (closed.head_count, closed.difference_note) == (2, "Một khách mời")


def test_closing_twice_with_one_count_is_closing_once(called_roll, coordinator):
    close_roll(called_roll, head_count=0, by=coordinator, at=MORNING)
    close_roll(called_roll, head_count=0, by=coordinator, at=MORNING + MINUTE)

    with pytest.raises(RollIsClosed):
        close_roll(called_roll, head_count=5, note="?", by=coordinator, at=MORNING)
    called_roll.refresh_from_db()
    assert called_roll.closed_at == MORNING


def test_a_roll_that_was_never_opened_is_not_closed(roll, coordinator):
    with pytest.raises(RollIsNotOpen):
        close_roll(roll, head_count=0, by=coordinator, at=MORNING)


def test_a_stranger_does_not_close_a_roll(called_roll, learners):
    with pytest.raises(NotAllowed):
        close_roll(called_roll, head_count=0, by=learners[0], at=MORNING)


def test_a_closed_roll_is_corrected_only_with_a_reason_by_who_runs_the_class(
    called_roll, enrolments, coordinator, officer
):
    close_roll(called_roll, head_count=0, by=coordinator, at=MORNING)

    with pytest.raises(RollIsClosed):
        tap(called_roll, enrolments[0], coordinator, reason="Quên điểm danh")
    with pytest.raises(ReasonIsMissing):
        tap(called_roll, enrolments[0], officer)
    assert (
        tap(called_roll, enrolments[0], officer, reason="Có chữ ký trên giấy").presence == PRESENT
    )


def test_a_closed_class_takes_no_marks(called_roll, enrolments, officer, training_class):
    training_class.closed_at = MORNING
    training_class.save()

    with pytest.raises(ClassIsClosed):
        tap(called_roll, enrolments[0], officer)


def test_attendance_counts_closed_rolls_against_every_session_held(
    called_roll, enrolments, coordinator, officer, django_assert_num_queries
):
    training_class = called_roll.session.training_class
    tap(called_roll, enrolments[0], coordinator)
    tap(called_roll, enrolments[1], coordinator, ABSENT)
    assert attendance_of(training_class)[enrolments[0].pk] == Attendance(0, 0)

    close_roll(called_roll, head_count=1, by=coordinator, at=MORNING)
    main = training_class.sessions.last().rolls.get(bridge_point__is_main=True)
    open_roll(main, by=officer, at=MORNING)
    close_roll(main, head_count=0, by=officer, at=MORNING)

    with django_assert_num_queries(1):
        attendance = attendance_of(training_class)
    assert attendance == {
        enrolments[0].pk: Attendance(1, 2),
        enrolments[1].pk: Attendance(0, 2),
        enrolments[2].pk: Attendance(0, 2),
    }


def sheet(point, presences, **changes):
    heads = sum(1 for presence in presences.values() if presence == PRESENT)
    return SignedSheet(point.pk, presences, **({"head_count": heads} | changes))


def test_signed_sheets_open_mark_and_close_their_rolls(
    roll, enrolments, point, officer, django_assert_max_num_queries
):
    presences = {each.pk: PRESENT for each in enrolments}

    with django_assert_max_num_queries(12):
        entered = enter_sheets(roll.session, [sheet(point, presences)], by=officer, at=MORNING)
    again = enter_sheets(roll.session, [sheet(point, presences)], by=officer, at=MORNING)

    roll.refresh_from_db()
    assert (entered, again) == (3, 0)
    assert (roll.head_count, roll.closed_at, roll.closed_by) == (3, MORNING, officer)
    assert set(RollMark.objects.values_list("method", flat=True)) == {MarkMethod.SHEET}


def test_a_sheet_stands_over_taps_that_said_otherwise_and_keeps_them(
    called_roll, enrolments, point, coordinator
):
    tap(called_roll, enrolments[0], coordinator, ABSENT)
    tap(called_roll, enrolments[1], coordinator, PRESENT)
    presences = {enrolments[0].pk: PRESENT, enrolments[1].pk: PRESENT}

    entered = enter_sheets(
        called_roll.session, [sheet(point, presences)], by=coordinator, at=MORNING + MINUTE
    )

    assert entered == 1
    assert present_at(called_roll) == 2
    assert RollMark.objects.filter(superseded_at=MORNING + MINUTE, presence=ABSENT).count() == 1


def test_sheets_that_are_wrong_are_refused_whole(roll, enrolments, point, officer, leader):
    main = point.training_class.bridge_points.get(is_main=True)
    good = sheet(point, {enrolments[0].pk: PRESENT})

    with pytest.raises(SheetIsWrong):
        enter_sheets(
            roll.session, [good, sheet(main, {enrolments[1].pk: PRESENT})], by=officer, at=MORNING
        )
    with pytest.raises(SheetIsWrong):
        enter_sheets(roll.session, [good, good], by=officer, at=MORNING)
    with pytest.raises(SheetIsWrong):
        enter_sheets(roll.session, [SignedSheet(10**9, {}, 0)], by=officer, at=MORNING)
    with pytest.raises(DifferenceUnexplained):
        enter_sheets(roll.session, [good, sheet(main, {}, head_count=4)], by=officer, at=MORNING)
    with pytest.raises(NotAllowed):
        enter_sheets(roll.session, [good], by=leader, at=MORNING)
    assert not RollMark.objects.exists()


def test_a_sheet_does_not_overturn_a_closed_roll(called_roll, enrolments, point, coordinator):
    close_roll(called_roll, head_count=0, by=coordinator, at=MORNING)

    with pytest.raises(RollIsClosed):
        enter_sheets(
            called_roll.session,
            [sheet(point, {enrolments[0].pk: PRESENT})],
            by=coordinator,
            at=MORNING,
        )


def test_sheets_of_a_closed_class_are_refused(roll, point, officer, training_class):
    training_class.closed_at = MORNING
    training_class.save()

    with pytest.raises(ClassIsClosed):
        enter_sheets(roll.session, [sheet(point, {})], by=officer, at=MORNING)


def test_client_identifiers_may_come_as_any_uuid(called_roll, enrolments, coordinator):
    made = tap(called_roll, enrolments[0], coordinator, client_id=UUID(int=7))

    assert made.client_id == UUID(int=7)
