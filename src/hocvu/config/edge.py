"""The edge: one ASGI application in front of everything.

What gets hot goes to the `hot.py` of its context; everything else, and everything a hot path is
not sure of, goes to Django in a thread.
"""

import asyncio
import hmac
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from re import Pattern
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.urls import get_resolver
from django.utils import timezone
from psycopg import AsyncConnection

from hocvu.config.bridge import Bridge, Receive, Scope, Send
from hocvu.config.hot_pages import HotPages, HotReader, cookies_of, is_host
from hocvu.config.sessions import OpenSessions
from hocvu.config.wsgi import application as django_application
from hocvu.exams.hot import AnswerPath
from hocvu.kernel.hot import HotReply, HotRequest
from hocvu.verification.actions.checks import write_checks
from hocvu.verification.hot import VerdictPath
from hocvu.verification.queries.published import publication_state
from hocvu.verification.queries.verification import verdicts_on
from hocvu.verification.rules.states import Found
from hocvu.verification.rules.verdicts import Verification
from hocvu.verification.views.rendering import page_of

_log = structlog.get_logger("hocvu.edge")

_LARGEST_BODY = 512 * 1024  # bytes a hot path takes; larger ones go to Django
_BODIES_HELD = 64 * 1024 * 1024  # bytes of all of them together
_DRAIN = 25.0  # seconds in which what is under way has to end
_FORM = (b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded;charset=utf-8")
_TOKEN_LENGTH = 32
_SESSION, _TOKEN = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
_LANGUAGE = settings.LANGUAGE_COOKIE_NAME
_LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)
_ON_EVERY_REPLY = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"max-age=0, no-cache, no-store, must-revalidate, private"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class HotPath(Protocol):
    """What a context offers to the edge."""

    address: Pattern[str]  # one group: the number of what it is about

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def take(self, request: HotRequest) -> HotReply | None: ...


class Edge:
    """`paths` and `readers` answer what they are sure of; `bridge` answers everything else."""

    def __init__(
        self,
        paths: Sequence[HotPath],
        bridge: Bridge,
        sessions: OpenSessions,
        clock: Callable[[], datetime] = timezone.now,
        *,
        readers: Sequence[HotReader] = (),
    ) -> None:
        self._paths = paths
        self._bridge = bridge
        self._pages = HotPages(readers, bridge, clock)
        self._sessions = sessions
        self._clock = clock
        self._under_way = 0
        self._idle = asyncio.Event()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close"})

    # --- Requests ------------------------------------------------------------------------------

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way += 1
        self._idle.clear()
        try:
            if scope["method"] == "POST":
                for path in self._paths:
                    if met := path.address.fullmatch(scope["path"]):
                        await self._hot(path, int(met[1]), scope, receive, send)
                        return
            elif scope["method"] == "GET":
                await self._pages(scope, receive, send)
                return
            await self._bridge(scope, receive, send)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _hot(
        self, path: HotPath, subject: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """A hot path's reply, or Django's."""
        sender = _sender_of(scope)
        if sender is None or self._bytes > _BODIES_HELD:
            await self._bridge(scope, receive, send)
            return
        body, more = await _body(receive)
        at = self._clock()
        reply = None
        if not more:
            self._bytes += len(body)
            try:
                reply = await path.take(_request(subject, sender, body, at))
            finally:
                self._bytes -= len(body)
        if reply is None:
            await self._bridge(scope, receive, send, begun=body, more=more)
        else:
            moved_on = self._sessions.heard(sender[_SESSION], at)
            await _send(send, reply, moved_on)

    # --- Life ----------------------------------------------------------------------------------

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()  # lifespan.startup
        get_resolver().url_patterns  # noqa: B018 — loads every view now, not with the first page
        for path in self._paths:
            await path.start()
        await self._pages.start()
        self._sessions.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown
        await self.drain()
        await send({"type": "lifespan.shutdown.complete"})

    async def drain(self) -> None:
        """Answer what is under way, write what was taken, then end."""
        if self._under_way:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), _DRAIN)
        for path in self._paths:
            await path.stop()
        await self._pages.stop()
        await self._sessions.stop()
        await self._bridge.close()


