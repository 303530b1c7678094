"""The web server and its worker: one pair of processes behind one address."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import Interfaces
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector

from hocvu.kernel.errors import NotPossible


class PortIsTaken(NotPossible):
    """Another program already answers on this address."""


_WORKERS = 2
_THREADS = 4


def serve(host: str, port: int) -> None:
    """Serve pages until stopped; a worker runs the jobs beside it."""
    _refuse_if_taken(host, port)
    # The web processes are forks of this one: a connection they inherited would be shared, and one
    # person's rows could answer another's question.
    connection.close()
    cast(DatabaseWrapper, connection).close_pool()
    with _worker():
        Granian(
            "hocvu.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=_WORKERS,
            blocking_threads=_THREADS,
            log_enabled=False,
        ).serve()


def _refuse_if_taken(host: str, port: int) -> None:
    """Two servers could share a port unnoticed, each answering every other page."""
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise PortIsTaken(
                _("Port %(port)s is in use.") % {"port": port},
                _("Stop the other program, or choose another port with --port."),
            )


def work() -> None:
    """Run jobs until stopped: certificates, coverage, tests whose time is over."""
    connector = cast(DjangoConnector, jobs.connector).get_worker_connector()
    jobs.with_connector(connector).run_worker(delete_jobs="successful")


@contextmanager
def _worker() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "hocvu", "worker"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
