"""Whoever answers stays signed in, though the edge never asks Django.

As `IdleMiddleware` does for pages: the end of a session moves on with each sign of activity, at
most once a minute. Many sessions are moved on in one statement.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any

import psycopg
import structlog
from django.conf import settings
from psycopg import AsyncConnection

_log = structlog.get_logger("hocvu.edge")

_EVERY = 5.0  # seconds
_REMEMBERED = 100_000

_MOVE_ON = b"""
WITH due AS (
    SELECT session_key, heard.at + %(age)s * interval '1 second' AS ends
    FROM unnest(%(sessions)s::text[], %(at)s::timestamptz[]) AS heard (session_key, at)
    JOIN django_session USING (session_key)
    WHERE expire_date > heard.at
    ORDER BY session_key FOR UPDATE OF django_session SKIP LOCKED
)
UPDATE django_session AS session SET expire_date = greatest(session.expire_date, due.ends)
FROM due WHERE session.session_key = due.session_key
"""


class OpenSessions:
    """Moves the ends of sessions on. `connect` opens a connection in autocommit."""

    def __init__(self, connect: Callable[[], Awaitable[AsyncConnection[Any]]]) -> None:
        self._connect = connect
        self._minute_of: dict[str, int] = {}
        self._due: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self.move_on()

    def heard(self, session: str, at: datetime) -> bytes:
        """Note activity; the cookie to send along once a minute, otherwise nothing."""
        minute = int(at.timestamp() // 60)
        if self._minute_of.get(session) == minute:
            return b""
        if len(self._minute_of) >= _REMEMBERED:
            self._minute_of.clear()
        self._minute_of[session] = minute
        self._due[session] = at
        return _cookie(session)

    async def move_on(self) -> None:
        """Write down what was heard. Where the database is gone, the next minute says it again."""
        due, self._due = self._due, {}
        if not due:
            return
        try:
            async with await self._connect() as connection:
                await connection.execute(
                    _MOVE_ON,
                    {
                        "sessions": list(due),
                        "at": list(due.values()),
                        "age": settings.SESSION_COOKIE_AGE,
                    },
                )
        except psycopg.Error as failed:
            _log.warning("sessions_not_moved_on", rows=len(due), error=type(failed).__name__)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            await self.move_on()


def _cookie(session: str) -> bytes:
    """As the session middleware sets it."""
    cookie: SimpleCookie = SimpleCookie()
    name = settings.SESSION_COOKIE_NAME
    cookie[name] = session
    cookie[name]["max-age"] = settings.SESSION_COOKIE_AGE
    cookie[name]["path"] = settings.SESSION_COOKIE_PATH
    cookie[name]["samesite"] = settings.SESSION_COOKIE_SAMESITE
    cookie[name]["httponly"] = settings.SESSION_COOKIE_HTTPONLY
    cookie[name]["secure"] = settings.SESSION_COOKIE_SECURE
    return cookie[name].OutputString().encode("latin-1")
