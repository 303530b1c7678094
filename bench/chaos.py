"""Two thousand people answer while web processes and PostgreSQL are killed and lines are cut.

What was acknowledged to them has to be stored, each answer once.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench import scenes
from bench.answers import devices_of, signed_in
from bench.devices import Device
from bench.disasters import Disasters, kill_a_web_worker, kill_the_database
from bench.measuring import Measurement, expect
from bench.sockets import free_port, stop, wait_for
from bench.stubborn import Comparison, Hour, Ledger, compared, live_through
from hocvu.classes.actions import enrol_learners
from hocvu.exams.actions import start_attempt
from hocvu.exams.models import Attempt, Sitting
from hocvu.people.models import Person, Role

_PEOPLE = 2_000
_ANSWERS = 40  # of each
_PAUSE = 5.0  # seconds between two answers of one person
_DISASTERS = 24
_PATIENCE = 60.0


def measure() -> list[Measurement]:
    scenes.prepared()
    officer = scenes.officer(Role.TRAINING_OFFICER)
    people = scenes.people_of_communes(1)[:_PEOPLE]
    training_class = scenes.class_held("digital-skills-for-all", "CHAOS", officer)
    enrol_learners(training_class, dict.fromkeys(people), by=officer, at=timezone.now())
    sitting = scenes.test_offered(training_class, officer)
    devices = _devices(sitting, people)
    folder = Path(settings.DATABASES["default"]["HOST"])
    connection.close()
    began = time.perf_counter()
    ledger, happened = _live_through_disasters(devices, folder)
    lasted = time.perf_counter() - began
    with _opened(folder) as database:
        attempts = [int(each.path.split("/")[3]) for each in devices]
        found = compared(ledger, database, attempts)
    expect("replies nobody expects", dict(ledger.unexpected), {})
    return _measured(found, ledger, happened, lasted)


def _measured(found: Comparison, ledger: Ledger, happened: int, lasted: float) -> list[Measurement]:
    print(
        f"acknowledged {found.acknowledged:,} · stored {found.stored:,} · lost {found.lost:,} · "
        f"doubled {found.doubled:,} · something else stands {found.differing:,}"
    )
    expect("everything acknowledged is stored once", found.is_whole, wanted=True)
    return [
        Measurement("processes killed, web and PostgreSQL in turn", (happened,), "times"),
        Measurement("lines cut before the reply", (ledger.cut,), "times"),
        Measurement("deliveries sent, again and again", (ledger.sent,), "times"),
        Measurement(
            f"answers acknowledged to {_PEOPLE:,} people",
            (found.acknowledged,),
            "answers",
            against=_PEOPLE * _ANSWERS,
            at_least=True,
        ),
        Measurement(
            "answers stored of those acknowledged",
            (100 * found.stored / found.acknowledged,),
            "%",
            against=100,
            at_least=True,
        ),
        Measurement("answers lost", (found.lost,), "answers"),
        Measurement("answers stored twice", (found.doubled,), "answers"),
        Measurement("all of it lasted", (lasted,)),
    ]


def _devices(sitting: Sitting, people: Sequence[int]) -> list[Device]:
    by_person, at = signed_in(people), timezone.now()
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        start_attempt(sitting, by=person, at=at)
    attempts = Attempt.objects.filter(sitting=sitting).select_related("sitting__paper")
    return devices_of(list(attempts.order_by("pk")), by_person)


def _live_through_disasters(devices: Sequence[Device], folder: Path) -> tuple[Ledger, int]:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    server = subprocess.Popen(  # it keeps its database up by itself
        [sys.executable, "-m", "hocvu", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ledger = Ledger()
    disasters = Disasters(
        [lambda: kill_a_web_worker(server.pid), lambda: kill_the_database(folder)],
        done=lambda: ledger.acknowledged,
        step=_PEOPLE * _ANSWERS // (_DISASTERS + 2),
        most=_DISASTERS,
    )

    async def run() -> None:
        happening = asyncio.ensure_future(disasters.happen())
        hour = Hour(port, answers=_ANSWERS, pause=_PAUSE)
        await live_through(devices, hour, seed=scenes.SEED, ledger=ledger)
        happening.cancel()

    try:
        wait_for(port)
        asyncio.run(run())
    finally:
        stop(server)
    return ledger, disasters.happened


def _opened(folder: Path) -> psycopg.Connection[tuple[object, ...]]:
    """The database may be starting, or may have stopped with the server."""
    from hocvu.config import embedded  # noqa: PLC0415 — only here

    give_up_at = time.monotonic() + _PATIENCE
    while True:
        try:
            return psycopg.connect(f"host={folder} user=postgres dbname=postgres")
        except psycopg.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            embedded.start()
            time.sleep(0.2)
