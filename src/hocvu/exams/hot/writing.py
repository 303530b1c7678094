"""Group commit: what waits while one batch is committed makes up the next.

Every delivery is answered once its batch is committed, never before. A batch that fails is written
row by row, so that only what fails by itself is turned away. When the database is gone, whatever
waits is told to come again: nothing of it was promised.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

import psycopg
import structlog
from psycopg import AsyncConnection

from hocvu.exams.hot.fitting import Fitting
from hocvu.exams.rules.delivery import Delivery, Fate, Found, fate_of
from hocvu.exams.rules.receipts import StoredAnswer
from hocvu.exams.rules.statements import KEEP_LATE, LOOK, SAVE, parameters

_log = structlog.get_logger("hocvu.exams")

MOST_WAITING = 5_000  # deliveries; more are told to come again
MOST_AT_ONCE = 500  # rows in a statement
_TRIES = 3
_PAUSE = 0.5  # seconds between attempts to reach the database
_GATHERING = 0.002  # seconds in which a small batch may grow


class Otherwise(Enum):
    """What became of a delivery for which no answer stands."""

    LATE = "late"  # kept aside
    UNSURE = "unsure"  # left to the view
    UNAVAILABLE = "unavailable"  # not written: to be sent again


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands for the question now; the attempt ends then."""

    answer: StoredAnswer
    must_end_at: datetime


Outcome: TypeAlias = Stands | Otherwise


@dataclass(slots=True, eq=False)
class _Waiting:
    delivery: Delivery
    told: "asyncio.Future[Outcome]"
    tries: int = 0

    def tell(self, outcome: Outcome) -> None:
        if not self.told.done():  # a device that has gone away hears nothing
            self.told.set_result(outcome)


