"""HTTP/1.1 as this room needs it (RFC 9112): one address, kept open; bounded; no redirects.

Whatever comes back is material to verify: nothing is believed because of where it came from.
"""

import http.client
import ssl
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import local
from typing import Self
from urllib.parse import quote, urlsplit

from hocvu.register.errors import RegisterRefusal

_SECONDS = 20.0
_MOST_BYTES = 32 * 1024 * 1024  # a full bundle of the longest entries is 16 MB


class NotReachable(RegisterRefusal):
    """The other side does not answer, or not as agreed."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    content_type: str
    body: bytes


class Site:
    """A published log, or a witness, at an http or https address.

    Every thread has its own connection, which is opened again once if it was closed meanwhile.
    """

    def __init__(self, address: str, *, seconds: float = _SECONDS) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise NotReachable(f"{address} is not an address that begins with https:// or http://.")
        self.address = address.rstrip("/")
        self._host, self._port = parts.hostname, parts.port
        self._is_secret = parts.scheme == "https"
        self._prefix = parts.path.rstrip("/")
        self._seconds = seconds
        self._of_thread = local()
        self._opened: list[http.client.HTTPConnection] = []  # appending to a list is atomic

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._opened:
            connection.close()

    def read(self, path: Path, *, accept: str = "*/*") -> bytes | None:
        reply = self.ask("GET", path.as_posix(), accept=accept)
        if reply.status == HTTPStatus.NOT_FOUND:
            return None
        if reply.status != HTTPStatus.OK:
            raise NotReachable(f"{self.address}/{path} answers {reply.status}.")
        return reply.body

    def ask(
        self, method: str, path: str, body: bytes | None = None, *, accept: str = "*/*"
    ) -> Reply:
        try:
            return self._ask(method, path, body, accept)
        except (OSError, http.client.HTTPException):
            self._close()  # it may have been kept open for too long: once more, anew
        try:
            return self._ask(method, path, body, accept)
        except (OSError, http.client.HTTPException) as error:
            self._close()
            raise NotReachable(f"{self.address} does not answer ({error}).") from error

    def _ask(self, method: str, path: str, body: bytes | None, accept: str) -> Reply:
        connection = self._connection()
        headers = {"Accept-Encoding": "identity", "User-Agent": "hocvu-register", "Accept": accept}
        connection.request(method, quote(f"{self._prefix}/{path}"), body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            self._close()
            raise NotReachable(f"{self.address}/{path} answers with too much.")
        return Reply(answer.status, answer.headers.get("Content-Type", ""), content)

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if kept is not None:
            return kept
        connection = (
            http.client.HTTPSConnection(
                self._host,
                self._port,
                timeout=self._seconds,
                context=ssl.create_default_context(),
            )
            if self._is_secret
            else http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)
        )
        self._of_thread.connection = connection
        self._opened.append(connection)
        return connection

    def _close(self) -> None:
        if (kept := getattr(self._of_thread, "connection", None)) is not None:
            self._of_thread.connection = None
            with suppress(OSError):
                kept.close()
