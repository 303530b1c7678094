"""What is done to a server while people answer: processes killed without a word."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

_LOOK_EVERY = 0.1  # seconds
_PROC = Path("/proc")


def web_workers(server: int) -> list[int]:
    """The web processes of a server: forks of it, so they carry its own command line."""
    own = (_PROC / str(server) / "cmdline").read_bytes()
    return [
        child for child in _children(server) if (_PROC / str(child) / "cmdline").read_bytes() == own
    ]


def _children(process: int) -> list[int]:
    tasks = (_PROC / str(process) / "task").iterdir()
    return [int(each) for task in tasks for each in (task / "children").read_text().split()]


def kill_a_web_worker(server: int) -> None:
    workers = web_workers(server)
    if workers:
        with suppress(ProcessLookupError):
            os.kill(workers[int(time.monotonic() * 10) % len(workers)], signal.SIGKILL)


def kill_the_database(folder: Path) -> None:
    """The postmaster itself; its children end when they notice."""
    with suppress(OSError):  # it is down already
        process = int((folder / "postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGKILL)


@dataclass
class Disasters:
    """One after the other, each once so much has been done since the last one; then no more."""

    kinds: Sequence[Callable[[], None]]
    done: Callable[[], int]
    step: int
    most: int = 1_000
    happened: int = 0

    async def happen(self) -> None:
        done_then = 0
        for act in cycle(self.kinds):
            while self.done() < done_then + self.step:  # noqa: ASYNC110 — a count, not an event
                await asyncio.sleep(_LOOK_EVERY)
            if self.happened == self.most:
                return
            done_then = self.done()
            act()
            self.happened += 1
