"""Processes that are killed, and processes that issue at the same time: real ones."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from credentials.recognition_scene import NOON, approver_of, decide, make_person, propose
from hocvu.credentials.actions import issue_certificates
from hocvu.credentials.actions.issuing import finish_issuing
from hocvu.credentials.models import Certificate, LogCheckpoint, RegisterEntry
from hocvu.inspection.queries.register import audit_register
from hocvu.recognition.actions import approve_proposal
from hocvu.recognition.models import DecisionEntry
from hocvu.verification.queries.verification import check_code
from hocvu.verification.rules.verdicts import Verdict

pytestmark = pytest.mark.django_db(transaction=True)
SIGNER = Path(__file__).parent / "signing_process.py"
LEARNERS = 9


@pytest.fixture
def decision(hold, ward, registrar):
    held = hold([make_person(f"Lê Văn Số {number}", ward) for number in range(LEARNERS)])
    return decide(held, registrar)


def start(tmp_path, die=""):
    """A process of its own that signs the decision, two certificates a batch."""
    named = connection.settings_dict
    address = f"postgresql://{named['USER']}@/{named['NAME']}?host={named['HOST']}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "HOCVU_HOME": str(tmp_path),
        "HOCVU_LOG": "ERROR",
    }
    return subprocess.Popen([sys.executable, SIGNER, die], env=environment)


def numbers():
    given = Certificate.objects.order_by("register_number")
    return list(given.values_list("register_number", flat=True))


def is_whole():
    """Every certificate stands in the register and in the log, and no number is missing."""
    count = Certificate.objects.count()
    assert numbers() == list(range(1, count + 1))
    assert RegisterEntry.objects.count() == count
    assert max(LogCheckpoint.objects.values_list("size", flat=True), default=0) == count
    return audit_register() == []


def are_valid():
    codes = Certificate.objects.values_list("verification_code", flat=True)
    return {check_code(code).verdict for code in codes} == {Verdict.VALID}


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        ("between batches", 4),
        ("before the commit", 0),
        ("while entering the log", 0),
        ("before publishing", 2),
    ],
)
def test_a_killed_process_leaves_every_certificate_whole_or_not_at_all(
    decision, registrar, tmp_path, moment, left
):
    assert start(tmp_path, die=moment).wait(timeout=120) == 9
    assert Certificate.objects.count() == left
    assert is_whole()

    issue_certificates(decision, by=registrar, at=timezone.now())

    assert numbers() == list(range(1, LEARNERS + 1))
    assert is_whole()
    assert are_valid()


def test_processes_killed_at_random_moments_end_with_everybody_and_no_gap(decision, tmp_path):
    chance = Random(1945)
    for _kill in range(3):
        process = start(tmp_path)
        time.sleep(chance.uniform(1.0, 4.0))  # while it starts, signs or publishes
        process.kill()
        process.wait()
        assert is_whole()

    finish_issuing(0)

    assert numbers() == list(range(1, LEARNERS + 1))
    assert is_whole()
    assert are_valid()


def test_two_processes_at_once_leave_no_gap_and_give_no_number_twice(decision, tmp_path):
    processes = [start(tmp_path), start(tmp_path)]
    finish_issuing(0)  # and a third one: this

    assert [process.wait(timeout=180) for process in processes] == [0, 0]
    assert numbers() == list(range(1, LEARNERS + 1))
    assert not DecisionEntry.objects.filter(certificate=None).exists()
    assert is_whole()
    assert are_valid()


def test_two_approvals_at_once_make_one_decision(hold, ward, registrar):
    held = hold([make_person("Lê Văn Một", ward)])
    proposal, approver = propose(held, registrar), approver_of(held)

    def press(_number):
        try:
            return approve_proposal(proposal, by=approver, at=NOON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        decided = set(threads.map(press, range(2)))

    assert len(decided) == 1
    assert DecisionEntry.objects.count() == 1
