"""Certificates: typeset, signed, registered; then verified by code, by file, and all at once."""

from datetime import date
from functools import partial
from http import HTTPStatus

from django.urls import reverse
from django.utils import timezone

from bench import issuing, register_log, scenes, signing, verification_pages, verifying
from bench.measuring import Measurement, expect, milliseconds, seconds
from hocvu.classes.actions import close_class, enrol_learners
from hocvu.credentials.models import Certificate
from hocvu.exams.actions import take_in_answer_sheets
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.time import day_of
from hocvu.people.models import Role
from hocvu.recognition.actions import approve_proposal, approve_results, propose_decision
from hocvu.recognition.models import RecognitionDecision
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.trust.queries.believed import trusted_roots
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Verdict
from hocvu_verifier import verify_pdf

_CERTIFICATES = 1_500
_RUNS = 2
_WARM_UP = 100
_CHECKED = 200


def measure() -> list[Measurement]:
    scenes.prepared()
    people = scenes.people_of_communes(1)
    issuing.issue(_decision(_RUNS + 1, people[-_WARM_UP:])[1])
    decided, spent = [], []
    for run in range(_RUNS):
        learners = people[run * _CERTIFICATES : (run + 1) * _CERTIFICATES]
        took, decision = _decision(run + 1, learners)
        decided.append(took)
        spent.append(issuing.issue(decision))
    expect("certificates", Certificate.objects.count(), _RUNS * _CERTIFICATES + _WARM_UP)
    scenes.settle()
    return [
        Measurement(f"recognition decision with a list of {_CERTIFICATES:,}", tuple(decided)),
        *issuing.measurements(spent),
        *_verification(),
        *signing.measurements(),
        *register_log.measurements(),
        *verifying.measurements(),
        *verification_pages.measurements(),
    ]


def _decision(number: int, learners: list[int]) -> tuple[float, RecognitionDecision]:
    """A class in which everybody earned recognition, and the decision that says so."""
    officer = scenes.officer(Role.TRAINING_OFFICER)
    registrar = scenes.officer(Role.REGISTRAR)
    training_class = scenes.class_held("ai-automation-state-agencies", f"BENCH-{number}", officer)
    enrol_learners(training_class, dict.fromkeys(learners), by=officer, at=timezone.now())
    scenes.hold_everything(training_class, officer, present=1.0)
    sitting = scenes.test_offered(training_class, officer)
    sheets = scenes.faultless_sheets(sitting)
    take_in_answer_sheets(sitting, sheets, by=officer, at=timezone.now())
    close_class(training_class, by=officer, at=timezone.now())
    text = DecisionText(
        number=number,
        symbol="QĐ-TCT",
        decided_on=_today(),
        place="Hải Phòng",
        capacity="KT. HIỆU TRƯỞNG",
        signer_title="PHÓ HIỆU TRƯỞNG",
        signer_name="Lương Khánh Bách",
    )

    def decide() -> None:
        now = timezone.now()
        approve_results(training_class, by=registrar, at=now)
        proposal = propose_decision(training_class, text, by=registrar, at=now)
        approve_proposal(proposal, by=scenes.officer(Role.LEADER), at=now)

    took = seconds(decide)
    decision = RecognitionDecision.objects.get(training_class=training_class)
    expect("people recognised", decision.learner_count, len(learners))
    return took, decision


def _today() -> date:
    return day_of(timezone.now())


def _verification() -> list[Measurement]:
    some = list(Certificate.objects.order_by("pk")[:_CHECKED])
    files = [bytes(each.file) for each in some]
    verdicts = {check_file(file).verdict for file in files}
    expect("verdicts", verdicts, {Verdict.VALID})
    by_file = milliseconds(partial(check_file, file) for file in files)
    roots = trusted_roots()
    signature = milliseconds(partial(verify_pdf, file, trusted_roots=roots) for file in files)
    page = milliseconds(partial(_see, number, each) for number, each in enumerate(some))
    audits = tuple(seconds(lambda: expect("findings", audit_register(), [])) for _ in range(2))
    entries = Certificate.objects.count()
    return [
        Measurement("verification page by code: server time", page, "ms"),
        Measurement("one file verified against signature, record and log", by_file, "ms"),
        Measurement(
            "files verified in a second, one after another",
            tuple(1000 / each for each in by_file),
            "files/s",
        ),
        Measurement("one file verified by the stand-alone verifier", signature, "ms"),
        Measurement(f"whole register of {entries:,} entries held against its log", audits),
        Measurement("size of a certificate", tuple(len(file) / 1024 for file in files), "KiB"),
    ]


def _see(number: int, certificate: Certificate) -> None:
    """Somebody asks for this certificate's page, everybody from an address of their own."""
    address = reverse("verification:code", args=[certificate.verification_code])
    answer = scenes.browser().get(address, REMOTE_ADDR=f"192.0.2.{number % 250}")
    expect("page", answer.status_code, HTTPStatus.OK)
