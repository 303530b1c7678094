"""Visitors of pages, in a process of their own: each has an address and a line of its own.

Reads a plan as JSON from its input and writes what was seen to its output.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

_SEPARATOR = b"\r\n\r\n"


@dataclass(frozen=True)
class Plan:
    """`addresses` are asked for one after the other, each once, by so many lines at a time."""

    port: int
    addresses: list[str]
    lines: int


@dataclass(frozen=True)
class Visited:
    lasted: float
    statuses: dict[str, int] = field(default_factory=dict)
    bodies: int = 0  # bytes


async def visit(plan: Plan) -> Visited:
    left = list(reversed(plan.addresses))
    statuses: Counter[str] = Counter()
    sizes: list[int] = []

    async def line(number: int) -> None:
        own = f"127.{1 + number // 65_536}.{number // 256 % 256}.{1 + number % 255}"
        reader, writer = await asyncio.open_connection("127.0.0.1", plan.port, local_addr=(own, 0))
        while left:
            writer.write(
                f"GET {left.pop()} HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\n\r\n".encode()
            )
            head = (await reader.readuntil(_SEPARATOR)).lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            sizes.append(len(await reader.readexactly(length)))
            statuses[head[9:12].decode()] += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(line(number) for number in range(plan.lines)))
    return Visited(time.perf_counter() - began, dict(statuses), sum(sizes))


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(visit(Plan(**json.load(sys.stdin)))))))