def _sender_of(scope: Scope) -> Mapping[str, str] | None:
    """The cookies of a form sent by a page of this site, or nothing: then Django decides.

    As Django's protection against forged requests: the page repeats its token in a header, which
    no other site can do, and the origin, where the browser says it, is this one.
    """
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").replace(b" ", b"").lower() not in _FORM:
        return None
    host, origin = headers.get(b"host", b""), headers.get(b"origin", b"")
    if not _is_own(scope["scheme"], host, origin):
        return None
    cookies = cookies_of(headers.get(b"cookie", b""))
    token = cookies.get(_TOKEN, "")
    repeated = headers.get(b"x-csrftoken", b"")
    if len(token) != _TOKEN_LENGTH or not hmac.compare_digest(token.encode(), repeated):
        return None
    return cookies if cookies.get(_SESSION) else None


@lru_cache(maxsize=1_000)
def _is_own(scheme: str, raw_host: bytes, raw_origin: bytes) -> bool:
    if not is_host(raw_host):
        return False
    host, origin = raw_host.decode("latin-1"), raw_origin.decode("latin-1")
    if not origin:
        return scheme == "http"
    return origin == f"{scheme}://{host}" or origin in settings.CSRF_TRUSTED_ORIGINS


async def _body(receive: Receive) -> tuple[bytes, bool]:
    """What a hot path may take, and whether there is more than that."""
    body, more = b"", True
    while more and len(body) <= _LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body, True
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body, more


def _request(subject: int, cookies: Mapping[str, str], body: bytes, at: datetime) -> HotRequest:
    chosen = cookies.get(_LANGUAGE, "")
    return HotRequest(
        subject=subject,
        cookies=cookies,
        session=cookies[_SESSION],
        language=chosen if chosen in _LANGUAGES else settings.LANGUAGE_CODE,
        body=body,
        at=at,
    )


async def _send(send: Send, reply: HotReply, cookie: bytes) -> None:
    headers = [*_ON_EVERY_REPLY, (b"content-length", str(len(reply.body)).encode())]
    if reply.retry_after:
        headers.append((b"retry-after", str(reply.retry_after).encode()))
    if cookie:
        headers.append((b"set-cookie", cookie))
    await send({"type": "http.response.start", "status": int(reply.status), "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def connect() -> AsyncConnection[Any]:
    """A connection of the edge's own. It waits for no lock so long that others notice."""
    named = settings.DATABASES["default"]
    return await AsyncConnection.connect(
        dbname=named["NAME"],
        user=named["USER"],
        password=named["PASSWORD"] or None,
        host=named["HOST"] or None,
        port=named["PORT"] or None,
        autocommit=True,
        connect_timeout=3,
        application_name="hocvu-edge",
        options="-c lock_timeout=2s -c statement_timeout=15s",
    )


def edge() -> Edge:
    secret = settings.SECRET_KEY.encode()
    verdicts = VerdictPath(
        connect,
        secret,
        published=publication_state,
        judge=judge,
        show=page_of,
        write_notes=write_what_was_noted,
    )
    return Edge(
        [AnswerPath(connect, secret)],
        Bridge(django_application),
        OpenSessions(connect),
        readers=[verdicts],
    )


def judge(found: Sequence[Found]) -> list[Verification]:
    """The verdicts on certificates that were looked up, in a thread that belongs to no request."""
    close_old_connections()
    try:
        return verdicts_on(found)
    finally:
        close_old_connections()


def write_what_was_noted() -> None:
    """How often certificates were checked, in a thread that belongs to no request."""
    close_old_connections()
    try:
        write_checks()
    except DatabaseError:
        _log.warning("checks_not_written")
    finally:
        close_old_connections()


application = edge()
