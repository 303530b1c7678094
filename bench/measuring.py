"""What a measurement is, how it is taken, printed and kept."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Measurement:
    """One claim: what was seen in every run, and the figure it is held against, if any."""

    claim: str
    values: tuple[float, ...]
    unit: str = "s"
    against: float | None = None
    at_least: bool = False  # otherwise: at most

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def ratio(self) -> float | None:
        """Value to claim."""
        return None if self.against is None else self.value / self.against

    @property
    def holds(self) -> bool | None:
        if self.against is None:
            return None
        return self.value >= self.against if self.at_least else self.value <= self.against

    def as_dict(self, machine: str, at: datetime) -> dict[str, object]:
        return {
            "claim": self.claim,
            "value": _rounded(self.value),
            "unit": self.unit,
            "against": self.against,
            "ratio": None if self.ratio is None else _rounded(self.ratio),
            "machine": machine,
            "at": at.isoformat(timespec="seconds"),
            "load": busy(),
            "bound": None if self.against is None else "at least" if self.at_least else "at most",
            "holds": self.holds,
            "runs": len(self.values),
            "min": _rounded(min(self.values)),
            "median": _rounded(self.value),
            "max": _rounded(max(self.values)),
            "values": [_rounded(each) for each in self.values[:_MOST_VALUES]],
        }


class NotAsExpected(Exception):
    """The work did not come out as it should have: a time of it would mean nothing."""


def expect(what: str, found: object, wanted: object) -> None:
    """Refuse to report a time for work that was not done."""
    if found != wanted:
        raise NotAsExpected(f"{what}: {found!r}, expected {wanted!r}")


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def milliseconds(acts: Iterable[Callable[[], object]], *, warm_up: int = 3) -> tuple[float, ...]:
    """How long each took; the first few only fill caches."""
    taken = tuple(seconds(act) * 1000 for act in acts)
    return taken[warm_up:]


def machine() -> str:
    """What everything ran on; no names of hosts."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} × {_processor()}, {memory:.0f} GiB, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}"
    )


def busy() -> float:
    """Processes that wanted a core in the last five minutes; many more than cores spoil a time."""
    return round(os.getloadavg()[1], 1)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def write(
    name: str,
    measurements: Sequence[Measurement],
    *,
    machine: str,
    at: datetime,
    folder: Path = RESULTS,
) -> Path:
    """Replace the results of this name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    found = [each.as_dict(machine, at) for each in measurements]
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def show(name: str, measurements: Sequence[Measurement]) -> None:
    table = Table(title=name, title_justify="left", title_style="bold")
    table.add_column("claim", ratio=1)
    for heading in ("median", "min – max", "runs", "against", "ratio", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in measurements:
        bound = "≥" if each.at_least else "≤"
        table.add_row(
            each.claim,
            f"{_short(each.value)} {each.unit}",
            f"{_short(min(each.values))} – {_short(max(each.values))}",
            str(len(each.values)),
            "–" if each.against is None else f"{bound} {_short(each.against)}",
            "–" if each.ratio is None else f"{each.ratio:.2f}",
            {None: "", True: "holds", False: "MISSED"}[each.holds],
        )
    table.caption = f"{machine()}; {busy()} processes wanted a core"
    table.caption_justify = "left"
    Console(width=None if os.isatty(1) else 130).print(table)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}") if abs(value) < _WHOLE else round(value)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.3g}"


_MOST_VALUES = 10
_WHOLE = 10_000
_LARGE = 1_000
