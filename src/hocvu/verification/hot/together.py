"""Questions of many at once, asked together: what waits while some are answered is asked next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

_log = structlog.get_logger("hocvu.verification")

_MOST_AT_ONCE = 200
_MOST_WAITING = 2_000

Q = TypeVar("Q")
A = TypeVar("A")


class Together(Generic[Q, A]):
    """`answer_all` answers many questions in their order; None is told where it cannot."""

    def __init__(self, answer_all: Callable[[Sequence[Q]], Awaitable[Sequence[A]]]) -> None:
        self._answer_all = answer_all
        self._waiting: list[tuple[Q, asyncio.Future[A | None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A | None:
        """The answer; None where it cannot be had now, or too many wait."""
        if len(self._waiting) >= _MOST_WAITING:
            return None
        loop = asyncio.get_running_loop()
        told: asyncio.Future[A | None] = loop.create_future()
        self._waiting.append((question, told))
        if self._asking is None:
            self._asking = loop.create_task(self._run())
        return await told

    async def _run(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # whoever asks at this moment comes along
                batch = self._waiting[:_MOST_AT_ONCE]
                self._waiting = self._waiting[_MOST_AT_ONCE:]
                answers = await self._answers([question for question, _told in batch])
                for (_question, told), answer in zip(batch, answers, strict=True):
                    if not told.done():  # who has gone away hears nothing
                        told.set_result(answer)
        finally:
            self._asking = None

    async def _answers(self, questions: Sequence[Q]) -> Sequence[A | None]:
        try:
            return await self._answer_all(questions)
        except Exception:  # noqa: BLE001 — whoever waits is told, and so is the log
            _log.exception("not_answered_together", questions=len(questions))
            return [None] * len(questions)
