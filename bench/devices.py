"""Many devices at once, in a process of their own: `python -m bench.devices < plan > seen`.

It has to be light, because it shares two cores with the server it measures: one loop, one socket
for each device, requests put together from bytes, replies read just as far as needed.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import cycle

_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nX-CSRFToken: {csrf}\r\n"
    "Cookie: {cookies}\r\nContent-Length: "
)
_OK = 200


@dataclass(frozen=True)
class Device:
    """A device at an attempt: its address, who it is, and what it can answer."""

    path: str
    cookies: str
    csrf: str
    questions: list[tuple[int, str]]  # (question, one of its options)


@dataclass(frozen=True)
class Plan:
    """How long the devices answer, and how often: `every` seconds, or 0 for without a pause."""

    port: int
    devices: list[Device]
    seconds: float
    every: float = 0.0
    first_sequence: int = 1


@dataclass
class Seen:
    """Milliseconds each answer took to be acknowledged, and what else was replied."""

    lasted: float = 0.0
    took: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)


class _Line(asyncio.Protocol):
    """One device: the next answer goes out when the last one was replied to and it is time."""

    def __init__(self, plan: Plan, device: Device, number: int, run: "_Run") -> None:
        self._plan, self._run = plan, run
        head = _HEAD.format(
            path=device.path, port=plan.port, csrf=device.csrf, cookies=device.cookies
        )
        self._head = head.encode()
        self._questions = cycle(
            [f"question={q}&chosen={option}&sequence=".encode() for q, option in device.questions]
        )
        self._sequence = plan.first_sequence
        self._number = number
        self._transport: asyncio.Transport | None = None
        self._sent_at = 0.0
        self._reply = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._run.connected(self)

    def answer(self) -> None:
        if self._transport is None or self._run.is_over:
            return
        self._sequence += 1
        # A UUID of version 4 by its looks; unique by device and sequence.
        name = f"{self._number:08x}-0000-4000-8000-{self._sequence:012x}"
        body = b"%b%d&client_id=%b" % (next(self._questions), self._sequence, name.encode())
        self._sent_at = time.perf_counter()
        self._transport.write(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))

    def data_received(self, received: bytes) -> None:
        self._reply += received
        head, gap, body = self._reply.partition(b"\r\n\r\n")
        if not gap or len(body) < length_in(head):
            return
        now = time.perf_counter()
        self._reply = b""
        self._run.replied(int(head[9:12]), (now - self._sent_at) * 1000)
        if self._plan.every:
            pause = max(0.0, self._sent_at + self._plan.every - now)
            asyncio.get_running_loop().call_later(pause, self.answer)
        else:
            self.answer()

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None
        if not self._run.is_over:
            self._run.replied(0, 0.0)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def length_in(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])


class _Run:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.is_over = False
        self._lines: list[_Line] = []
        self._took: list[float] = []
        self._refused: Counter[str] = Counter()

    def connected(self, line: _Line) -> None:
        self._lines.append(line)

    def replied(self, status: int, took: float) -> None:
        if status == _OK:
            self._took.append(took)
        else:
            self._refused[str(status)] += 1

    async def run(self) -> Seen:
        loop = asyncio.get_running_loop()
        for number, device in enumerate(self._plan.devices):
            await loop.create_connection(
                lambda d=device, n=number: _Line(self._plan, d, n, self),  # type: ignore[misc]
                "127.0.0.1",
                self._plan.port,
            )
        started = time.perf_counter()
        for number, line in enumerate(self._lines):
            offset = self._plan.every * number / len(self._lines)
            loop.call_later(offset, line.answer)
        await asyncio.sleep(self._plan.seconds)
        self.is_over = True
        lasted = time.perf_counter() - started
        for line in self._lines:
            line.close()
        return Seen(lasted, self._took, dict(self._refused))


def main() -> None:
    given = json.load(sys.stdin)
    devices = [Device(**each) for each in given.pop("devices")]
    seen = asyncio.run(_Run(Plan(devices=devices, **given)).run())
    json.dump(asdict(seen), sys.stdout)


if __name__ == "__main__":
    main()
