from datetime import timedelta
from uuid import uuid4

import pytest

from classes.class_scene import MINUTE, MORNING, make_person
from hocvu.classes.actions import (
    CodeHasExpired,
    CodeIsForAnotherRoll,
    CodeIsUnknown,
    NotEnrolledHere,
    RollIsClosed,
    RollIsNotOpen,
    TooManyAttempts,
    check_in,
    close_roll,
    mark_presence,
    open_roll,
)
from hocvu.classes.actions.check_in import ATTEMPTS_ALLOWED
from hocvu.classes.models import MarkMethod, Presence, RollMark
from hocvu.classes.queries import code_for

pytestmark = pytest.mark.django_db
SECONDS = timedelta(seconds=1)


def enter(code, by, at=MORNING, **more):
    return check_in(code, client_id=uuid4(), by=by, at=at, **more)


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_scanning_and_typing_are_equal_paths(called_roll, learners):
    code = code_for(called_roll, MORNING)

    scanned = enter(code.token, learners[0])
    typed = enter(f"{code.typed[:3]} {code.typed[3:]}", learners[1])

    assert (scanned.presence, scanned.method) == (Presence.PRESENT, MarkMethod.QR)
    assert (typed.presence, typed.method) == (Presence.PRESENT, MarkMethod.CODE)
    assert typed.marked_by == learners[1]


def test_the_whole_address_may_be_pasted_instead_of_the_code(called_roll, learners):
    token = code_for(called_roll, MORNING).token

    assert enter(f"https://hocvu.example/c/{token}/", learners[0]).roll == called_roll


def test_checking_in_twice_shows_the_same_success_even_after_the_code_expired(
    called_roll, learners
):
    code = code_for(called_roll, MORNING)
    first = enter(code.token, learners[0])

    later = MORNING + 5 * MINUTE
    assert enter(code.token, learners[0], at=later) == first
    assert enter(code.typed, learners[0], at=later) == first
    assert RollMark.objects.count() == 1


@pytest.mark.parametrize("path", ["token", "typed"])
def test_an_expired_code_says_when_it_expired(called_roll, learners, path):
    code = getattr(code_for(called_roll, MORNING), path)

    with pytest.raises(CodeHasExpired, match="07:56:00"):
        enter(code, learners[0], at=MORNING + 2 * MINUTE)


def test_a_code_read_in_time_counts_while_its_owner_signs_in(called_roll, learners):
    token = code_for(called_roll, MORNING).token

    mark = enter(token, learners[0], at=MORNING + 9 * MINUTE, read_at=MORNING)

    assert mark.presence == Presence.PRESENT


@pytest.mark.parametrize("read_at", [MORNING, MORNING + 60 * MINUTE])
def test_a_reading_too_old_or_from_the_future_does_not_count(called_roll, learners, read_at):
    token = code_for(called_roll, MORNING).token

    with pytest.raises(CodeHasExpired):
        enter(token, learners[0], at=MORNING + 11 * MINUTE, read_at=read_at)


@pytest.mark.parametrize("path", ["token", "typed"])
def test_a_code_of_another_bridge_point_is_refused(called_roll, learners, officer, path):
    main = called_roll.session.rolls.get(bridge_point__is_main=True)
    open_roll(main, by=officer, at=MORNING)
    code = getattr(code_for(main, MORNING), path)

    with pytest.raises(CodeIsForAnotherRoll, match="Phường Thủy Nguyên"):
        enter(code, learners[0])


def test_who_is_not_in_the_class_is_told_so(called_roll, ward):
    stranger = make_person("Người Lạ", ward)

    with pytest.raises(NotEnrolledHere):
        enter(code_for(called_roll, MORNING).token, stranger)
    with pytest.raises(RollIsNotOpen):
        enter(code_for(called_roll, MORNING).typed, stranger)


def test_a_code_nobody_showed_is_unknown(called_roll, learners):
    code = code_for(called_roll, MORNING)

    with pytest.raises(CodeIsUnknown):
        enter(wrong(code.typed), learners[0])
    with pytest.raises(CodeIsUnknown):
        enter(code.token[::-1], learners[0])


def test_a_code_is_of_no_use_before_the_roll_opens_or_after_it_closed(roll, learners, coordinator):
    code = code_for(roll, MORNING)
    with pytest.raises(RollIsNotOpen):
        enter(code.token, learners[0])
    with pytest.raises(RollIsNotOpen):
        enter(code.typed, learners[0])

    open_roll(roll, by=coordinator, at=MORNING)
    close_roll(roll, head_count=0, by=coordinator, at=MORNING)

    with pytest.raises(RollIsClosed):
        enter(code.token, learners[0])


def test_a_latecomer_marked_absent_checks_in_and_the_old_mark_is_kept(
    called_roll, learners, enrolments, coordinator
):
    mark_presence(
        called_roll,
        enrolments[0].pk,
        Presence.ABSENT,
        method=MarkMethod.TAP,
        client_id=uuid4(),
        by=coordinator,
        at=MORNING,
    )

    enter(code_for(called_roll, MORNING).token, learners[0])

    assert list(RollMark.objects.order_by("pk").values_list("presence", flat=True)) == [
        "absent",
        "present",
    ]


def test_codes_cannot_be_guessed_by_typing_on(called_roll, learners):
    code = code_for(called_roll, MORNING).typed
    for _attempt in range(ATTEMPTS_ALLOWED):
        with pytest.raises(CodeIsUnknown):
            enter(wrong(code), learners[0])

    with pytest.raises(TooManyAttempts):
        enter(code, learners[0])

    assert enter(code_for(called_roll, MORNING).token, learners[0])  # scanning is not guessing


def test_after_five_minutes_one_may_type_again_and_others_always_could(called_roll, learners):
    code = code_for(called_roll, MORNING).typed
    for _attempt in range(ATTEMPTS_ALLOWED):
        with pytest.raises(CodeIsUnknown):
            enter(wrong(code), learners[0])

    assert enter(code, learners[1])
    later = MORNING + 5 * MINUTE + SECONDS
    assert enter(code_for(called_roll, later).typed, learners[0], at=later)


def test_many_open_rolls_of_a_session_are_searched_in_few_statements(
    called_roll, learners, django_assert_max_num_queries
):
    code = code_for(called_roll, MORNING).typed

    with django_assert_max_num_queries(22):
        enter(code, learners[0])
