"""What a decision was taken on, altered by somebody with the database's own password."""

from datetime import timedelta
from uuid import UUID

import pytest

from credentials.evil_scene import undone
from credentials.recognition_scene import NOON, tamper
from credentials.test_book_and_copies import REQUEST
from hocvu.credentials.actions import issue_copy, revoke_certificate
from hocvu.credentials.actions.status_lists import publish_status_lists
from hocvu.inspection.queries.findings import Finding, Trouble
from hocvu.inspection.queries.register import audit_register
from hocvu.inspection.queries.words import finding_sentence
from hocvu.recognition.models import Proposal, ResultLine, ResultRecord
from hocvu.trust.actions.published_keys import publish_keys_of


@pytest.fixture(autouse=True)
def all_of_it_undone(db):
    with undone():
        yield


@pytest.fixture
def decision(certificates):
    return certificates[0].entry.decision


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE recognition_resultline SET attended = attended - 1 WHERE position = 1",
        "UPDATE recognition_resultline SET reasons = 'not_passed' WHERE position = 1",
        "UPDATE recognition_resultline SET attempt_id = 1, passed = true WHERE position = 1",
        "DELETE FROM recognition_resultline WHERE position = 1",
        "UPDATE recognition_resultrecord SET required_attendance = '1/2'",
        "UPDATE recognition_resultrecord SET approved_by_id = approved_by_id + 1",
        "UPDATE recognition_proposal SET proposed_by_id = proposed_by_id - 1",
        "UPDATE recognition_proposal SET approved_at = approved_at - interval '1 day'",
    ],
)
def test_nobody_alters_what_a_decision_rests_on(decision, change):
    assert ResultRecord.objects.count() == Proposal.objects.count() == 1
    assert ResultLine.objects.filter(position=1, reasons="").exists()

    tamper(change)

    found = audit_register()
    assert found == [Finding(Trouble.RESULTS_CHANGED, decision.number_and_symbol)]
    assert decision.number_and_symbol in finding_sentence(found[0])


@pytest.mark.parametrize("hash_", ["", "0" * 64], ids=["taken away", "another"])
def test_the_hash_itself_cannot_be_exchanged(certificates, hash_):
    tamper("UPDATE recognition_recognitiondecision SET evidence_hash = %s", [hash_])

    changed = {each.where for each in audit_register() if each.trouble is Trouble.RECORD_CHANGED}
    assert changed == {each.serial_number for each in certificates}


@pytest.fixture
def copies(certificates, registrar):
    return [
        issue_copy(certificates[0], REQUEST, client_id=UUID(int=number), by=registrar, at=NOON)
        for number in range(1, 4)
    ]


def test_an_altered_copy_and_a_missing_one_are_found(copies):
    assert audit_register() == []

    tamper("UPDATE credentials_registercopy SET file = file || 'x' WHERE number = 1")
    tamper("DELETE FROM credentials_registercopy WHERE number = 2")

    assert audit_register() == [
        Finding(Trouble.COPY_CHANGED, copies[0].copy_number),
        Finding(Trouble.COPY_NUMBER_GAP, copies[2].copy_number),
        Finding(Trouble.COPY_MISSING, copies[1].copy_number),
    ]


def test_a_revocation_left_out_of_the_published_list_is_found(certificates, registrar, settings):
    first, *_ = certificates
    later = NOON + timedelta(hours=1)
    publish_keys_of(first.issuer)
    publish_status_lists(at=later)
    shown = settings.REGISTER_FOLDER / "status" / "revocation" / str(first.status_list)
    nobody_revoked = shown.read_text()
    revoke_certificate(first, reason="QĐ 09/QĐ-TCT: cấp sai", by=registrar, at=NOON)
    assert audit_register() == []

    shown.write_text(nobody_revoked)

    assert audit_register() == [Finding(Trouble.STATUS_HIDDEN, first.serial_number)]


def test_a_list_that_we_did_not_sign_is_found(certificates, settings):
    publish_keys_of(certificates[0].issuer)
    publish_status_lists(at=NOON)
    number = certificates[0].status_list
    shown = settings.REGISTER_FOLDER / "status" / "revocation" / str(number)

    shown.write_text(shown.read_text()[:-8] + "AAAAAAAA")

    damaged = Finding(Trouble.PUBLICATION_DAMAGED, f"status/revocation/{number}")
    assert audit_register() == [damaged]

    (settings.AUTHORITY_FOLDER / "issuers.json").unlink()
    believed_by_nobody = [
        Finding(Trouble.PUBLICATION_DAMAGED, f"{form}/{purpose}/{number}")
        for form in ("status", "status-proved")
        for purpose in ("revocation", "refresh")
    ]
    assert audit_register() == believed_by_nobody
