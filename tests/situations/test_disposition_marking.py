from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction

from hocvu.competency.models import Result
from hocvu.kernel.errors import NotAllowed
from hocvu.situations.actions import mark_disposition
from hocvu.situations.actions.marking import (
    DispositionIsSettled,
    MarkStands,
    PointsDoNotFit,
    RunIsUnderWay,
)
from hocvu.situations.models import DispositionMark
from hocvu.situations.queries.access import dispositions_to_mark_by
from situations.situation_scene import NINE, enrol, grant


@pytest.fixture
def disposition(run, finished_with_text):
    return finished_with_text(run)


def give(disposition, by, who, when, remark=""):
    points = {"who": Fraction(who), "when": Fraction(when)}
    return mark_disposition(disposition, points, remark=remark, by=by, at=NINE)


def test_one_mark_settles_nothing(disposition, markers):
    give(disposition, markers[0], 2, 2)

    disposition.refresh_from_db()
    assert disposition.settled_at is None


def test_two_marks_that_agree_settle_it_and_the_run_is_marked(disposition, markers, run):
    give(disposition, markers[0], 2, 1)
    give(disposition, markers[1], 1, 1)

    run.refresh_from_db()
    assert run.points == Decimal("5.25")  # 4 + 2 × 2.5/4
    assert run.passed
    assert Result.objects.get().evidence == f"situations.run:{run.pk}"


def test_two_marks_that_differ_too_much_call_for_a_third(disposition, markers, run):
    give(disposition, markers[0], 2, 2)
    give(disposition, markers[1], 0, 0)

    run.refresh_from_db()
    assert run.marked_at is None
    assert disposition in dispositions_to_mark_by(markers[2])


def test_with_a_third_mark_the_mean_of_the_two_nearest_stands(disposition, markers, run):
    for marker, who, when in zip(markers, (2, 0, 2), (2, 0, 1), strict=True):
        give(disposition, marker, who, when)

    run.refresh_from_db()
    assert run.points == Decimal("5.75")  # 4 + 2 × 3.5/4


def test_a_settled_disposition_takes_no_more_marks(disposition, markers):
    give(disposition, markers[0], 2, 2)
    give(disposition, markers[1], 2, 2)

    with pytest.raises(DispositionIsSettled):
        give(disposition, markers[2], 2, 2)


def test_the_same_mark_sent_twice_is_one_mark(disposition, markers):
    first = give(disposition, markers[0], 2, 1, "Tốt")

    assert give(disposition, markers[0], 2, 1, "Tốt") == first
    assert DispositionMark.objects.count() == 1


def test_a_mark_once_given_stands(disposition, markers):
    give(disposition, markers[0], 2, 1)

    with pytest.raises(MarkStands):
        give(disposition, markers[0], 1, 1)


def test_a_mark_is_written_once(disposition, markers):
    mark = give(disposition, markers[0], 2, 1)
    mark.remark = "Đổi ý"

    with pytest.raises(DatabaseError), transaction.atomic():
        mark.save()


def test_a_run_under_way_cannot_be_marked(run, at_the_note, markers, learner):
    from uuid import uuid4

    from hocvu.situations.actions import save_disposition

    at_the_note(run)
    version = save_disposition(run, "note", "Nháp", client_id=uuid4(), by=learner, at=NINE)

    with pytest.raises(RunIsUnderWay):
        give(version.disposition, markers[0], 1, 1)


@pytest.mark.parametrize(("who", "when"), [("3", "1"), ("1/3", "1"), ("-1", "0")])
def test_points_that_do_not_fit_the_rubric_are_refused(disposition, markers, who, when):
    with pytest.raises(PointsDoNotFit):
        give(disposition, markers[0], who, when)


def test_an_officer_of_another_unit_cannot_mark(disposition, stranger):
    with pytest.raises(NotAllowed):
        give(disposition, stranger, 2, 2)
    assert not dispositions_to_mark_by(stranger).exists()


def test_nobody_marks_their_own_text(disposition, learner, commune):
    grant(learner, "training_officer", commune)

    with pytest.raises(NotAllowed):
        give(disposition, learner, 2, 2)
    assert not dispositions_to_mark_by(learner).exists()


def test_a_learner_who_runs_classes_may_mark_others(disposition, markers, training_class, commune):
    enrol(training_class, markers[0], commune)

    assert give(disposition, markers[0], 2, 2).marker == markers[0]


def test_what_was_marked_leaves_the_markers_list(disposition, markers):
    give(disposition, markers[0], 2, 2)

    assert not dispositions_to_mark_by(markers[0]).exists()
    assert dispositions_to_mark_by(markers[1]).exists()
