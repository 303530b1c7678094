"""Ten thousand certificates issued by two worker processes while these and PostgreSQL are killed.

What has to be there in the end: every learner of the decision has one certificate, numbers follow
each other without a gap, every file verifies, every entry is proved to be in the log; and at no
moment did the published log show anything that did not continue what a witness had seen before.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Self, TypeVar, cast

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import OperationalError
from django.urls import reverse
from django.utils import timezone
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

from bench import scenes
from bench.disasters import kill_the_database
from bench.measuring import Measurement, expect
from bench.outsiders import Outsiders
from hocvu.classes.actions import close_class, enrol_learners
from hocvu.config import embedded
from hocvu.credentials.actions import resume_issuing
from hocvu.credentials.models import Certificate, RegisterEntry
from hocvu.credentials.queries.logged import proof_of
from hocvu.credentials.queries.runs import pace_of
from hocvu.exams.actions import take_in_answer_sheets
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.time import day_of
from hocvu.people.models import Person, Role
from hocvu.portable.status import place
from hocvu.recognition.actions import approve_proposal, approve_results, propose_decision
from hocvu.recognition.models import RecognitionDecision
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.register.proof import LogProof, verify_entry
from hocvu.trust.queries.believed import register_keys, trusted_roots
from hocvu_verifier import verify_pdf
from hocvu_verifier.issuers import Issuers
from hocvu_verifier.status import Snapshot, Standing

_LEARNERS = 10_000
_PER_COMMUNE = 4
_WORKERS = 2
_DISASTERS = 24
_LOOK_EVERY = 0.1  # seconds
_LONGEST = 1_200.0  # seconds for all of it
_Answer = TypeVar("_Answer")
_DOWN = (ConnectorException, OperationalError, psycopg.OperationalError, PoolTimeout)


def measure() -> list[Measurement]:
    scenes.prepared()
    return measured(_LEARNERS, _DISASTERS)


def measured(learners: int, disasters: int) -> list[Measurement]:
    """The whole of it for so many learners."""
    decision, registrar = _decision(learners)
    keys = [key.to_text() for key in register_keys()]
    began = time.perf_counter()
    with Outsiders(settings.REGISTER_FOLDER, keys, Path(os.environ["HOCVU_HOME"])) as outsiders:
        killed = _Chaos(decision, registrar, disasters).live_through()
    lasted = time.perf_counter() - began
    expect("what witness and citizen held against the log", outsiders.troubles, [])
    _hold_everything_together(decision, registrar, learners)
    return [
        Measurement("processes killed: workers, PostgreSQL, its backends", (killed,), "times"),
        Measurement(
            "heads of the log the witness looked at meanwhile", (outsiders.looks,), "times"
        ),
        Measurement("audits of the whole log by a citizen meanwhile", (outsiders.audits,), "times"),
        Measurement(
            "certificates, numbered without gap or double, valid, proved to be in the log",
            (Certificate.objects.count(),),
            "certificates",
            against=learners,
            at_least=True,
        ),
        Measurement("all of it lasted", (lasted,)),
    ]


# --- the scene ----------------------------------------------------------------------------------


def _decision(learners: int) -> tuple[RecognitionDecision, Person]:
    """A class in which everybody earned recognition; the approval queues the certificates."""
    officer, registrar = scenes.officer(Role.TRAINING_OFFICER), scenes.officer(Role.REGISTRAR)
    people = scenes.people_of_communes(_PER_COMMUNE)[:learners]
    training_class = scenes.class_held("ai-automation-state-agencies", "CHAOS", officer)
    enrol_learners(training_class, dict.fromkeys(people), by=officer, at=timezone.now())
    scenes.hold_everything(training_class, officer, present=1.0)
    sitting = scenes.test_offered(training_class, officer)
    sheets = scenes.faultless_sheets(sitting)
    take_in_answer_sheets(sitting, sheets, by=officer, at=timezone.now())
    close_class(training_class, by=officer, at=timezone.now())
    now = timezone.now()
    text = DecisionText(
        number=1,
        symbol="QĐ-TCT",
        decided_on=day_of(now),
        place="Hải Phòng",
        capacity="KT. HIỆU TRƯỞNG",
        signer_title="PHÓ HIỆU TRƯỞNG",
        signer_name="Lương Khánh Bách",
    )
    approve_results(training_class, by=registrar, at=now)
    proposal = propose_decision(training_class, text, by=registrar, at=now)
    decision = approve_proposal(proposal, by=scenes.officer(Role.LEADER), at=now)
    expect("people recognised", decision.learner_count, learners)
    scenes.settle()
    return decision, registrar


# --- what happens to it -------------------------------------------------------------------------


class _Company:
    """Two workers and PostgreSQL, started again when they are gone, as `hocvu serve` does it."""

    def __init__(self) -> None:
        self._over = Event()
        self._thread = Thread(target=self._keep_up, name="company", daemon=True)
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.workers = [_started_worker() for _ in range(_WORKERS)]
        self._thread.start()
        return self

    def __exit__(self, *_ended: object) -> None:
        self._over.set()
        self._thread.join()
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait()

    def _keep_up(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            if embedded.is_down():
                with suppress(subprocess.SubprocessError, OSError, AssertionError):
                    embedded.start()
            self.workers = [
                each if each.poll() is None else _started_worker() for each in self.workers
            ]


class _Chaos:
    """What strikes the company, at random moments, while it works."""

    def __init__(self, decision: RecognitionDecision, registrar: Person, most: int) -> None:
        self._decision, self._registrar, self._most = decision, registrar, most
        self._chance = Random(scenes.SEED)
        self._killed = 0

    def live_through(self) -> int:
        """Until everybody has a certificate and nothing waits; how often something was killed."""
        learners = self._decision.learner_count
        give_up_at = time.monotonic() + _LONGEST
        step = max(2, learners // (self._most + 2))
        wanted = self._chance.randrange(step)
        with _Company() as company:
            while (issued := self._issued()) < learners or not _is_published(learners):
                expect("time left", time.monotonic() < give_up_at, wanted=True)
                if wanted <= issued < learners and self._killed < self._most:
                    self._strike(company)
                    wanted = issued + self._chance.randrange(1, 2 * step)
                time.sleep(_LOOK_EVERY)
        return self._killed

    def _strike(self, company: _Company) -> None:
        """Anywhere in a batch, not only where one was just committed."""
        time.sleep(self._chance.uniform(0.0, 0.4))
        kinds: Sequence[Callable[[], None]] = (
            lambda: self._chance.choice(company.workers).kill(),
            lambda: self._chance.choice(company.workers).kill(),
            lambda: kill_the_database(_database()),
            _kill_a_backend,
        )
        self._chance.choice(kinds)()
        self._killed += 1
        self._go_on()

    def _go_on(self) -> None:
        """The registrar presses the button of the decision's page, as soon as a page answers."""
        _when_it_answers(
            lambda: resume_issuing(self._decision, by=self._registrar, at=timezone.now())
        )

    def _issued(self) -> int:
        given = Certificate.objects.filter(entry__decision=self._decision)
        return _when_it_answers(given.count)


