import gc
import os
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from django.db import transaction
from django.db.utils import IntegrityError
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from credentials.recognition_scene import NOON, TEXT, certify, decide, tamper
from hocvu.audit.models import AuditEntry
from hocvu.credentials.actions import (
    issue_certificates,
    issue_certificates_job,
    issuing,
    resume_issuing,
)
from hocvu.credentials.actions.issuing import finish_issuing
from hocvu.credentials.actions.log import RegisterIsNotWhole
from hocvu.credentials.models import Certificate, LogCheckpoint, RegisterEntry
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.ids import in_groups
from hocvu.recognition.models import DecisionEntry, RecognitionDecision
from hocvu.register.publishing import PublicationWouldMoveBackwards, TreesDisagree
from hocvu.register.tiles import published_checkpoint
from hocvu.verification.queries.verification import check_code
from hocvu.verification.rules.verdicts import Verdict


class PowerCut(Exception):
    pass


@pytest.fixture
def decision(training_class, registrar):
    return decide(training_class, registrar)


def numbers():
    given = Certificate.objects.order_by("register_number")
    return list(given.values_list("register_number", flat=True))


def verdicts():
    codes = Certificate.objects.values_list("verification_code", flat=True)
    return {check_code(code).verdict for code in codes}


# --- whole or not at all ----------------------------------------------------------------------


def test_everybody_in_the_annex_gets_one_certificate(decision, registrar):
    assert issue_certificates(decision, by=registrar, at=NOON) == 3

    serials = Certificate.objects.order_by("pk").values_list("serial_number", flat=True)
    assert list(serials) == [f"TCT-31-2026-{number:06d}" for number in (1, 2, 3)]
    assert verdicts() == {Verdict.VALID}
    assert audit_register() == []


def test_issuing_again_issues_nothing(decision, registrar):
    issue_certificates(decision, by=registrar, at=NOON)

    assert issue_certificates(decision, by=registrar, at=NOON) == 0
    assert numbers() == [1, 2, 3]


def test_progress_is_told_batch_by_batch(decision, registrar, monkeypatch):
    monkeypatch.setattr(issuing, "BATCH", 2)
    told = []

    issue_certificates(decision, by=registrar, at=NOON, progress=told.append)

    assert told == [2, 3]


def test_old_objects_are_kept_from_the_search_for_garbage_only_while_a_run_lasts(
    decision, registrar
):
    kept = []

    def cut(_issued):
        kept.append(gc.get_freeze_count())
        raise PowerCut

    with pytest.raises(PowerCut):
        issue_certificates(decision, by=registrar, at=NOON, progress=cut)

    assert kept[0] > 0
    assert gc.get_freeze_count() == 0


def test_an_interruption_between_batches_leaves_whole_certificates_and_no_gap(
    decision, registrar, monkeypatch
):
    monkeypatch.setattr(issuing, "BATCH", 2)

    def cut(_issued):
        raise PowerCut

    with pytest.raises(PowerCut):
        issue_certificates(decision, by=registrar, at=NOON, progress=cut)
    assert (numbers(), verdicts()) == ([1, 2], {Verdict.VALID})

    issue_certificates(decision, by=registrar, at=NOON)

    assert (numbers(), verdicts()) == ([1, 2, 3], {Verdict.VALID})
    assert audit_register() == []


@pytest.mark.parametrize("act", ["append_to_log", "record", "publish"])
def test_an_interruption_within_a_batch_leaves_nothing_of_it(decision, registrar, monkeypatch, act):
    original = getattr(issuing, act)

    def cut(*arguments, **named):
        original(*arguments, **named)
        raise PowerCut

    monkeypatch.setattr(issuing, act, cut)
    with pytest.raises(PowerCut):
        issue_certificates(decision, by=registrar, at=NOON)
    assert not Certificate.objects.exists()
    assert not RegisterEntry.objects.exists()
    assert not LogCheckpoint.objects.exists()
    monkeypatch.undo()

    issue_certificates(decision, by=registrar, at=NOON)

    assert (numbers(), verdicts(), audit_register()) == ([1, 2, 3], {Verdict.VALID}, [])


def test_what_was_committed_and_not_published_is_published_within_a_minute(
    decision, registrar, monkeypatch
):
    def cut():
        raise PowerCut

    monkeypatch.setattr(issuing, "publish_log", cut)
    with pytest.raises(PowerCut):
        issue_certificates(decision, by=registrar, at=NOON)
    assert verdicts() == {Verdict.UNKNOWN}  # nobody can see it in the public log yet
    monkeypatch.undo()

    finish_issuing(0)

    assert (verdicts(), audit_register()) == ({Verdict.VALID}, [])


def test_a_decision_whose_job_died_is_finished_within_a_minute(decision, registrar):
    finish_issuing(0)

    assert (numbers(), verdicts()) == ([1, 2, 3], {Verdict.VALID})


def test_the_job_behind_a_decision_may_run_any_number_of_times(decision, registrar):
    issue_certificates_job(decision.pk, registrar.pk)
    issue_certificates_job(decision.pk, registrar.pk)

    assert numbers() == [1, 2, 3]


def test_a_registrar_may_start_it_again_and_a_stranger_may_not(decision, registrar, stranger):
    resume_issuing(decision, by=registrar, at=NOON)
    with pytest.raises(NotAllowed):
        resume_issuing(decision, by=stranger, at=NOON)

    assert AuditEntry.objects.filter(act="issuing_resumed").count() == 1


