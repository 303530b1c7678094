"""Nobody who learns in a class marks its answers or answers its appeals."""

from uuid import uuid4

import pytest

from exams.marking_scene import LATER, all_right, answered
from exams.scenes import NINE, enrol, grant
from hocvu.exams.actions import hand_in
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.time import day_of
from hocvu.marking.actions import answer_appeal, appoint_marker, raise_appeal
from hocvu.marking.actions.double_marking import CannotBeAMarker
from hocvu.marking.models import Marker
from hocvu.marking.queries.appeals import appeals_open_to
from hocvu.marking.queries.pages import may_be_markers
from hocvu.marking.queries.waiting import answers_to_mark_by
from hocvu.marking.rules.appeals import Ruling
from marking.giving import give


def test_a_learner_is_not_appointed_marker(sitting, officer, learner, commune):
    grant(learner, "teacher", commune)

    assert learner not in may_be_markers(officer, sitting, "", day_of(NINE))
    with pytest.raises(CannotBeAMarker) as refused:
        appoint_marker(sitting, learner, by=officer, at=NINE)
    assert str(refused.value.next_step)
    assert not Marker.objects.exists()


def test_a_marker_who_was_enrolled_later_marks_nobody_of_the_class(
    waiting, essay, markers, training_class, commune
):
    assert answers_to_mark_by(markers[0]).exists()

    enrol(training_class, markers[0], commune)

    assert not answers_to_mark_by(markers[0]).exists()
    with pytest.raises(NotAllowed):
        give(waiting, essay, markers[0], 3)


@pytest.fixture
def appeal(sitting, learner, questions):
    attempt = hand_in(answered(sitting, learner, all_right(questions)), by=learner, at=LATER)
    return raise_appeal(
        attempt, "Xin xem lại", question_id=None, client_id=uuid4(), by=learner, at=LATER
    )


@pytest.mark.parametrize("who", ["learner", "learning_officer", "supervisor"])
def test_no_learner_of_the_class_answers_an_appeal_in_it(request, appeal, who):
    someone = request.getfixturevalue(who)

    assert not appeals_open_to(someone).exists()
    with pytest.raises(NotAllowed):
        answer_appeal(appeal, Ruling(upheld=True, answer="Đúng"), by=someone, at=LATER)


def test_an_officer_who_does_not_learn_in_the_class_answers_it(appeal, learning_officer, chief):
    assert appeals_open_to(chief).get() == appeal

    answered = answer_appeal(appeal, Ruling(upheld=False, answer="Giữ"), by=chief, at=LATER)

    assert answered.answered_by == chief
