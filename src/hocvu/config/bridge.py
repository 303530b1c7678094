"""Django's WSGI application inside an ASGI server: each request gets a thread, never the loop.

Django's own ASGI handler would cost nearly twice the processor time for the same page (decision
0011). What a thread is given is complete and what it gives back is complete, so a slow network
holds no thread: bodies wait in memory while they are small and in a file when they are not.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeAlias
from urllib.parse import unquote_to_bytes

import structlog

_log = structlog.get_logger("hocvu.edge")

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
Environ: TypeAlias = dict[str, Any]
Application: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_IN_MEMORY = 1024 * 1024  # bytes of a body; what is larger goes to a file
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Bounds:
    """What one process takes on before it says: later."""

    threads: int = 4
    waiting: int = 200  # requests beside those in threads
    body: int = 64 * 1024 * 1024  # bytes of one request
    bodies: int = 1024 * 1024 * 1024  # bytes of all requests together
    between: float = 60.0  # seconds between two parts of a body
    arriving: float = 900.0  # seconds for the whole of it: the largest at 75 KB/s


class _CannotTake(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class _Answer:
    status: int = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: list[tuple[bytes, bytes]] | None = None
    body: "IO[bytes] | None" = None


class Bridge:
    """Answers HTTP requests with a WSGI application in a bounded number of threads."""

    def __init__(self, application: Application, bounds: Bounds | None = None) -> None:
        self._application = application
        self._bounds = bounds or Bounds()
        self._threads = ThreadPoolExecutor(self._bounds.threads, thread_name_prefix="page")
        self._under_way = 0
        self._bytes = 0

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, *, begun: bytes = b"", more: bool = True
    ) -> None:
        """`begun` is what was read of the body already; `more`: there is more to read."""
        try:
            answer = await self._answered(scope, self._chunks(receive, begun, more=more))
            await _send_answer(send, answer)
        except _CannotTake as refused:
            await _send_refusal(send, refused.status)

    async def close(self) -> None:
        """Wait for what is under way."""
        await asyncio.to_thread(self._threads.shutdown)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._under_way >= self._bounds.threads + self._bounds.waiting:
            raise _CannotTake(HTTPStatus.SERVICE_UNAVAILABLE)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def _hold(self, held: int, more: int) -> int:
        if held + more > self._bounds.body:
            raise _CannotTake(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._bytes + more > self._bounds.bodies:
            raise _CannotTake(HTTPStatus.SERVICE_UNAVAILABLE)
        self._bytes += more
        return more

    async def _answered(self, scope: Scope, chunks: AsyncIterator[bytes]) -> _Answer:
        """The whole body first, then a place and a thread: whoever sends slowly holds neither.

        Whoever has the body last closes it.
        """
        body = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 — the thread closes it
        held = 0
        try:
            with ExitStack() as place:
                try:
                    async for chunk in chunks:
                        held += self._hold(held, len(chunk))
                        body.write(chunk)
                    place.enter_context(self._place())
                except BaseException:
                    body.close()
                    raise
                body.seek(0)
                environ = environ_of(scope, body, held)
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, self._run, environ, body)
        finally:
            self._bytes -= held

    async def _chunks(self, receive: Receive, begun: bytes, *, more: bool) -> AsyncIterator[bytes]:
        if begun:
            yield begun
        loop = asyncio.get_running_loop()
        until = loop.time() + self._bounds.arriving
        while more:
            try:
                patience = min(self._bounds.between, until - loop.time())
                message = await asyncio.wait_for(receive(), patience)
            except TimeoutError:
                raise _CannotTake(HTTPStatus.REQUEST_TIMEOUT) from None
            if message["type"] == "http.disconnect":
                raise _CannotTake(HTTPStatus.BAD_REQUEST)
            yield message.get("body", b"")
            more = message.get("more_body", False)

    def _run(self, environ: Environ, body: "IO[bytes]") -> _Answer:
        with body:
            return self._answer(environ)

    def _answer(self, environ: Environ) -> _Answer:
        """In a thread: the whole answer."""
        answer = _Answer()

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: object = None
        ) -> None:
            answer.status = int(status.split(" ", 1)[0])
            answer.headers = [
                (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
                for name, value in headers
            ]

        content = self._application(environ, start_response)
        body = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 — closed once it was sent
        try:
            for chunk in content:
                body.write(chunk)
        except BaseException:
            body.close()
            raise
        finally:
            if hasattr(content, "close"):
                content.close()
        body.seek(0)
        answer.body = body
        return answer


async def _send_answer(send: Send, answer: _Answer) -> None:
    body = answer.body
    assert body is not None  # noqa: S101 — `_run` gives it or raises
    with body:
        start = {"type": "http.response.start", "status": answer.status}
        await send({**start, "headers": answer.headers or []})
        chunk = body.read(_CHUNK)
        while True:
            following = body.read(_CHUNK) if len(chunk) == _CHUNK else b""
            more = bool(following)
            await send({"type": "http.response.body", "body": chunk, "more_body": more})
            if not more:
                return
            chunk = following


async def _send_refusal(send: Send, status: HTTPStatus) -> None:
    """Where Django cannot be asked any more, few words in both languages."""
    words = {
        HTTPStatus.SERVICE_UNAVAILABLE: (
            "Hiện có rất nhiều người truy cập. Xin thử lại sau ít giây. / "
            "Very many people are here at this moment. Please try again in a few seconds."
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            "Tệp gửi lên quá lớn. Xin chia nhỏ rồi gửi lại. / "
            "What was sent is too large. Please send it in smaller parts."
        ),
        HTTPStatus.REQUEST_TIMEOUT: (
            "Dữ liệu gửi lên đến quá chậm nên chưa được nhận. Xin gửi lại khi mạng tốt hơn. / "
            "What was sent came too slowly and was not taken. Please send it again on a better"
            " network."
        ),
    }.get(status, "")
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"retry-after", b"3"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})


def environ_of(scope: Scope, body: "IO[bytes]", length: int) -> Environ:
    """The CGI view of a request (PEP 3333). Texts hold bytes as Latin-1, as WSGI wants it."""
    raw_path = scope.get("raw_path") or scope["path"].encode()
    path = unquote_to_bytes(raw_path.split(b"?", 1)[0]).decode("latin-1")
    root = scope.get("root_path") or ""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root,
        "PATH_INFO": path.removeprefix(root),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": str(client[0]),
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope["headers"])
    environ["CONTENT_LENGTH"] = str(length)
    return environ


def _add_headers(environ: Environ, headers: Iterable[tuple[bytes, bytes]]) -> None:
    for raw_name, raw_value in headers:
        if b"_" in raw_name:  # would pass for the header with a dash
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            name = f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        if name in environ:
            value = f"{environ[name]}{';' if name == 'HTTP_COOKIE' else ','}{value}"
        environ[name] = value
