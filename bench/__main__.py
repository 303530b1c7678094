"""Run measurements, each in a fresh process on a fresh data folder."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.names import NAMES

_LONGEST_STOP = 30.0


def main() -> int:
    wanted = sys.argv[1:] or list(NAMES)
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"There is no measurement called {', '.join(unknown)}.")
        print(f"Choose from: {', '.join(NAMES)}.")
        return 2
    failed = [name for name in wanted if _run(name) != 0]
    if failed:
        print(f"Not measured: {', '.join(failed)}.")
    return 1 if failed else 0


def _run(name: str) -> int:
    """One name in its own process; its data folder is removed whatever happens."""
    with tempfile.TemporaryDirectory(prefix="hocvu-bench-") as folder:
        home = Path(folder)
        environment = {
            key: value
            for key, value in os.environ.items()
            if key not in {"DATABASE_URL", "HOCVU_DEBUG", "HOCVU_SITE", "HOCVU_SECRET_KEY"}
        }
        environment |= {"HOCVU_HOME": folder, "HOCVU_LOG": "WARNING"}
        try:
            command = [sys.executable, "-m", "bench.inside", name]
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            _stop_database(home / "postgres")


def _stop_database(folder: Path) -> None:
    """The server of this folder, if a measurement that failed has left it running."""
    pid_file = folder / "postmaster.pid"
    try:
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    except (OSError, ValueError, IndexError):
        return
    patience = time.monotonic() + _LONGEST_STOP
    while pid_file.exists() and time.monotonic() < patience:
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