class Writer:
    """Writes deliveries over one connection. `connect` opens it, in autocommit."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[AsyncConnection[Any]]],
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._connect = connect
        self._most_waiting = most_waiting
        self._connection: AsyncConnection[Any] | None = None
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._fitting = Fitting()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= self._most_waiting

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Write and answer what waits, then end."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await self._hang_up()

    def write(self, delivery: Delivery) -> "asyncio.Future[Outcome]":
        """Queue a delivery; the future tells what became of it. Check `is_full` before."""
        told: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(delivery, told))
        self._wake.set()
        return told

    # --- The loop ------------------------------------------------------------------------------

    async def _run(self) -> None:
        while self._waiting or not self._stopping:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                if not self._stopping:
                    await asyncio.sleep(_GATHERING)
                continue
            batch = self._next_batch()
            try:
                await self._handle(batch)
            except Exception:  # noqa: BLE001 — the loop must live; who waits is told, and the log too
                _log.exception("answers_not_written", rows=len(batch))
                _tell(batch, Otherwise.UNAVAILABLE)

    def _next_batch(self) -> list[_Waiting]:
        """The first that wait, at most one for each question of an attempt; the rest stays."""
        batch: OrderedDict[tuple[int, int], _Waiting] = OrderedDict()
        rest = []
        for at, each in enumerate(self._waiting):
            if len(batch) == MOST_AT_ONCE:
                rest += self._waiting[at:]
                break
            if each.delivery.place in batch:
                rest.append(each)
            else:
                batch[each.delivery.place] = each
        self._waiting = rest
        return [batch[place] for place in sorted(batch)]  # one order of locks for every process

    async def _handle(self, batch: Sequence[_Waiting]) -> None:
        connection = await self._connected()
        if connection is None:
            _tell([*batch, *self._waiting], Otherwise.UNAVAILABLE)
            self._waiting = []
            await asyncio.sleep(_PAUSE)
            return
        try:
            await self._write(batch, connection)
        except psycopg.Error as failed:
            if connection.broken or connection.closed:
                await self._hang_up()
                _log.warning("answers_not_written", rows=len(batch), error=type(failed).__name__)
                _tell(batch, Otherwise.UNAVAILABLE)
                return
            await self._one_by_one([each for each in batch if not each.told.done()], connection)

    async def _one_by_one(
        self, batch: Sequence[_Waiting], connection: AsyncConnection[Any]
    ) -> None:
        for each in batch:
            try:
                await self._write([each], connection)
            except psycopg.errors.LockNotAvailable:
                each.tell(Otherwise.UNAVAILABLE)
            except psycopg.Error as failed:
                lost = connection.broken or connection.closed
                each.tell(Otherwise.UNAVAILABLE if lost else Otherwise.UNSURE)
                _log.warning(
                    "answer_not_written",
                    attempt_id=each.delivery.attempt_id,
                    error=type(failed).__name__,
                )

    # --- Writing -------------------------------------------------------------------------------

    async def _write(self, batch: Sequence[_Waiting], connection: AsyncConnection[Any]) -> None:
        await self._fitting.learn([each.delivery for each in batch], connection)
        fitting = []
        for each in batch:
            if self._fitting.fits(each.delivery):
                fitting.append(each)
            else:
                each.tell(Otherwise.UNSURE)
        rows = await _rows(connection, SAVE, fitting) if fitting else []
        written = {(row[0], row[1]): row for row in rows}
        left = []
        for each in fitting:
            row = written.get(each.delivery.place)
            if row is None:
                left.append(each)
            else:
                each.tell(Stands(_standing(each.delivery, row[2]), row[3]))
        if left:
            await self._look(left, connection)

    async def _look(self, left: Sequence[_Waiting], connection: AsyncConnection[Any]) -> None:
        """What stands instead of these, or why nothing was written."""
        rows = await _rows(connection, LOOK, left)
        found = {(row[0], row[1]): Found(*row) for row in rows}
        late = []
        for each in left:
            look = found.get(each.delivery.place)
            fate = fate_of(each.delivery, look) if look else None
            if look and fate is Fate.STANDS and look.standing:
                each.tell(Stands(look.standing, look.must_end_at))
            elif fate is Fate.LATE:
                late.append(each)
            elif fate is Fate.AGAIN:
                self._again(each)
            else:
                each.tell(Otherwise.UNSURE)
        if late:
            kept = {(row[0], row[1]) for row in await _rows(connection, KEEP_LATE, late)}
            for each in late:
                name = each.delivery.attempt_id, each.delivery.client_id
                each.tell(Otherwise.LATE if name in kept else Otherwise.UNSURE)

    def _again(self, each: _Waiting) -> None:
        each.tries += 1
        if each.tries < _TRIES:
            self._waiting.insert(0, each)
        else:
            each.tell(Otherwise.UNAVAILABLE)

    # --- The connection ------------------------------------------------------------------------

    async def _connected(self) -> AsyncConnection[Any] | None:
        if self._connection is None:
            try:
                self._connection = await self._connect()
            except psycopg.OperationalError as failed:
                _log.warning("database_out_of_reach", error=type(failed).__name__)
        return self._connection

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                await connection.close()


def _tell(batch: Iterable[_Waiting], outcome: Outcome) -> None:
    for each in batch:
        each.tell(outcome)


def _standing(delivery: Delivery, link: bytes) -> StoredAnswer:
    return StoredAnswer(delivery.question_id, delivery.chosen, delivery.sequence, link)


# The same statements, but columns travel in PostgreSQL's binary form: half the work of text.
_BINARY = {each: each.replace(")s::", ")b::").encode() for each in (SAVE, LOOK, KEEP_LATE)}


async def _rows(
    connection: AsyncConnection[Any], statement: str, batch: Sequence[_Waiting]
) -> list[tuple[Any, ...]]:
    """One statement, prepared once, in a transaction of its own."""
    given = parameters([each.delivery for each in batch])
    cursor = connection.cursor(binary=True)
    await cursor.execute(_BINARY[statement], given, prepare=True)
    return await cursor.fetchall()
