"""Pages of verification a second: of certificates seen for the first time, and seen again.

One web process on one core, behind a real socket, asked by a process of its own on many lines, each
from an address of its own, as strangers ask; that process and PostgreSQL run on the other cores. A
first sight is of a code that this web process never met. It counts by the clock; what the web
process's core did for it is shown apart. The lean view beside the hot path is measured alone: the
whole WSGI application with its middleware, one thread, no socket. Needs issued certificates:
`measurements` may stand in the list of whoever has issued some.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from django.urls import reverse

from bench.measuring import Measurement, expect
from bench.sockets import free_port, stop, wait_for
from bench.visitors import Plan
from hocvu.config.wsgi import application
from hocvu.credentials.models import Certificate
from hocvu.verification.models import SpentAllowance
from hocvu.verification.queries.verification import check_codes
from hocvu.verification.rules.verdicts import Verdict

_PAGES = 3_000  # each of another certificate
_WARM_UP = 100
_RUNS = 3
_LINES = 64  # people who ask at the same time
_AGAIN = 3  # times each certificate is asked for in one run, once it was seen
_OF_NOBODY = 2_000
_AT_ONCE = 500  # questions of one request of the interface
_CLAIM = 1_000  # pages a second
_TICKS = os.sysconf("SC_CLK_TCK")
_PROCESS = """
import os
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
from granian import Granian
from granian.constants import Interfaces
Granian("hocvu.config.edge:application", address="127.0.0.1", port=%d, interface=Interfaces.ASGI,
        workers=1, backlog=4096, log_enabled=False).serve()
"""


@dataclass(frozen=True)
class _Visited:
    """Seconds that so many pages took: by the clock, and of the web process's core."""

    pages: int
    clock: float
    processor: float


def measurements() -> list[Measurement]:
    # Codes are random: in their order, certificates of all decisions stand mixed.
    of_everybody = Certificate.objects.order_by("verification_code")
    codes = list(of_everybody.values_list("verification_code", flat=True)[: _WARM_UP + _PAGES])
    size = (len(codes) - _WARM_UP) // _RUNS
    seen = codes[_WARM_UP : _WARM_UP + size * _RUNS]
    with _web_process() as server:
        _visited(server, codes[:_WARM_UP])
        first = [_visited(server, seen[run * size : (run + 1) * size]) for run in range(_RUNS)]
        again = [_visited(server, seen[:size] * _AGAIN) for _ in range(_RUNS)]
        nobodys = [
            _visited(server, [f"{run}{n:015}" for n in range(_OF_NOBODY)]) for run in range(_RUNS)
        ]
    view = tuple(_by_the_view(seen[:size]) for _ in range(_RUNS + 1))[1:]
    page = "verification pages a second, one process"
    of_first = f"{page}: {len(seen):,} certificates never seen before"
    of_again = f"{page}: certificates seen again"
    return [
        Measurement(of_first, _by_clock(first), "pages/s", against=_CLAIM, at_least=True),
        Measurement(f"{of_first}, by its processor's time", _by_processor(first), "pages/s"),
        Measurement(of_again, _by_clock(again), "pages/s", against=_CLAIM, at_least=True),
        Measurement(f"{page}: codes of nobody", _by_clock(nobodys), "pages/s"),
        Measurement(f"{of_again}, by the view alone", view, "pages/s"),
        Measurement(
            f"codes verified a second, {_AT_ONCE} in one question",
            tuple(_codes_a_second(codes[:_AT_ONCE]) for _ in range(_RUNS)),
            "codes/s",
        ),
    ]


def _by_clock(visited: Sequence[_Visited]) -> tuple[float, ...]:
    return tuple(each.pages / each.clock for each in visited)


def _by_processor(visited: Sequence[_Visited]) -> tuple[float, ...]:
    return tuple(each.pages / each.processor for each in visited)


@dataclass(frozen=True)
class _Server:
    process: int
    port: int

    @property
    def seconds(self) -> float:
        """What the processor has done for it and its children: /proc/…/stat, fields 14 and 15."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        spent = 0
        for process in (self.process, *children):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            spent += int(fields[11]) + int(fields[12])
        return spent / _TICKS


@contextmanager
def _web_process() -> Iterator[_Server]:
    """One process that serves pages, as each of a server's workers does."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", _PROCESS % port],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield _Server(server.pid, port)
    finally:
        stop(server)


def _visited(server: _Server, codes: Sequence[str]) -> _Visited:
    """Every page was answered. A new minute begins for everybody."""
    SpentAllowance.objects.all().delete()
    addresses = [_address(code) for code in codes]
    began = server.seconds
    done = subprocess.run(
        [sys.executable, "-m", "bench.visitors"],
        input=json.dumps(asdict(Plan(server.port, addresses, _LINES))),
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(done.stdout)
    expect("statuses", seen["statuses"], {"200": len(addresses)})
    return _Visited(len(addresses), float(seen["lasted"]), server.seconds - began)


def _address(code: str) -> str:
    return reverse("verification:code", args=[code])


def _by_the_view(codes: Sequence[str]) -> float:
    """Everybody asks from an address of their own."""
    environs = list(_environs(codes))
    statuses: set[int] = set()
    started = time.perf_counter()
    for environ in environs:
        response = application(environ, _nobody)
        statuses.add(response.status_code)
        b"".join(response)
        response.close()
    took = time.perf_counter() - started
    expect("statuses", statuses, {HTTPStatus.OK})
    return len(codes) / took


def _nobody(_status: str, _headers: object, _trouble: object = None, /) -> Callable[[bytes], None]:
    """Takes the head of an answer; the answer itself is looked at."""
    return lambda _part: None


def _environs(codes: Sequence[str]) -> Iterator[dict[str, object]]:
    for number, code in enumerate(codes):
        yield {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": _address(code),
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "127.0.0.1:8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": f"198.{18 + number // 65_536}.{number // 256 % 256}.{number % 256}",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": None,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def _codes_a_second(codes: Sequence[str]) -> float:
    started = time.perf_counter()
    found = check_codes(codes)
    took = time.perf_counter() - started
    expect("verdicts", {each.verdict for each in found}, {Verdict.VALID})
    return len(codes) / took
