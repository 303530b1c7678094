from datetime import date, timedelta

import pytest

from classes.class_scene import MORNING, make_person
from hocvu.audit.models import AuditEntry
from hocvu.classes import events
from hocvu.classes.actions import (
    ClassCodeIsTaken,
    ClassIsClosed,
    PersonOutOfReach,
    ProgrammeNotInForce,
    SessionsNotHeld,
    UnitIsClosed,
    add_bridge_points,
    appoint,
    appoint_at_points,
    close_class,
    close_roll,
    open_class,
    open_roll,
)
from hocvu.classes.actions.bridge_points import Appointment
from hocvu.classes.models import Roll, TrainingClass
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import _reactions, reacts_to
from hocvu.units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What the room announced."""
    told = []
    kinds = (events.ClassOpened, events.LearnersEnrolled, events.RollClosed, events.ClassClosed)
    before = {kind: list(_reactions[kind]) for kind in kinds}
    for kind in kinds:
        reacts_to(kind)(told.append)
    yield told
    _reactions.update(before)


def test_an_opened_class_has_its_sessions_main_bridge_point_and_rolls(training_class, city):
    first, second = training_class.sessions.all()
    main = training_class.bridge_points.get()

    assert (first.half, second.half) == ("morning", "afternoon")
    assert first.topic.code == "T1"
    assert first.held_on == MORNING.date() == training_class.ends_on
    assert main.is_main
    assert main.unit == city
    assert main.rolls.count() == 2


def test_opening_a_class_is_announced_and_recorded(programme, city, officer, heard):
    opened = open_class(
        programme,
        code="X",
        name="X",
        host_unit=city,
        starts_on=date(2026, 12, 1),
        by=officer,
        at=MORNING,
    )

    assert heard == [events.ClassOpened(class_id=opened.pk, at=MORNING)]
    assert AuditEntry.objects.get(act="class_opened").actor_id == officer.pk


def open_again(training_class, officer, **changes):
    told = {
        "code": training_class.code,
        "name": "Lớp khác",
        "host_unit": training_class.host_unit,
        "starts_on": training_class.starts_on,
    } | changes
    return open_class(training_class.programme, **told, by=officer, at=MORNING)


def test_a_double_click_opens_one_class(training_class, officer):
    assert open_again(training_class, officer) == training_class
    assert TrainingClass.objects.count() == 1


def test_a_code_that_names_another_class_is_refused(training_class, officer):
    with pytest.raises(ClassCodeIsTaken):
        open_again(training_class, officer, starts_on=date(2026, 12, 1))


def test_nobody_opens_a_class_outside_their_units(training_class, officer, far_ward, leader):
    with pytest.raises(NotAllowed):
        open_again(training_class, officer, code="N", host_unit=far_ward)
    with pytest.raises(NotAllowed):
        open_again(training_class, leader, code="N")


def test_a_unit_that_no_longer_exists_hosts_no_class(training_class, officer, ward):
    ward.closed_on = date(2026, 6, 1)
    ward.save()

    with pytest.raises(UnitIsClosed):
        open_again(training_class, officer, code="N", host_unit=ward)


def test_a_programme_must_be_in_force_when_the_class_starts(training_class, officer):
    with pytest.raises(ProgrammeNotInForce):
        open_again(training_class, officer, code="N", starts_on=date(2025, 1, 1))


def test_bridge_points_are_added_once_with_a_roll_for_every_session(
    training_class, officer, ward, island
):
    added = add_bridge_points(training_class, [ward, island], by=officer, at=MORNING)
    again = add_bridge_points(training_class, [ward, island], by=officer, at=MORNING)

    assert (added, again) == (2, 0)
    assert Roll.objects.filter(bridge_point__unit=island).count() == 2


def test_adding_thousands_of_bridge_points_takes_a_handful_of_statements(
    training_class, officer, city, django_assert_max_num_queries
):
    units = [
        Unit(
            code=f"9{n:04d}",
            kind="commune",
            parent=city,
            path=f"{city.path}9{n:04d}.",
            name=f"Xã {n}",
            search_key=f"xa {n}",
            sort_key=f"{n}",
        )
        for n in range(3321)
    ]
    Unit.objects.bulk_create(units)

    with django_assert_max_num_queries(8):
        added = add_bridge_points(
            training_class, Unit.objects.under(city.path).communal(), by=officer, at=MORNING
        )

    assert added == 3321
    assert Roll.objects.count() == 2 * 3322


def test_a_unit_out_of_reach_or_gone_is_no_bridge_point(training_class, officer, far_ward, ward):
    ward.closed_on = date(2026, 6, 1)
    ward.save()

    with pytest.raises(NotAllowed):
        add_bridge_points(training_class, [far_ward], by=officer, at=MORNING)
    with pytest.raises(UnitIsClosed):
        add_bridge_points(training_class, [ward], by=officer, at=MORNING)
    assert training_class.bridge_points.count() == 1


def test_a_leader_looks_at_a_class_but_does_not_change_it(training_class, leader, ward):
    with pytest.raises(NotAllowed):
        add_bridge_points(training_class, [ward], by=leader, at=MORNING)


def test_naming_the_chair_leaves_the_coordinator_in_place(point, officer, coordinator, ward):
    chair = make_person("Ngô Văn Chủ", ward)

    appoint(point, chair=chair, by=officer, at=MORNING)

    point.refresh_from_db()
    assert (point.chair, point.coordinator) == (chair, coordinator)


def test_nobody_from_outside_is_named_to_a_duty(point, officer, far_ward):
    stranger = make_person("Người Xa", far_ward)

    with pytest.raises(PersonOutOfReach):
        appoint(point, chair=stranger, by=officer, at=MORNING)
    with pytest.raises(PersonOutOfReach):
        appoint_at_points(
            point.training_class,
            [Appointment(point.pk, chair_id=stranger.pk)],
            by=officer,
            at=MORNING,
        )


def test_duties_at_many_points_are_named_in_one_statement(
    training_class, officer, point, island, coordinator
):
    add_bridge_points(training_class, [island], by=officer, at=MORNING)
    there = training_class.bridge_points.get(unit=island)

    named = appoint_at_points(
        training_class,
        [Appointment(there.pk, coordinator_id=coordinator.pk), Appointment(point.pk)],
        by=officer,
        at=MORNING,
    )

    there.refresh_from_db()
    point.refresh_from_db()
    assert named == 2
    assert there.coordinator == point.coordinator == coordinator


def hold(session, officer):
    main = session.rolls.get(bridge_point__is_main=True)
    open_roll(main, by=officer, at=session.starts_at)
    close_roll(main, head_count=0, by=officer, at=session.ends_at)


def test_a_class_is_closed_once_every_session_was_held(training_class, officer, heard):
    for session in training_class.sessions.all():
        hold(session, officer)

    closed = close_class(training_class, by=officer, at=MORNING + timedelta(days=1))
    again = close_class(training_class, by=officer, at=MORNING + timedelta(days=2))

    assert closed.closed_at == again.closed_at == MORNING + timedelta(days=1)
    assert heard[-1] == events.ClassClosed(training_class.pk, MORNING + timedelta(days=1))
    assert len([each for each in heard if isinstance(each, events.ClassClosed)]) == 1


def test_a_class_with_a_session_ahead_stays_open(training_class, officer):
    hold(training_class.sessions.first(), officer)

    with pytest.raises(SessionsNotHeld):
        close_class(training_class, by=officer, at=MORNING)


def test_a_class_with_a_roll_still_open_stays_open(training_class, officer, called_roll):
    for session in training_class.sessions.all():
        hold(session, officer)

    with pytest.raises(SessionsNotHeld, match="1"):
        close_class(training_class, by=officer, at=MORNING)


def test_a_closed_class_changes_no_more(training_class, officer, ward):
    for session in training_class.sessions.all():
        hold(session, officer)
    close_class(training_class, by=officer, at=MORNING)

    with pytest.raises(ClassIsClosed):
        add_bridge_points(training_class, [ward], by=officer, at=MORNING)


def test_the_class_supervisor_runs_the_class_without_any_role(training_class, island):
    supervisor = make_person("Chủ Nhiệm Lớp", island)
    training_class.supervisor = supervisor
    training_class.save()

    with pytest.raises(SessionsNotHeld):  # allowed to ask; only the sessions are missing
        close_class(training_class, by=supervisor, at=MORNING)
