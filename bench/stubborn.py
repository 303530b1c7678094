"""Devices that keep every answer until it is acknowledged, through whatever happens to the server.

They do what the page does: one answer after the other, each with a name and a rising number, sent
again until the receipt comes. What was acknowledged is compared with what is stored.
"""

import asyncio
import json
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from psycopg import Connection

from bench.devices import Device, length_in

_PATIENCE = 10.0  # seconds for a reply
_PAUSES = (0.2, 1.0)  # seconds before an answer is sent again
_HASH_BYTES = 32


@dataclass
class Ledger:
    """What was acknowledged: how often each question of an attempt, and what stood last."""

    answers: Counter[tuple[int, int]] = field(default_factory=Counter)
    last: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    sent: int = 0  # deliveries that left a device, again and again
    cut: int = 0  # lines that a device cut before the reply
    unexpected: Counter[int] = field(default_factory=Counter)

    @property
    def acknowledged(self) -> int:
        return sum(self.answers.values())


@dataclass(frozen=True)
class Hour:
    """What a device does: so many answers, a pause of about so long, a line cut now and then."""

    port: int
    answers: int
    pause: float
    cuts: float = 0.05  # share of deliveries


class Stubborn:
    """One device at one attempt."""

    def __init__(self, device: Device, hour: Hour, ledger: Ledger, chance: random.Random) -> None:
        self._device, self._hour, self._ledger, self._chance = device, hour, ledger, chance
        self._attempt = int(device.path.split("/")[3])
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def live(self) -> None:
        await asyncio.sleep(self._chance.random() * self._hour.pause)
        try:
            for sequence in range(1, self._hour.answers + 1):
                question, option = self._chance.choice(self._device.questions)
                await self._deliver(question, option, sequence)
                await asyncio.sleep(self._hour.pause * (0.5 + self._chance.random()))
        finally:
            self._hang_up()

    async def _deliver(self, question: int, option: str, sequence: int) -> None:
        name = uuid.UUID(int=self._chance.getrandbits(128), version=4)
        body = f"question={question}&chosen={option}&sequence={sequence}&client_id={name}"
        while True:
            with suppress(OSError, EOFError, TimeoutError):
                self._ledger.sent += 1
                status, told = await asyncio.wait_for(self._send(body.encode()), _PATIENCE)
                if status == HTTPStatus.OK:
                    self._ledger.answers[self._attempt, question] += 1
                    self._ledger.last[self._attempt, question] = told
                    return
                if status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    self._ledger.unexpected[status] += 1
            self._hang_up()
            await asyncio.sleep(self._chance.uniform(*_PAUSES))

    async def _send(self, body: bytes) -> tuple[int, dict[str, Any]]:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self._hour.port)
        reader, writer = self._line
        writer.write(self._head(len(body)) + body)
        await writer.drain()
        if self._chance.random() < self._hour.cuts:
            self._ledger.cut += 1
            await asyncio.sleep(self._chance.random() / 20)
            raise ConnectionAbortedError
        head = await reader.readuntil(b"\r\n\r\n")
        content = await reader.readexactly(length_in(head))
        status = int(head[9:12])
        return status, json.loads(content) if status == HTTPStatus.OK else {}

    def _head(self, length: int) -> bytes:
        return (
            f"POST {self._device.path} HTTP/1.1\r\nHost: 127.0.0.1:{self._hour.port}\r\n"
            "Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-CSRFToken: {self._device.csrf}\r\nCookie: {self._device.cookies}\r\n"
            f"Content-Length: {length}\r\n\r\n"
        ).encode()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line[1].transport.abort()
            self._line = None


async def live_through(
    devices: Sequence[Device], hour: Hour, *, seed: int, ledger: Ledger | None = None
) -> Ledger:
    """All devices until every answer of each is acknowledged."""
    ledger = ledger or Ledger()
    await asyncio.gather(
        *(
            Stubborn(device, hour, ledger, random.Random(f"{seed}/{number}")).live()
            for number, device in enumerate(devices)
        )
    )
    return ledger


# --- What is stored -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """Acknowledged deliveries beside stored ones. A chain holds one digest for each of them."""

    acknowledged: int
    stored: int
    lost: int
    doubled: int
    differing: int  # questions for which something else stands than was acknowledged last

    @property
    def is_whole(self) -> bool:
        return self.acknowledged == self.stored and not (
            self.lost or self.doubled or self.differing
        )


def compared(ledger: Ledger, connection: Connection[Any], attempts: Sequence[int]) -> Comparison:
    """Reads every standing answer of these attempts and the length of its chain."""
    rows = connection.execute(
        "SELECT attempt_id, question_id, sequence, chosen, length(earlier) + length(digest)"
        " FROM exams_answer WHERE attempt_id = ANY(%s)",
        [list(attempts)],
    ).fetchall()
    chains = {
        (attempt, question): length // _HASH_BYTES for attempt, question, _, _, length in rows
    }
    stands = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    places = chains.keys() | ledger.answers.keys()
    gaps = [ledger.answers[place] - chains.get(place, 0) for place in places]
    return Comparison(
        acknowledged=ledger.acknowledged,
        stored=sum(chains.values()),
        lost=sum(gap for gap in gaps if gap > 0),
        doubled=-sum(gap for gap in gaps if gap < 0),
        differing=sum(
            stands.get(place) != (told["sequence"], told["chosen"])
            for place, told in ledger.last.items()
        ),
    )