def _when_it_answers(ask: Callable[[], _Answer]) -> _Answer:
    """The database's answer, as soon as there is one. No pool is waited for: it gives up late."""
    while True:
        try:
            if not embedded.is_down():
                return ask()
        except _DOWN:
            pass
        connection.close()
        cast(DatabaseWrapper, connection).close_pool()
        time.sleep(_LOOK_EVERY)


def _is_published(entries: int) -> bool:
    checkpoint = settings.REGISTER_FOLDER / "checkpoint"
    listed = settings.REGISTER_FOLDER / "status" / "revocation" / "1"
    size = int(checkpoint.read_text().split("\n")[1]) if checkpoint.exists() else 0
    return size == entries and listed.exists()


def _started_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "hocvu", "worker", "--lane", "long"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _kill_a_backend() -> None:
    """One process of PostgreSQL, in the middle of whatever it does; the others then stop too."""
    with suppress(*_DOWN, ProcessLookupError), psycopg.connect(os.environ["DATABASE_URL"]) as own:
        busy = own.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid() ORDER BY state = 'active' DESC, random() LIMIT 1"
        ).fetchone()
        if busy:
            os.kill(int(busy[0]), signal.SIGKILL)


def _database() -> Path:
    return Path(settings.DATABASES["default"]["HOST"])


# --- what has to be true in the end -------------------------------------------------------------


def _hold_everything_together(
    decision: RecognitionDecision, registrar: Person, learners: int
) -> None:
    given = Certificate.objects.order_by("register_number")
    numbers = list(given.values_list("register_number", flat=True))
    expect("register numbers", numbers, list(range(1, learners + 1)))
    expect("lines with a certificate", given.values("entry").distinct().count(), learners)
    entries = RegisterEntry.objects.order_by("leaf_index").values_list("leaf_index", flat=True)
    expect("places in the log", list(entries), list(range(learners)))
    expect("findings of the audit", audit_register(), [])
    _verify_files()
    _prove_entries()
    _hold_status_lists()
    _look_at_the_page(decision, registrar, learners)


def _verify_files() -> None:
    roots = trusted_roots()
    for certificate in Certificate.objects.select_related("form").iterator(chunk_size=500):
        verified = verify_pdf(certificate.file, trusted_roots=roots)
        expect("file", verified.sha256.hex(), certificate.file_sha256)


def _prove_entries() -> None:
    keys = register_keys()
    for entry in RegisterEntry.objects.iterator(chunk_size=500):
        _logged, place = verify_entry(LogProof.from_text(proof_of(entry)), keys)
        expect("place", place.index, entry.leaf_index)


def _hold_status_lists() -> None:
    """Nothing was revoked, and every certificate stands in a list that says so."""
    issuers = Issuers.read((settings.AUTHORITY_FOLDER / "issuers.json").read_text())
    (own,) = {each.did for each in issuers.keys if each.did}
    files = sorted((settings.REGISTER_FOLDER / "status").glob("*/*"))
    snapshot = Snapshot.read("\n".join(each.read_text() for each in files), issuers=issuers)
    given = Certificate.objects.exclude(status_list=None).exclude(status_index=None)
    expect("places in the lists", given.count(), Certificate.objects.count())
    now = datetime.now(UTC)
    for number, index in given.values_list("status_list", "status_index"):
        answer = snapshot.standing_of(own, place(number or 0, index or 0))
        expect("standing", (answer.standing, answer.is_outdated(now)), (Standing.GOOD, False))


def _look_at_the_page(decision: RecognitionDecision, registrar: Person, learners: int) -> None:
    run = pace_of(decision, timezone.now())
    expect("the run", (run.issued, run.missing, run.stopped), (learners, 0, ""))
    address = reverse("recognition:decision", args=[decision.pk])
    page = scenes.browser_of(registrar).get(address)
    expect("page", page.status_code, HTTPStatus.OK)
    expect("page's figure", f"{learners:,}".replace(",", ".") in page.text, wanted=True)
