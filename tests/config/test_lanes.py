"""Jobs in lanes: what runs by the clock waits for no calibration and no mail server."""

import threading

import pytest
from django.db import connection
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob

from hocvu.config.lanes import (
    LONG_QUEUES,
    POST_QUEUES,
    Lane,
    queues_of,
    with_its_own_connection,
    work,
)
from hocvu.exams.actions.marking import hand_in_attempts_whose_time_is_over
from hocvu.measurement.actions.quality import calculate_asked_quality


@pytest.fixture
def queue(transactional_db):
    """The scheduler of a worker keeps a connection as long as its process lives; here it ends."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def run_what_waits(lane):
    """As `hocvu worker --lane …` does, until nothing waits any more."""
    options = {"wait": False, "install_signal_handlers": False, "listen_notify": False}
    worker = threading.Thread(target=work, args=(lane,), kwargs=options)
    worker.start()
    worker.join(timeout=60)
    assert not worker.is_alive()


def waits(job_id):
    return ProcrastinateJob.objects.filter(pk=job_id, status="todo").exists()


def test_every_queue_stands_in_exactly_one_lane():
    prompt, long, post = (set(queues_of(lane)) for lane in Lane)

    assert {task.queue for task in jobs.tasks.values()} == prompt | long | post
    assert not prompt & (long | post)
    assert (long, post) == (LONG_QUEUES, POST_QUEUES)
    assert {"default", "coverage"} <= prompt


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_papers_are_handed_in_while_a_calculation_waits_for_its_turn():
    calculation = calculate_asked_quality.defer(question_id=0)
    handing_in = hand_in_attempts_whose_time_is_over.defer(timestamp=0)

    run_what_waits(Lane.PROMPT)

    assert (waits(calculation), waits(handing_in)) == (True, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_the_long_lane_leaves_alone_what_runs_by_the_clock():
    calculation = calculate_asked_quality.defer(question_id=0)  # there is none: it fails, and ends
    handing_in = hand_in_attempts_whose_time_is_over.defer(timestamp=0)

    run_what_waits(Lane.LONG)

    assert (waits(calculation), waits(handing_in)) == (False, True)


def _in_a_thread(job):
    found = {}

    def run():
        try:
            found["answer"] = with_its_own_connection(job, None, None)
        except LookupError as failed:
            found["failed"] = failed
        found["kept"] = connection.connection is not None

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found


def _ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 7")
        return cursor.fetchone()[0]


def _ask_and_fail():
    _ask()
    raise LookupError


@pytest.mark.django_db(transaction=True)
def test_a_job_gives_its_connection_back():
    assert _in_a_thread(_ask) == {"answer": 7, "kept": False}


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_gives_its_connection_back_too():
    found = _in_a_thread(_ask_and_fail)

    assert isinstance(found["failed"], LookupError)
    assert not found["kept"]