def test_numbers_go_on_in_the_next_decision_of_the_year_and_begin_anew_in_the_next(
    decision, registrar, next_class, later_class
):
    issue_certificates(decision, by=registrar, at=NOON)
    for held, number, year in ((next_class, 8, 2026), (later_class, 1, 2027)):
        day, then = TEXT.decided_on.replace(year=year), NOON.replace(year=year)
        certify(held, registrar, replace(TEXT, number=number, decided_on=day), at=then)

    serials = Certificate.objects.order_by("pk").values_list("serial_number", flat=True)
    assert list(serials)[3:] == ["TCT-31-2026-000004", "TCT-31-2027-000001"]


# --- the log is only ever continued -----------------------------------------------------------


def test_every_head_of_the_log_continues_the_one_before(certificates, settings):
    sizes = list(LogCheckpoint.objects.order_by("size").values_list("size", flat=True))

    assert sizes == [3]
    assert RegisterEntry.objects.count() == 3


@pytest.mark.parametrize(
    "model",
    [RecognitionDecision, DecisionEntry, Certificate, RegisterEntry, LogCheckpoint],
)
def test_no_row_of_the_register_can_be_changed_or_deleted(certificates, model):
    field = next(each for each in model._meta.concrete_fields if not each.primary_key)
    row = model.objects.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field.name: getattr(row, field.attname)})
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete("default")


def test_nothing_is_signed_on_top_of_a_log_shorter_than_the_published_one(
    certificates, registrar, next_class, later_class
):
    certify(next_class, registrar, replace(TEXT, number=8))
    tamper("DELETE FROM credentials_logcheckpoint WHERE size = 4")
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 3")

    with pytest.raises(RegisterIsNotWhole) as refused:
        certify(later_class, registrar, replace(TEXT, number=9))

    assert isinstance(refused.value.__cause__, PublicationWouldMoveBackwards)
    assert LogCheckpoint.objects.count() == 1


def test_nothing_is_signed_on_top_of_an_altered_edge(certificates, registrar, next_class):
    tamper("UPDATE credentials_logcheckpoint SET frontier = set_byte(frontier, 20, 1)")

    with pytest.raises(RegisterIsNotWhole) as refused:
        certify(next_class, registrar, replace(TEXT, number=8))

    assert isinstance(refused.value.__cause__, TreesDisagree)


# --- the file ---------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs Debian's poppler-utils")
@pytest.mark.skipif(shutil.which("certutil") is None, reason="needs Debian's libnss3-tools")
def test_an_independent_validator_finds_every_file_valid(certificates, settings, tmp_path):
    store = tmp_path / "nss"
    store.mkdir()
    root = str(settings.AUTHORITY_FOLDER / "root.crt")
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
    subprocess.run(
        ["certutil", "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-a", "-i", root], check=True
    )
    for certificate in certificates:
        file = tmp_path / f"{certificate.pk}.pdf"
        file.write_bytes(certificate.file)

        said = subprocess.run(
            ["pdfsig", "-nssdir", store, file],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        ).stdout

        assert "Signature is Valid." in said
        assert "Certificate is Trusted." in said
        assert "Total document signed" in said


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs Debian's poppler-utils")
def test_the_printed_words_are_those_of_the_register_in_composed_letters(certificates, tmp_path):
    certificate = certificates[0]
    file = tmp_path / "certificate.pdf"
    file.write_bytes(certificate.file)

    words = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", file, "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert unicodedata.is_normalized("NFC", words)
    for printed in (
        "Phạm Văn Ân",
        "Phường Thủy Nguyên",
        "TRƯỜNG CHÍNH TRỊ MẪU",
        "Lương Khánh Bách",
        "07/QĐ-TCT",
        certificate.serial_number,
        "00001/2026",
        in_groups(certificate.verification_code),
    ):
        assert printed in words


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs Debian's poppler-utils")
def test_the_qr_code_opens_the_page_of_this_very_certificate(certificates, settings, tmp_path):
    certificate = certificates[1]
    file = tmp_path / "certificate.pdf"
    file.write_bytes(certificate.file)

    picture = subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", file],
        check=True,
        capture_output=True,
    ).stdout

    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    address, _stroke, statement = read.text.partition("#")
    assert address == f"{settings.SITE_ADDRESS}/v/{certificate.verification_code}"
    assert statement.isdecimal()


def test_the_signature_names_the_issuer_and_the_moment(certificate):
    (signature,) = PdfFileReader(BytesIO(bytes(certificate.file))).embedded_regular_signatures

    assert signature.self_reported_timestamp == NOON
    assert "Trường Chính trị mẫu" in signature.signer_cert.subject.human_friendly


def test_what_is_published_is_the_head_that_was_signed(certificates, settings):
    from hocvu.trust.queries.believed import register_keys

    head = published_checkpoint(settings.REGISTER_FOLDER, register_keys())

    assert head.size == 3


def test_the_public_log_holds_no_name_and_no_number(certificates, settings):
    published = b"".join(
        file.read_bytes() for file in settings.REGISTER_FOLDER.rglob("*") if file.is_file()
    )

    for certificate in certificates:
        assert certificate.serial_number.encode() not in published
        assert certificate.verification_code.encode() not in published
        assert certificate.entry.full_name.encode() not in published


def test_all_of_a_decision_is_issued_for_all_of_its_annex(certificates):
    decision = RecognitionDecision.objects.get()

    assert DecisionEntry.objects.filter(certificate=None).count() == 0
    assert decision.learner_count == len(certificates)
