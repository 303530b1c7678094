"""Pages of verification a second: of certificates seen for the first time, and seen again.

One process, one thread, the whole WSGI application with its middleware; no socket. Needs issued
certificates: `measurements` may stand in the list of whoever has issued some.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from io import BytesIO

from django.urls import reverse

from bench.measuring import Measurement, expect
from hocvu.config.wsgi import application
from hocvu.credentials.models import Certificate
from hocvu.verification.queries.verification import check_codes
from hocvu.verification.rules.verdicts import Verdict

_PAGES = 1_000
_RUNS = 3
_AT_ONCE = 500  # questions of one request of the interface
_CLAIM = 1_000  # pages a second


def measurements() -> list[Measurement]:
    codes = list(
        Certificate.objects.order_by("-pk").values_list("verification_code", flat=True)[:_PAGES]
    )
    size = len(codes) // _RUNS
    first = tuple(
        _pages_a_second(codes[start : start + size]) for start in range(0, size * _RUNS, size)
    )
    again = tuple(_pages_a_second(codes[: size * _RUNS]) for _ in range(_RUNS))
    nobodys = tuple(_pages_a_second([f"{run}{n:015}" for n in range(size)]) for run in range(3))
    return [
        Measurement(
            "verification pages a second, one process: certificates seen again",
            again,
            "pages/s",
            against=_CLAIM,
            at_least=True,
        ),
        Measurement(
            "verification pages a second, one process: certificates never seen before",
            first,
            "pages/s",
        ),
        Measurement(
            "verification pages a second, one process: codes of nobody", nobodys, "pages/s"
        ),
        Measurement(
            f"codes verified a second, {_AT_ONCE} in one question",
            tuple(_codes_a_second(codes[:_AT_ONCE]) for _ in range(_RUNS)),
            "codes/s",
        ),
    ]


def _pages_a_second(codes: Sequence[str]) -> float:
    """Everybody asks from an address of their own, as strangers do."""
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
            "PATH_INFO": reverse("verification:code", args=[code]),
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
