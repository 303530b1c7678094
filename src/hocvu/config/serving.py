"""The web server and its worker: one pair of processes behind one address."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

_WORKERS = 2
_THREADS = 4


def serve(host: str, port: int) -> None:
    """Serve pages until stopped; a worker runs the jobs beside it."""
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


def work() -> None:
    """Run jobs until stopped: certificates, coverage, tests whose time is over."""
    call_command("procrastinate", "worker")


@contextmanager
def _worker() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "hocvu", "worker"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
