"""The witness over HTTP: C2SP tlog-witness, `POST <prefix>/add-checkpoint`.

    200 cosignature lines · 400 · 403 · 404 · 409 with the size cosigned last · 422 · 500

    GET <prefix>/<SHA-256 of origin>/checkpoint    what it cosigned last, for anybody to compare

A small server for few logs, one thread a connection, bodies bounded, sockets timed out. Whoever
puts it on the Internet puts a proxy with TLS in front.
"""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import cast

from hocvu.register.tiles import Folder
from hocvu.register.witness import (
    ADD_CHECKPOINT,
    LONGEST_REQUEST,
    SIZE_TYPE,
    NotTheLastSize,
    RequestIsMalformed,
    Witness,
    WitnessRefusal,
)

_TEXT = "text/plain; charset=utf-8"
_REMEMBERED = re.compile(r"/([0-9a-f]{64})/checkpoint")
_SECONDS = 10.0
_DIGITS = 9  # of a length; thousands would be no number to Python
_LOOK_UP = 0.05  # seconds between looks whether to stop


@contextmanager
def serving(
    witness: Witness,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    tell: Callable[[str], None] = lambda _line: None,
) -> Iterator[str]:
    """Answer in the background; gives the address. `now` is the clock that cosignatures show."""
    with _Server((host, port), witness, now, tell) as server:
        thread = Thread(target=server.serve_forever, args=(_LOOK_UP,), name="witness", daemon=True)
        thread.start()
        try:
            yield f"http://{host}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def serve_until_stopped(
    witness: Witness, *, host: str, port: int, tell: Callable[[str], None]
) -> None:
    """Answer until the process is asked to end (SIGINT, SIGTERM)."""
    asked_to_end = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, asked_to_end)  # before there are other threads
    with serving(witness, host=host, port=port, tell=tell) as address:
        tell(address)
        signal.sigwait(asked_to_end)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        address: tuple[str, int],
        witness: Witness,
        now: Callable[[], datetime],
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(address, _Handler)
        self.witness, self.now, self.tell = witness, now, tell


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "hocvu-witness"
    sys_version = ""
    timeout = _SECONDS

    def do_POST(self) -> None:
        if self.path != f"/{ADD_CHECKPOINT}":
            self.close_connection = True  # with a body that nobody has read
            self._answer(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
            return
        try:
            line = self._server.witness.add_checkpoint(self._body(), at=self._server.now())
        except NotTheLastSize as refusal:
            self._answer(refusal.status, f"{refusal.size}\n", SIZE_TYPE)
        except WitnessRefusal as refusal:
            self._server.tell(f"{refusal.status.value} {refusal}")
            self._answer(refusal.status, f"{refusal}\n")
        else:
            self._answer(HTTPStatus.OK, line)

    def do_GET(self) -> None:
        asked = _REMEMBERED.fullmatch(self.path)
        note = asked and Folder(self._server.witness.folder).read(Path(asked[1], "checkpoint"))
        if note is None:
            self._answer(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        else:
            self._answer(HTTPStatus.OK, note.decode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base class's name
        """Requests are not written down; refusals are told."""

    @property
    def _server(self) -> _Server:
        return cast("_Server", self.server)

    def _body(self) -> str:
        length = self.headers.get("Content-Length", "")
        is_number = length.isascii() and length.isdigit() and len(length) <= _DIGITS
        if not is_number or int(length) > LONGEST_REQUEST:
            self.close_connection = True
            raise RequestIsMalformed("The request says no length, or is too long.")
        try:
            return self.rfile.read(int(length)).decode()
        except UnicodeDecodeError:
            raise RequestIsMalformed("The request is not UTF-8.") from None

    def _answer(self, status: HTTPStatus, text: str, content_type: str = _TEXT) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)
