"""The web server and the workers of its jobs: what stands behind one address."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import structlog
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils.translation import gettext as _
from granian.constants import Interfaces
from granian.server.mp import MPServer as Granian

from hocvu.config import embedded
from hocvu.config.lanes import Lane
from hocvu.kernel.errors import NotPossible


class PortIsTaken(NotPossible):
    """Another program already answers on this address."""


_log = structlog.get_logger("hocvu.serving")

_WORKERS = 2
_THREADS = 4  # for pages, in each worker
_CONNECTIONS = 10_000  # open ones, in each worker: a hall of phones keeps its lines open
_PATIENCE = 40  # seconds a worker has to answer what it took, before it is killed
_TRIES = 5  # short lives in a row, after which something is wrong that starting again cannot mend
_SHORT = 5.0  # seconds
_LOOK_EVERY = 1.0  # seconds between looks at what runs beside the server


def serve(host: str, port: int) -> None:
    """Serve pages until stopped; a worker for each lane runs the jobs beside it.

    `HOCVU_EDGE=0` serves the same addresses by Django alone.
    """
    _refuse_if_taken(host, port)
    # The web processes are forks of this one: a connection they inherited would be shared, and one
    # person's rows could answer another's question.
    connection.close()
    cast(DatabaseWrapper, connection).close_pool()
    with _company():
        short_lives = 0
        while short_lives < _TRIES:
            began = time.monotonic()
            if _served_until_asked(_server(host, port)):
                return
            short_lives = short_lives + 1 if time.monotonic() - began < _SHORT else 0
            _log.warning("web_server_started_again")


def _served_until_asked(server: Granian) -> bool:
    """Whether it ended because somebody asked. It also ends when its processes die in a row."""
    try:
        server.serve()
    except SystemExit:
        return bool(server.interrupt_signal)
    return True


def _server(host: str, port: int) -> Granian:
    has_edge = os.environ.get("HOCVU_EDGE") != "0"
    return Granian(
        "hocvu.config.edge:application" if has_edge else "hocvu.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI if has_edge else Interfaces.WSGI,
        workers=_WORKERS,
        blocking_threads=1 if has_edge else _THREADS,
        backlog=4096,
        backpressure=_CONNECTIONS if has_edge else None,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_PATIENCE,
        log_enabled=False,
    )


def _refuse_if_taken(host: str, port: int) -> None:
    """Two servers could share a port unnoticed, each answering every other page."""
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise PortIsTaken(
                _("Port %(port)s is in use.") % {"port": port},
                _("Stop the other program, or choose another port with --port."),
            )


@contextmanager
def _company() -> Iterator[None]:
    """What runs beside the web server, and is started again should it end: jobs, the database."""
    company = _Company()
    watch = threading.Thread(target=company.watch, name="company", daemon=True)
    watch.start()
    try:
        yield
    finally:
        company.stop()
        watch.join()


class _Company:
    """A worker for each lane of jobs, and the embedded PostgreSQL if no other is named."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._workers = {lane: self._started_worker(lane) for lane in Lane}

    def watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            if embedded.is_ours() and embedded.is_down():
                self._start_the_database()
            for lane, worker in self._workers.items():
                if worker.poll() is not None and not self._over.is_set():
                    _log.warning("worker_started_again", lane=lane, ended_with=worker.returncode)
                    self._workers[lane] = self._started_worker(lane)

    def stop(self) -> None:
        self._over.set()
        for worker in self._workers.values():
            worker.terminate()
        for worker in self._workers.values():
            worker.wait(timeout=_PATIENCE)

    @staticmethod
    def _start_the_database() -> None:
        """What a killed server left behind may keep the next one from starting for a moment."""
        try:
            embedded.start()
        except (subprocess.SubprocessError, OSError, AssertionError) as failed:
            _log.warning("database_does_not_start_yet", error=type(failed).__name__)
        else:
            _log.warning("database_started_again")

    @staticmethod
    def _started_worker(lane: Lane) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "hocvu", "worker", "--lane", lane.value]
        return subprocess.Popen(command)  # noqa: S603 — our own program, no word from outside
