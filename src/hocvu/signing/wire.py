"""Asks services on the network (timestamps, remote keys): one question, one answer, over HTTP.

A connection is kept open between questions. What is asked may be asked twice, so a connection that
went stale is opened again once.
"""

import http.client
import ssl
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

from hocvu.signing.errors import ServiceUnreachable

PATIENCE: Final = 20.0  # seconds
LARGEST_ANSWER: Final = 4 << 20  # bytes; a revocation list may have megabytes


class Answer(NamedTuple):
    """What came back: the status of HTTP, and the body."""

    status: int
    body: bytes


@dataclass
class Line:
    """A line to one server. It belongs to one thread; close it, or use it in a `with`."""

    address: str  # "https://host:port/path"
    patience: float = PATIENCE
    trusted: ssl.SSLContext | None = None  # who may answer; the system's authorities if not given
    _connection: http.client.HTTPConnection | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._parts = urlsplit(self.address)
        if self._parts.scheme not in {"http", "https"} or not self._parts.hostname:
            raise ServiceUnreachable(f"{self.address} is not an address of a service.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def post(self, body: bytes, headers: dict[str, str], *, path: str = "") -> Answer:
        """Send `body` to the line's address, with `path` behind it."""
        return self._exchange("POST", path, body, headers)

    def get(self) -> Answer:
        return self._exchange("GET", "", None, {})

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        is_kept = self._connection is not None
        try:
            return self._once(method, path, body, headers)
        except TimeoutError as late:
            self.close()
            raise ServiceUnreachable(f"{self._name} did not answer in time.") from late
        except (OSError, http.client.HTTPException) as broken:
            self.close()
            if not is_kept:
                raise ServiceUnreachable(f"{self._name} cannot be reached.") from broken
        return self._exchange(method, path, body, headers)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self._connection is None:
            self._connection = self._opened()
        target = (self._parts.path or "/") + path
        if self._parts.query:
            target += f"?{self._parts.query}"
        self._connection.request(method, target, body, headers)
        answer = self._connection.getresponse()
        octets = answer.read(LARGEST_ANSWER + 1)
        if len(octets) > LARGEST_ANSWER:
            raise http.client.HTTPException("The answer is too long.")
        return Answer(answer.status, octets)

    def _opened(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self.patience)
        context = self.trusted or ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=self.patience, context=context)

    @property
    def _name(self) -> str:
        return self._parts.netloc


def is_good(answer: Answer) -> bool:
    return answer.status == HTTPStatus.OK
