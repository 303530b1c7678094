"""The whole rehearsal, in an installation of its own: killed, continued, repeated."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

STEPS_BEFORE_THE_KILL = 4
COUNTS = (
    "provinces",
    "communes",
    "people",
    "classes",
    "bridge_points",
    "roll_marks",
    "attempts",
    "certificates",
    "certificates_verified",
    "units_with_coverage",
)


@pytest.fixture
def home():
    """A data folder outside pytest's own: each session of pytest closes that one to other users,
    and for root the database runs as another user."""
    with TemporaryDirectory(prefix="hocvu-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "home"


def rehearsal(home, *arguments):
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"HOCVU_HOME": str(home), "NO_COLOR": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "hocvu", "rehearse", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def report_of(home):
    file = home / "report.json"
    started = time.monotonic()
    assert rehearsal(home, "--report", str(file)).wait(timeout=600) == 0
    report = json.loads(file.read_text())
    return {name: report[name] for name in COUNTS}, time.monotonic() - started


def steps_done(home):
    try:
        with closing(
            psycopg.connect(f"postgresql://postgres@/postgres?host={home}/postgres")
        ) as db:
            row = db.execute("SELECT count(*) FROM audit_auditentry WHERE act = 'rehearsal_step'")
            (count,) = row.fetchone()
            return count
    except psycopg.Error:
        return 0


def test_a_killed_rehearsal_goes_on_and_a_second_one_changes_nothing(home):
    killed = rehearsal(home)
    while steps_done(home) < STEPS_BEFORE_THE_KILL:
        assert killed.poll() is None
        time.sleep(0.2)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL

    report, seconds = report_of(home)

    assert report["provinces"] == 34
    assert report["communes"] == 3_321
    assert report["people"] >= 20_000
    assert report["bridge_points"] >= 3_321
    assert report["certificates"] == report["certificates_verified"] > 0
    assert report["units_with_coverage"] >= 3_321

    again, seconds_again = report_of(home)

    assert again == report
    assert seconds_again < seconds / 2
