"""The main job: from nothing to a served page, with a whole fictional nation behind it."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.measuring import Measurement, NotAsExpected
from bench.sockets import free_port, stop

_PATIENCE = 600.0
_BETWEEN_TRIES = 0.05


def measure() -> list[Measurement]:
    log = Path(os.environ["HOCVU_HOME"]) / "demo.log"
    first, bytes_first = _until_served(log)
    again, _ = _until_served(log)
    people, bridge_points, certificates = _counts()
    return [
        Measurement(
            "`hocvu demo` in an empty data folder, to the front page served", (first,), against=90
        ),
        Measurement("the same a second time, when everything is there", (again,)),
        Measurement("fictional people", (people,), "", against=20_000, at_least=True),
        Measurement("bridge points", (bridge_points,), "", against=3_321, at_least=True),
        Measurement("certificates signed and registered on the way", (certificates,), ""),
        Measurement("size of the front page", (bytes_first / 1024,), "KiB"),
    ]


def _until_served(log: Path) -> tuple[float, int]:
    """Start the program as a person does; seconds until `/` answers 200, and how long it is."""
    port = free_port()
    started = time.perf_counter()
    with log.open("ab") as opened:
        process = subprocess.Popen(
            [sys.executable, "-m", "hocvu", "demo", "--port", str(port)],
            stdout=opened,
            stderr=subprocess.STDOUT,
        )
    try:
        size = _wait_for_page(f"http://127.0.0.1:{port}/", process, log)
        return time.perf_counter() - started, size
    finally:
        stop(process)


def _wait_for_page(address: str, process: subprocess.Popen[bytes], log: Path) -> int:
    give_up_at = time.perf_counter() + _PATIENCE
    while time.perf_counter() < give_up_at:
        if process.poll() is not None:
            raise NotAsExpected(f"hocvu demo ended early:\n{log.read_text()[-2000:]}")
        with (
            suppress(URLError, ConnectionError, TimeoutError),
            urlopen(address, timeout=10) as page,
        ):
            if page.status == HTTPStatus.OK:
                return len(page.read())
        time.sleep(_BETWEEN_TRIES)
    raise NotAsExpected(f"no page after {_PATIENCE:.0f} seconds")


def _counts() -> tuple[int, int, int]:
    """Counted in the database that was left behind."""
    from hocvu.config import start  # noqa: PLC0415 — after the program itself has stopped

    start.set_up()
    from hocvu.classes.models import BridgePoint  # noqa: PLC0415 — Django is ready only now
    from hocvu.credentials.models import Certificate  # noqa: PLC0415
    from hocvu.people.models import Person  # noqa: PLC0415

    return Person.objects.count(), BridgePoint.objects.count(), Certificate.objects.count()
