"""`GET /v/<code>` as the edge meets it."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeAlias

from psycopg import AsyncConnection

from hocvu.kernel.hot import HotLook, HotPage, HotQuestion
from hocvu.verification.hot.asking import Asking
from hocvu.verification.hot.together import Together
from hocvu.verification.rules.allowances import FOUND, NOT_FOUND, purse_of
from hocvu.verification.rules.checks import Way, note
from hocvu.verification.rules.questions import code_meant
from hocvu.verification.rules.states import NOBODYS, Found
from hocvu.verification.rules.verdicts import NEVER_HEARD_OF, Verification

_VERDICTS = 16_384
_WRITE_NOTES = 10.0  # seconds
_LOOK_AGAIN = 60  # seconds: then every certificate is judged anew, whatever its state

# Everything a verdict rests on: the rows, what is published and trusted, and the minute.
_Version: TypeAlias = tuple[Found, Hashable, int]


@dataclass(frozen=True, slots=True)
class _Sight:
    """Which answers have the same headers but for what follows from the page itself."""

    language: str
    carries_cookies: bool
    is_over: bool = False  # too much was asked from this address: a page for everybody

    @property
    def status(self) -> int:
        return HTTPStatus.TOO_MANY_REQUESTS if self.is_over else HTTPStatus.OK


class VerdictPath:
    """`connect` opens a connection in autocommit; `secret` is what purses are named with.

    `published` says in which state the published log and the trust are; `judge` gives the verdict
    on each certificate found, and `write_notes` writes down what was noted, both in a thread.
    `show` makes a verdict's page in a language, and its entity tag. What stands around a page is
    heard from Django, once for each kind of answer.
    """

    address = re.compile(r"/v/([0-9A-Za-z]{16})/?")

    def __init__(
        self,
        connect: Callable[[], Awaitable[AsyncConnection[Any]]],
        secret: bytes,
        *,
        published: Callable[[], Hashable],
        judge: Callable[[Sequence[Found]], Sequence[Verification]],
        show: Callable[[Verification, str], tuple[bytes, str]],
        write_notes: Callable[[], object] = lambda: None,
    ) -> None:
        self._secret = secret
        self._published = published
        self._judge = judge
        self._show = show
        self._write_notes = write_notes
        self._notes_written_at = time.monotonic()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="verdicts")
        self._looking, self._counting = Asking(connect), Asking(connect)
        self._versions = Together(self._versions_of)
        self._judged = Together(self._judgements)
        self._counted = Together(self._counting.count)
        self._verdicts: dict[_Version, Verification] = {}
        self._heard: dict[_Sight, HotPage] = {}

    async def start(self) -> None:
        """Nothing to do: the first question opens the connections."""

    async def stop(self) -> None:
        await self._looking.hang_up()
        await self._counting.hang_up()
        self._thread.submit(self._write_notes)
        await asyncio.to_thread(self._thread.shutdown)

    async def look(self, question: HotQuestion) -> HotLook:
        """The page that answers this question now, or which answer of Django's to listen to."""
        sight = _Sight(question.language, question.carries_cookies)
        like_it = self._heard.get(sight)
        if like_it is None:
            return HotLook(sight=sight)  # the view counts it
        version = await self._versions.ask(code_meant(question.subject))
        if version is None:
            return HotLook()
        is_within = await self._count(question, version[0])
        if is_within is False:
            sight = replace(sight, is_over=True)
            return HotLook(self._heard.get(sight), sight)
        verdict = None if is_within is None else await self._verdict(version)
        if verdict is None:
            return HotLook()
        self._note(version[0])
        return HotLook(_with_body(like_it, *self._show(verdict, question.language)))

    async def remember(self, sight: object, page: HotPage) -> None:
        """What Django answered."""
        if isinstance(sight, _Sight) and page.status == sight.status:
            self._heard[sight] = page

    # --- One question --------------------------------------------------------------------------

    async def _verdict(self, version: _Version) -> Verification | None:
        """None where it cannot be had now. It may be newer than the version, which is then gone."""
        if version[0] is NOBODYS:
            return NEVER_HEARD_OF
        verdict = self._verdicts.get(version)
        if verdict is None:
            verdict = await self._judged.ask(version[0])
            if verdict is not None:
                self._keep(version, verdict)
        return verdict

    def _keep(self, version: _Version, verdict: Verification) -> None:
        """The oldest go first."""
        while len(self._verdicts) >= _VERDICTS:
            self._verdicts.pop(next(iter(self._verdicts)))
        self._verdicts[version] = verdict

    async def _count(self, question: HotQuestion, found: Found) -> bool | None:
        purse = purse_of(self._secret, question.network, question.at)
        return await self._counted.ask((purse, NOT_FOUND if found is NOBODYS else FOUND))

    def _note(self, found: Found) -> None:
        """Count the check, for its holder; what was noted is written every few seconds."""
        if found.certificate_id is not None:
            note(found.certificate_id, Way.PAGE)
        now = time.monotonic()
        if now - self._notes_written_at > _WRITE_NOTES:
            self._notes_written_at = now
            self._thread.submit(self._write_notes)

    # --- Many at once --------------------------------------------------------------------------

    async def _versions_of(self, codes: Sequence[str]) -> list[_Version]:
        published, minute = self._published(), int(time.monotonic()) // _LOOK_AGAIN
        return [(each, published, minute) for each in await self._looking.find(codes)]

    async def _judgements(self, found: Sequence[Found]) -> Sequence[Verification]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._judge, found)


def _with_body(like_it: HotPage, body: bytes, tag: str) -> HotPage:
    """The answer that Django would give with this page."""
    own = {b"etag": tag.encode(), b"content-length": str(len(body)).encode()}
    headers = tuple((name, own.get(name, value)) for name, value in like_it.headers)
    return HotPage(like_it.status, headers, body)
