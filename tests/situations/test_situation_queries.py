"""Pages ask a fixed number of questions, however much there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hocvu.situations.actions import finish_overdue, mark_disposition, start_run
from hocvu.situations.models import Run
from hocvu.situations.queries.access import runs_open_to
from hocvu.situations.queries.debrief import debrief_page
from hocvu.situations.queries.learner import exercises_ahead_of, exercises_of
from hocvu.situations.queries.pages import run_page
from situations.situation_scene import MINUTE, NINE, enrol, offer, person


def queries_of(ask):
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def test_the_list_of_my_exercises_asks_four_questions(
    framework, training_class, run, learner, exercise
):
    offer(framework, training_class, mode="bridge_point")

    assert queries_of(lambda: exercises_of(learner, NINE)) == 4


def test_a_page_of_a_run_asks_at_most_two(run, at_the_note, learner):
    at_the_note(run)
    stands = runs_open_to(learner).get()

    assert queries_of(lambda: run_page(stands, NINE)) == 2


def test_a_debrief_asks_nine(run, finished_with_text, markers, learner):
    disposition = finished_with_text(run)
    for marker in markers[:2]:
        mark_disposition(disposition, {"who": 2, "when": 2}, by=marker, at=NINE)
    seen = runs_open_to(learner).get()

    assert queries_of(lambda: debrief_page(seen, shows_texts=True)) == 9


def test_what_is_ahead_is_what_i_have_still_to_decide(run, choose, learner):
    assert [met.run for met in exercises_ahead_of(learner, NINE)] == [run]

    choose(run, "desk", "bad")

    assert exercises_ahead_of(learner, NINE) == []


@pytest.fixture
def crowd(training_class, commune, exercise):
    """Starts a run for one more learner of the class."""

    def start(name):
        someone = person(name)
        enrol(training_class, someone, commune)
        return start_run(exercise, by=someone, at=NINE)

    return start


def test_ending_many_runs_takes_as_many_statements_as_ending_few(crowd, framework):
    after_closing = NINE + 121 * MINUTE
    for number in range(2):
        crowd(f"Học Viên {number}")
    few = queries_of(lambda: finish_overdue(after_closing))
    for number in range(2, 10):
        crowd(f"Học Viên {number}")

    many = queries_of(lambda: finish_overdue(after_closing))

    assert many == few
    assert not Run.objects.filter(marked_at=None).exists()
