"""One measurement, inside the process and data folder made for it."""

import importlib
import sys
from datetime import UTC, datetime

from bench.measuring import machine, show, write
from bench.names import NAMES, STARTED_FROM_OUTSIDE


def main(name: str) -> int:
    module = NAMES[name]
    if module is None:
        print(f"{name}: not built yet, so there is nothing to measure.")
        return 0
    if name not in STARTED_FROM_OUTSIDE:
        from hocvu.config import start  # noqa: PLC0415 — only where Django is wanted

        start.set_up()
    measurements = importlib.import_module(module).measure()
    at = datetime.now(UTC)
    show(name, measurements)
    print(f"  → {write(name, measurements, machine=machine(), at=at)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
