"""A half day may hold several topics: each page that names the session names them all."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from classes.class_scene import EVERY_PAGE, MORNING, sign_in
from hocvu.classes.actions import appoint, mark_presence
from hocvu.classes.models import ClassSession, MarkMethod, Presence
from hocvu.classes.queries import class_sessions_ahead_of, code_for
from hocvu.courses.models import Topic

pytestmark = pytest.mark.django_db
BOTH = ("Chuyên đề 1", "Văn hóa, xã hội")


@pytest.fixture
def programme(programme):
    """The morning of day 1 has a second topic."""
    further = Topic.objects.create(
        programme=programme,
        code="T3",
        position=3,
        title=BOTH[1],
        title_en="Culture and society",
        kind="lecture",
        periods=2,
    )
    programme.timetable.get(half="morning").also.add(further)
    return programme


def names_both(answer):
    page = answer.content.decode()
    return answer.status_code == 200 and all(title in page for title in BOTH)


def test_sessions_take_every_topic_of_their_half_day(training_class):
    codes = [[topic.code for topic in each.topics] for each in training_class.sessions.all()]

    assert codes == [["T1", "T3"], ["T2"]]


def test_pages_of_a_class_name_every_topic(client, officer, training_class, called_roll):
    desk = sign_in(client, officer)

    assert names_both(desk.get(f"/classes/{training_class.pk}/"))
    assert names_both(desk.get(f"/sessions/{called_roll.session_id}/"))
    assert names_both(desk.get(f"/rolls/{called_roll.pk}/"))
    assert names_both(desk.get(f"/classes/{training_class.pk}/learners/print/?session=1"))
    assert not names_both(desk.get(f"/classes/{training_class.pk}/learners/print/?session=2"))
    assert not names_both(desk.get(f"/classes/{training_class.pk}/learners/print/"))


def test_a_learner_reads_every_topic_before_and_after_checking_in(
    client, learners, enrolments, called_roll, coordinator
):
    ahead = class_sessions_ahead_of(learners[0], MORNING)
    phone = sign_in(client, learners[0])
    ClassSession.objects.update(held_on=date(2026, 1, 1))

    assert ahead[0].topic == "; ".join(BOTH)
    assert names_both(phone.get("/check-in/"))
    assert names_both(phone.get(f"/c/{code_for(called_roll, MORNING).token}/"))
    mark_presence(
        called_roll,
        enrolments[0].pk,
        Presence.PRESENT,
        method=MarkMethod.TAP,
        client_id=uuid4(),
        by=coordinator,
        at=MORNING,
    )
    assert names_both(phone.get(f"/check-in/{called_roll.pk}/"))


def test_the_home_page_names_every_topic(
    learners, called_roll, point, officer, django_assert_max_num_queries
):
    appoint(point, chair=learners[0], by=officer, at=MORNING)
    phone = sign_in(Client(), learners[0])

    with django_assert_max_num_queries(EVERY_PAGE + 15):
        assert names_both(phone.get("/home/"))
