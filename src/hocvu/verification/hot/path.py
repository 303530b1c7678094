"""`GET /v/<code>` as the edge meets it."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from psycopg import AsyncConnection

from hocvu.kernel.hot import HotLook, HotPage, HotQuestion
from hocvu.verification.hot.asking import NOBODYS, Asking, Rows
from hocvu.verification.hot.together import Together
from hocvu.verification.rules.allowances import FOUND, NOT_FOUND, purse_of
from hocvu.verification.rules.checks import Way, note
from hocvu.verification.rules.questions import code_meant

_PAGES = 2_048  # of about 9 KB
_VERDICTS = 16_384
_WRITE_NOTES = 10.0  # seconds
_LOOK_AGAIN = 60  # seconds: then every certificate is judged anew, whatever its state

# Everything a verdict rests on: the rows, what is published and trusted, and the minute.
_Version: TypeAlias = tuple[Rows, Hashable, int]


@dataclass(frozen=True, slots=True)
class _Sight:
    """What an answer of Django's may be remembered as, if nothing changed meanwhile."""

    code: str
    version: _Version
    verdict: Hashable
    language: str
    carries_cookies: bool
    is_over: bool = False  # too much was asked from this address

    @property
    def name(self) -> Hashable:
        said = HTTPStatus.TOO_MANY_REQUESTS if self.is_over else self.verdict
        return said, self.language, self.carries_cookies

    @property
    def status(self) -> int:
        return HTTPStatus.TOO_MANY_REQUESTS if self.is_over else HTTPStatus.OK


class VerdictPath:
    """`connect` opens a connection in autocommit; `secret` is what purses are named with.

    `published` says in which state the published log and the trust are; `judge` gives the verdict
    on each code, and `write_notes` writes down what was noted, both in a thread. Equal verdicts are
    shown on equal pages.
    """

    address = re.compile(r"/v/([0-9A-Za-z]{16})/?")

    def __init__(
        self,
        connect: Callable[[], Awaitable[AsyncConnection[Any]]],
        secret: bytes,
        *,
        published: Callable[[], Hashable],
        judge: Callable[[Sequence[str]], Sequence[Hashable]],
        write_notes: Callable[[], object] = lambda: None,
    ) -> None:
        self._secret = secret
        self._published = published
        self._judge = judge
        self._write_notes = write_notes
        self._notes_written_at = time.monotonic()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="verdicts")
        self._looking, self._counting = Asking(connect), Asking(connect)
        self._versions = Together(self._versions_of)
        self._judged = Together(self._judgements)
        self._counted = Together(self._counting.count)
        self._verdicts: dict[_Version, Hashable] = {}
        self._pages: dict[Hashable, HotPage] = {}

    async def start(self) -> None:
        """Nothing to do: the first question opens the connections."""

    async def stop(self) -> None:
        await self._looking.hang_up()
        await self._counting.hang_up()
        self._thread.submit(self._write_notes)
        await asyncio.to_thread(self._thread.shutdown)

    async def look(self, question: HotQuestion) -> HotLook:
        """The page that stands for this question now, or what to remember Django's answer as."""
        code = code_meant(question.subject)
        version = await self._versions.ask(code)
        if version is None:
            return HotLook()
        verdict = await self._verdict(code, version)
        if verdict is None:
            return HotLook()
        own = question.language, question.carries_cookies
        sight = _Sight(code, version, verdict, *own)
        page = self._pages.get(sight.name)
        if page is None:
            return HotLook(sight=sight)  # the view counts it
        is_within = await self._count(question, version)
        if is_within is None:
            return HotLook()
        if not is_within:
            sight = _Sight(code, version, verdict, *own, is_over=True)
            return HotLook(self._pages.get(sight.name), sight)
        self._note(version[0])
        return HotLook(page)

    async def remember(self, sight: object, page: HotPage) -> None:
        """Django's answer, unless something changed while it was made."""
        if not isinstance(sight, _Sight) or page.status != sight.status:
            return
        now = None if sight.is_over else await self._versions.ask(sight.code)
        if sight.is_over or (now is not None and now[:-1] == sight.version[:-1]):
            _keep(self._pages, sight.name, page, _PAGES)

    # --- One question --------------------------------------------------------------------------

    async def _verdict(self, code: str, version: _Version) -> Hashable:
        """None where it cannot be had now. It may be newer than the version, which is then gone."""
        if version[0] is NOBODYS:
            return NOBODYS
        verdict = self._verdicts.get(version)
        if verdict is None:
            verdict = await self._judged.ask(code)
            if verdict is not None:
                _keep(self._verdicts, version, verdict, _VERDICTS)
        return verdict

    async def _count(self, question: HotQuestion, version: _Version) -> bool | None:
        purse = purse_of(self._secret, question.network, question.at)
        return await self._counted.ask((purse, NOT_FOUND if version[0] is NOBODYS else FOUND))

    def _note(self, rows: Rows) -> None:
        """Count the check, for its holder; what was noted is written every few seconds."""
        if rows.certificate_id is not None:
            note(rows.certificate_id, Way.PAGE)
        now = time.monotonic()
        if now - self._notes_written_at > _WRITE_NOTES:
            self._notes_written_at = now
            self._thread.submit(self._write_notes)

    # --- Many at once --------------------------------------------------------------------------

    async def _versions_of(self, codes: Sequence[str]) -> list[_Version]:
        published, minute = self._published(), int(time.monotonic()) // _LOOK_AGAIN
        return [(each, published, minute) for each in await self._looking.rows_of(codes)]

    async def _judgements(self, codes: Sequence[str]) -> Sequence[Hashable]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._judge, codes)


def _keep(kept: dict[Any, Any], name: Hashable, what: object, most: int) -> None:
    """The oldest go first."""
    while len(kept) >= most:
        kept.pop(next(iter(kept)))
    kept[name] = what
