"""What the database is asked: the state of certificates' rows, and what each address has spent."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import AsyncConnection

from hocvu.verification.rules.allowances import Purse
from hocvu.verification.rules.states import JOINED, NOBODYS, REGISTER_STATE, STATE, Found

_LOOK = f"""
    SELECT c.verification_code, register.state, c.id, {STATE}
    FROM ({REGISTER_STATE}) register CROSS JOIN {JOINED}
    WHERE c.verification_code = ANY(%(codes)s::text[])
""".encode()  # noqa: S608 — put together from constants
_COUNT = b"""
    INSERT INTO verification_spentallowance AS held (key, minute, spent)
    SELECT * FROM unnest(%(keys)s::bytea[], %(minutes)s::bigint[], %(costs)s::bigint[]) asked
    ORDER BY 1
    ON CONFLICT (key) DO UPDATE SET spent = held.spent + excluded.spent
    RETURNING key, spent
"""


class Asking:
    """One connection in autocommit, opened by `connect` and opened again should it break."""

    def __init__(self, connect: Callable[[], Awaitable[AsyncConnection[Any]]]) -> None:
        self._connect = connect
        self._connection: AsyncConnection[Any] | None = None

    async def find(self, codes: Sequence[str]) -> list[Found]:
        """What stands under each code; one statement."""
        rows = await self._rows(_LOOK, {"codes": list(dict.fromkeys(codes))})
        found = {code: Found(*more) for code, *more in rows}
        return [found.get(code, NOBODYS) for code in codes]

    async def count(self, spending: Sequence[tuple[Purse, int]]) -> list[bool]:
        """Count each cost; whether it was still within its purse. One statement."""
        costs: defaultdict[Purse, int] = defaultdict(int)
        for purse, cost in spending:
            costs[purse] += cost
        keys = [purse.key for purse in costs]  # ordered by the statement: no two processes
        minutes = [purse.minute for purse in costs]  # wait for each other's rows
        asked = {"keys": keys, "minutes": minutes, "costs": list(costs.values())}
        spent = {bytes(key): spent for key, spent in await self._rows(_COUNT, asked)}
        so_far = {purse: spent[purse.key] - cost for purse, cost in costs.items()}
        within = []
        for purse, cost in spending:
            so_far[purse] += cost
            within.append(so_far[purse] <= purse.budget)
        return within

    async def hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                await connection.close()

    async def _rows(self, statement: bytes, values: dict[str, object]) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = await self._connect()
            # A plan for lists of any length is good enough here; making one costs more.
            await self._connection.execute("SET plan_cache_mode = force_generic_plan")
        try:
            cursor = await self._connection.execute(statement, values, prepare=True)
            return await cursor.fetchall()
        except psycopg.OperationalError:
            await self.hang_up()
            raise
