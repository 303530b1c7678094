"""Tests: answer sheets taken in, answers saved over HTTP by a nation, questions calibrated."""

import http.client
import json
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from bench import scenes
from bench.answers import HALL, measure_answers
from bench.calibration import calibration_measurements
from bench.measuring import Measurement, expect, milliseconds, seconds
from bench.sockets import free_port, stop, wait_for
from hocvu.classes.actions import enrol_learners
from hocvu.classes.models import Enrolment
from hocvu.exams.actions import start_attempt, take_in_answer_sheets
from hocvu.exams.models import Answer, Attempt, Sitting
from hocvu.exams.queries import best_marked_attempts
from hocvu.papers.models import PaperQuestion
from hocvu.people.models import Person, Role

_SHEETS = 10_000
_RUNS = 2
_WRITERS = 16
_ROUNDS = 3


def measure() -> list[Measurement]:
    scenes.prepared()
    officer = scenes.officer(Role.TRAINING_OFFICER)
    people = scenes.people_of_communes(4)
    taken, best = [], []
    for run in range(_RUNS):
        sitting = _sitting(f"BENCH-{run}", officer, people[:_SHEETS])
        sheets = scenes.sheets_of_everybody(sitting, ability=0.8)
        expect("sheets", len(sheets), _SHEETS)

        take = partial(take_in_answer_sheets, sitting, sheets, by=officer, at=timezone.now())
        taken.append(seconds(take))
        expect("attempts", Attempt.objects.filter(sitting=sitting).count(), _SHEETS)
        best.append(seconds(partial(best_marked_attempts, sitting.training_class)))
    questions = PaperQuestion.objects.filter(paper=sitting.paper).count()
    scenes.settle()
    return [
        Measurement(
            f"{_SHEETS:,} answer sheets of {questions} questions taken in and marked",
            tuple(taken),
            against=12,
        ),
        Measurement(f"best results of a class of {_SHEETS:,}", tuple(best)),
        *_answers(_sitting("BENCH-HTTP", officer, people[-_WRITERS:])),
        *measure_answers(_sitting("BENCH-HALL", officer, people[:HALL]), people[:HALL]),
        *calibration_measurements(),
    ]


def _sitting(code: str, officer: Person, people: list[int]) -> Sitting:
    training_class = scenes.class_held("digital-skills-for-all", code, officer)
    enrol_learners(training_class, dict.fromkeys(people), by=officer, at=timezone.now())
    return scenes.test_offered(training_class, officer)


# --- answers over HTTP ------------------------------------------------------------------------


@dataclass(frozen=True)
class Writer:
    """A learner at a device: where answers go, and the cookies that say who it is."""

    path: str
    cookies: str
    csrf: str
    questions: tuple[tuple[int, str], ...]  # (question, one of its options)


def _answers(sitting: Sitting) -> list[Measurement]:
    """Answers through a real server on a real socket: alone, then many learners at once."""
    asked = PaperQuestion.objects.filter(paper=sitting.paper).select_related("question")
    questions = tuple((each.question_id, each.question.options[0]["id"]) for each in asked)
    enrolled = Enrolment.objects.filter(training_class=sitting.training_class)
    learners = [each.person for each in enrolled.select_related("person").order_by("pk")]
    writers = [_writer(sitting, person, questions) for person in learners]
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "hocvu", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        alone = tuple(_write(port, writers[0], sequence) for sequence in range(1, 6))
        one_by_one = tuple(took for round_ in alone[1:] for took in round_)
        started = time.perf_counter()
        with ThreadPoolExecutor(len(writers)) as hands:
            rounds = hands.map(lambda writer: _write_rounds(port, writer), writers)
            together = tuple(took for each in rounds for took in each)
        lasted = time.perf_counter() - started
    finally:
        stop(server)
    kept = Answer.objects.filter(attempt__sitting=sitting).count()
    expect("answers kept", kept, len(writers) * len(questions))
    worst = statistics.quantiles(together, n=20)[-1]
    many = f"{len(writers)} learners at once"
    return [
        Measurement("one answer saved over HTTP, a learner alone", one_by_one, "ms"),
        Measurement(f"one answer saved over HTTP, {many}", together, "ms"),
        Measurement(f"95 of 100 answers saved within, {many}", (worst,), "ms"),
        Measurement(f"answers saved, {many}", (len(together) / lasted,), "answers/s"),
        _in_process(sitting, writers[0]),
    ]


def _writer(sitting: Sitting, person: Person, questions: tuple[tuple[int, str], ...]) -> Writer:
    scenes.with_account(person)
    attempt = start_attempt(sitting, by=person, at=timezone.now())
    session = scenes.browser_of(person).cookies[settings.SESSION_COOKIE_NAME].value
    csrf = uuid4().hex
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}"
    return Writer(reverse("exams:answer", args=[attempt.pk]), cookies, csrf, questions)


def _write_rounds(port: int, writer: Writer) -> list[float]:
    return [took for round_ in range(_ROUNDS) for took in _write(port, writer, 10 + round_)]


def _write(port: int, writer: Writer, sequence: int) -> list[float]:
    """Answer every question once over one connection; milliseconds each took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": writer.cookies,
        "X-CSRFToken": writer.csrf,
    }
    taken = []
    for question, option in writer.questions:
        fields = {"question": question, "chosen": option, "sequence": sequence}
        body = urlencode({**fields, "client_id": uuid4()})
        started = time.perf_counter()
        connection.request("POST", writer.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        taken.append((time.perf_counter() - started) * 1000)
        expect("status", answer.status, HTTPStatus.OK)
        expect("answer kept", json.loads(content)["question"], question)
    connection.close()
    return taken


def _in_process(sitting: Sitting, writer: Writer) -> Measurement:
    """The same act without a socket: what of the time is the server's own."""
    attempt = Attempt.objects.filter(sitting=sitting).earliest("pk")
    client = scenes.browser_of(attempt.person)
    question, option = writer.questions[0]

    def save(sequence: int) -> None:
        fields = {"question": question, "chosen": option, "sequence": sequence}
        client.post(writer.path, {**fields, "client_id": uuid4()})

    acts = (partial(save, number) for number in range(100, 160))
    return Measurement("one answer saved: server time", milliseconds(acts), "ms")
