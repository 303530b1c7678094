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

NEW_ROOMS = """
import json
from hocvu.config import start

start.set_up()

from hocvu.credentials.models import Certificate
from hocvu.exams.models import Attempt, ExamRoom, Sitting
from hocvu.marking.queries.waiting import answers_waiting
from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting, CutScore
from hocvu.measurement.queries.scales import newest_approved
from hocvu.people.models import Account, Person
from hocvu.questions.models import BankImport
from hocvu.situations.models import Exercise, Run

rooms = Sitting.objects.get(is_supervised=True)
offered = AdaptiveSitting.objects.get()
print(json.dumps({
    "teachers": Account.objects.filter(username="giangvien").count(),
    "rooms": ExamRoom.objects.filter(sitting=rooms).count(),
    "points": rooms.training_class.bridge_points.count(),
    "writing": Attempt.objects.filter(sitting=rooms, handed_in_at=None).count(),
    "essays": answers_waiting().count(),
    "files": BankImport.objects.filter(taken_at=None, given_up_at=None).count(),
    "exercises": Exercise.objects.count(),
    "runs": Run.objects.filter(finished_at__isnull=False).count(),
    "calibrated": newest_approved(offered.test.scale_id) is not None,
    "lines": CutScore.objects.filter(scale=offered.test.scale).count(),
    "measured": AdaptiveRun.objects.filter(ended_at__isnull=False).count(),
    "levels": AdaptiveRun.objects.exclude(level="").count(),
    "own": Certificate.objects.filter(entry__person__account__username="hocvien").count(),
    "born_somewhere": Person.objects.exclude(birth_place="").count(),
    "minority": Person.objects.exclude(ethnic_group__in=("", "01")).count(),
}))
"""


@pytest.fixture
def home():
    """A data folder outside pytest's own: each session of pytest closes that one to other users,
    and for root the database runs as another user."""
    with TemporaryDirectory(prefix="hocvu-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "home"


def environment_of(home):
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return environment | {"HOCVU_HOME": str(home), "NO_COLOR": "1", "HOCVU_LOG": "WARNING"}


def rehearsal(home, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "hocvu", "rehearse", *arguments],
        env=environment_of(home),
        stdout=subprocess.DEVNULL,
    )


def new_rooms_of(home):
    command = [sys.executable, "-c", NEW_ROOMS]
    told = subprocess.run(command, env=environment_of(home), capture_output=True, check=True)
    return json.loads(told.stdout.splitlines()[-1])


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

    rooms = new_rooms_of(home)
    assert rooms["teachers"] == 1
    assert rooms["rooms"] == rooms["points"] > 100
    assert rooms["writing"] >= 1
    assert rooms["essays"] >= 1
    assert rooms["files"] == 1
    assert rooms["exercises"] == 2
    assert rooms["runs"] >= 10
    assert rooms["calibrated"]
    assert rooms["lines"] == 4
    assert rooms["measured"] >= 1
    assert rooms["levels"] >= 1
    assert rooms["own"] == 1
    assert rooms["born_somewhere"] == report["people"]
    assert report["people"] * 0.1 < rooms["minority"] < report["people"] * 0.2

    again, seconds_again = report_of(home)

    assert again == report
    assert new_rooms_of(home) == rooms
    assert seconds_again < seconds / 2
