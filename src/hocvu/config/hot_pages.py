"""Pages that are the same for everybody, as the edge gives them: from a hot path, or by Django.

What Django answers is heard on its way out, and handed to the path: it learns from it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from re import Pattern
from typing import Any, Protocol

from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host

from hocvu.config.bridge import Bridge, Receive, Scope, Send
from hocvu.kernel.hot import HotLook, HotPage, HotQuestion
from hocvu.verification.queries.networks import network_asking

_LANGUAGE = settings.LANGUAGE_COOKIE_NAME
_LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)
_TOKEN = settings.CSRF_COOKIE_NAME
_TOKENS = re.compile(r"[0-9A-Za-z]{32}")  # another one Django would replace
_OF_NOBODY = frozenset({_LANGUAGE, _TOKEN})  # they say nothing of a person
_IN_ADDRESS = {b"": "", **{f"lang={each}".encode(): each for each in _LANGUAGES}}
_LARGEST = 64 * 1024  # bytes of a page that is worth remembering


class HotReader(Protocol):
    """What a context offers to the edge."""

    address: Pattern[str]  # one group: the name of what it is about

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def look(self, question: HotQuestion) -> HotLook: ...
    async def remember(self, sight: object, page: HotPage) -> None: ...


class HotPages:
    """Answers GET requests: a reader what it is sure of, Django all else."""

    def __init__(
        self, readers: Sequence[HotReader], bridge: Bridge, clock: Callable[[], datetime]
    ) -> None:
        self._readers = readers
        self._bridge = bridge
        self._clock = clock

    async def start(self) -> None:
        for reader in self._readers:
            await reader.start()

    async def stop(self) -> None:
        for reader in self._readers:
            await reader.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for reader in self._readers:
            if met := reader.address.fullmatch(scope["path"]):
                question = _question_of(met[1], scope, self._clock())
                if question is not None:
                    await self._answer(reader, question, scope, receive, send)
                    return
        await self._bridge(scope, receive, send)

    async def _answer(
        self, reader: HotReader, question: HotQuestion, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """The reader's page, or Django's answer, which the reader hears if it can use it."""
        held = _header(scope, b"if-none-match")
        look = await reader.look(question)
        if look.page is not None:
            await _give(send, look.page, held)
        elif look.sight is None or held:
            await self._bridge(scope, receive, send)
        else:
            heard = _Heard(send)
            await self._bridge(scope, receive, heard)
            if heard.page is not None:
                await reader.remember(look.sight, heard.page)


def _question_of(subject: str, scope: Scope, at: datetime) -> HotQuestion | None:
    """What is asked, if anybody's asking it is answered alike; else nothing: Django decides."""
    chosen = _IN_ADDRESS.get(scope.get("query_string", b""))
    if chosen is None or not is_host(_header(scope, b"host")):
        return None
    cookies = cookies_of(_header(scope, b"cookie"))
    if not cookies.keys() <= _OF_NOBODY:
        return None
    if _TOKEN in cookies and not _TOKENS.fullmatch(cookies[_TOKEN]):
        return None
    kept = cookies.get(_LANGUAGE, "")
    return HotQuestion(
        subject=subject,
        network=_network(scope),
        language=chosen or (kept if kept in _LANGUAGES else settings.LANGUAGE_CODE),
        carries_cookies=bool(cookies),
        at=at,
    )


class _Heard:
    """Passes an answer on, and keeps it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: dict[str, Any] = {}
        self._body = b""
        self._is_whole = False

    async def __call__(self, message: dict[str, Any]) -> None:
        await self._send(message)
        if message["type"] == "http.response.start":
            self._start = message
        elif len(self._body) <= _LARGEST:
            self._body += message.get("body", b"")
            self._is_whole = not message.get("more_body", False)

    @property
    def page(self) -> HotPage | None:
        """The answer, unless it is too large or sets a cookie."""
        headers = tuple(self._start.get("headers", ()))
        sets_a_cookie = any(name == b"set-cookie" for name, _value in headers)
        if not self._is_whole or len(self._body) > _LARGEST or sets_a_cookie:
            return None
        return HotPage(self._start["status"], headers, self._body)


async def _give(send: Send, page: HotPage, held: bytes) -> None:
    """The page; where the asker holds it already, no more than that (RFC 9110, §15.4.5)."""
    status, headers, body = page.status, list(page.headers), page.body
    if held and (b"etag", held) in page.headers:
        status, body = 304, b""
        headers = [(name, b"0" if name == b"content-length" else value) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _network(scope: Scope) -> str:
    """As a view counts it."""
    connected = str((scope.get("client") or ("",))[0])
    forwarded = _header(scope, b"x-forwarded-for").decode("latin-1")
    asked = {"REMOTE_ADDR": connected, "HTTP_X_FORWARDED_FOR": forwarded}
    return network_asking(asked, settings.TRUSTED_PROXIES)


def _header(scope: Scope, wanted: bytes) -> bytes:
    """What Django would read: several of one name are one, parted as HTTP says."""
    parting = b";" if wanted == b"cookie" else b","
    return parting.join(value for name, value in scope["headers"] if name == wanted)


@lru_cache(maxsize=1_000)
def is_host(raw: bytes) -> bool:
    """Whether a Host header names this site."""
    domain, _port = split_domain_port(raw.decode("latin-1"))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


@lru_cache(maxsize=20_000)
def cookies_of(header: bytes) -> Mapping[str, str]:
    """The cookies in a header, by their names."""
    return parse_cookie(header.decode("latin-1"))
