"""What an administrator with the database's own password can do, and how it shows."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.db.models import BinaryField, JSONField
from psycopg.types.json import Jsonb

from credentials.evil_scene import (
    forged_copy,
    head_signed_by,
    make_leaves_agree,
    undone,
    without_checks,
)
from credentials.recognition_scene import NOON, TEXT, certify, tamper
from hocvu.credentials.actions import correct_certificate, revoke_certificate
from hocvu.credentials.models import Certificate, Correction, LogCheckpoint, RegisterEntry
from hocvu.credentials.rules.causes import Ruling
from hocvu.inspection.queries.findings import Trouble
from hocvu.inspection.queries.register import audit_register
from hocvu.recognition.models import DecisionEntry, RecognitionDecision
from hocvu.register.checkpoint import SigningKey
from hocvu.verification.queries.files import check_file
from hocvu.verification.queries.verification import check_code
from hocvu.verification.rules.verdicts import Verdict

COMMITTED = (Certificate, Correction, DecisionEntry, RecognitionDecision, RegisterEntry)
OTHERWISE_KEPT = {  # tables of these rooms that no leaf commits to, and what keeps them
    "LogCheckpoint": "its own signature",
    "PrintedForm": "every file made from it has its hash committed to",
    "ResultRecord": "the decision keeps a hash of it, and that is committed to",
    "ResultLine": "the decision keeps a hash of all of them, and that is committed to",
    "Proposal": "the decision keeps a hash of it, and that is committed to",
    "RegisterCopy": "an entry of its own commits to every column",
    "IssuingRun": "only how far a job has come",
    "PreparedFile": "its numbers and file are committed to once it is signed and issued",
    "PreparedAnew": "its edition or file is committed to once it is signed and entered",
    "PreparedCopy": "its row and file are committed to once it is signed and entered",
    "ArchivedFile": "what it adds stands behind the registered file, and is signed by itself",
    "ArchiveRun": "only how far a job has come",
    "RemakeOrder": "every file made by it has an entry of its own",
    "RemadeFile": "its hash stands in a reissue entry",
    "QuestionedCertificate": "an open question; its answer is an entry",
}


@pytest.fixture(autouse=True)
def all_of_it_undone(db):
    with undone():
        yield


def altered(value, field):
    """Another value of the same kind; something, where there was nothing."""
    if isinstance(field, JSONField):
        return Jsonb({**value, "cause": "forged"})
    if isinstance(field, BinaryField):
        *kept, last = bytes(value or b"forged")
        return bytes([*kept, last ^ 0xFF])
    match value:
        case int() | None:
            return (value or 0) + 1000
        case str():
            return f"{'8' if value[:1] == '9' else '9'}{value[1:]}"
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value - timedelta(days=1)
    raise TypeError(field)


def troubles():
    return {finding.trouble for finding in audit_register()}


def rows_behind(certificate):
    entry = certificate.entry
    return {
        Certificate: certificate,
        Correction: certificate.correction,
        DecisionEntry: entry,
        RecognitionDecision: entry.decision,
        RegisterEntry: certificate.register_entries.get(),
    }


@pytest.fixture
def revoked(certificate, registrar):
    revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT: cấp sai", by=registrar, at=NOON)
    return certificate


# --- an untouched register --------------------------------------------------------------------


def test_an_untouched_register_has_nothing_to_tell(certificates):
    assert audit_register() == []


def test_a_register_with_a_revocation_has_nothing_to_tell_either(revoked):
    assert audit_register() == []


def test_an_empty_register_has_nothing_to_tell(trust):
    assert audit_register() == []


# --- altered rows -----------------------------------------------------------------------------


@pytest.fixture
def corrected(certificate, registrar):
    """The new edition of a certificate whose holder's name was wrong."""
    ruling = Ruling("11/QĐ-TCT", date(2026, 11, 20), "written_wrong", "ghi sai họ tên")
    says = replace(certificate.holder, full_name="Phạm Văn Ấn")
    return correct_certificate(certificate, says, ruling=ruling, by=registrar, at=NOON)


def every_altered_column(row):
    """Every column in turn, altered in the row, with what stands in it now."""
    model = type(row)
    key = model._meta.pk.column
    for field in model._meta.concrete_fields:
        changed = altered(getattr(row, field.attname), field)
        with undone():
            without_checks(model)
            tamper(
                f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE "{key}" = %s',
                [changed, row.pk],
            )
            yield field, changed


@pytest.mark.parametrize("model", COMMITTED, ids=lambda model: model._meta.model_name)
def test_every_altered_column_shows(corrected, model):
    code, file = corrected.verification_code, corrected.file
    for field, changed in every_altered_column(rows_behind(corrected)[model]):
        assert audit_register() != [], field
        if field.name == "stored_file":  # of a file that is kept as form and tail: it is not read
            continue
        assert check_code(code).verdict is not Verdict.VALID, field
        if field.name == "verification_code":
            assert check_code(changed).verdict is not Verdict.VALID
        if field.name not in ("form", "tail"):  # the file in the holder's hand is genuine
            assert check_file(file).verdict is not Verdict.VALID, field


def test_every_altered_column_of_a_revocation_shows(revoked):
    for field, _ in every_altered_column(revoked.register_entries.get(event="revoke")):
        assert audit_register() != [], field


def test_a_name_altered_together_with_its_leaf_shows(certificate):
    tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 1")
    make_leaves_agree(RegisterEntry.objects.filter(certificate=certificate))

    assert check_code(certificate.verification_code).verdict is Verdict.ALTERED
    assert troubles() == {Trouble.HISTORY_REWRITTEN, Trouble.RECORD_CHANGED}


def test_an_altered_name_of_a_revoked_certificate_shows(revoked):
    tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 1")

    assert check_code(revoked.verification_code).verdict is Verdict.ALTERED
    assert troubles() >= {Trouble.RECORD_CHANGED}


def test_a_revocation_whose_reason_was_softened_shows(revoked):
    tamper("UPDATE credentials_registerentry SET reason = 'Tự nguyện' WHERE event = 'revoke'")

    assert check_code(revoked.verification_code).verdict is Verdict.ALTERED


@pytest.mark.parametrize("column", ["event", "salt"])
def test_an_entry_that_says_nothing_meaningful_any_more_shows(revoked, column):
    value = {"event": "erased", "salt": b"short"}[column]

    tamper(
        f"UPDATE credentials_registerentry SET {column} = %s WHERE event = 'revoke'",
        [value],
    )

    assert check_code(revoked.verification_code).verdict is Verdict.ALTERED
    assert Trouble.RECORD_CHANGED in troubles()


def test_a_file_exchanged_for_another_certificate_s_shows(certificates):
    one, other = certificates[:2]
    tamper(
        "UPDATE credentials_certificate SET form_id = %s, tail = %s WHERE id = %s",
        [other.form_id, bytes(other.tail), one.pk],
    )

    assert check_code(one.verification_code).verdict is Verdict.ALTERED
    assert troubles() == {Trouble.FILE_CHANGED}


def test_two_holders_exchanged_show(certificates):
    one, other = certificates[:2]
    for holder, line in ((one, -1), (other, one.entry_id), (one, other.entry_id)):
        tamper("UPDATE credentials_certificate SET entry_id = %s WHERE id = %s", [line, holder.pk])

    assert check_code(one.verification_code).verdict is Verdict.ALTERED
    assert troubles() >= {Trouble.RECORD_CHANGED}


def test_the_issuer_is_named_as_it_signed_whatever_the_unit_is_called_now(certificate, school):
    type(school).objects.filter(pk=school.pk).update(name="Học viện Giả Mạo")

    found = check_code(certificate.verification_code)

    assert found.facts.issuer == "Trường Chính trị mẫu"


# --- rows taken away --------------------------------------------------------------------------


def test_a_deleted_entry_shows(certificates):
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 1")

    assert check_code(certificates[1].verification_code).verdict is Verdict.UNKNOWN
    assert troubles() >= {Trouble.ENTRY_MISSING, Trouble.NOT_IN_REGISTER}


def test_a_deleted_certificate_shows(certificates):
    tamper("DELETE FROM credentials_certificate WHERE id = %s", [certificates[0].pk])

    assert check_code(certificates[0].verification_code).verdict is Verdict.UNKNOWN
    assert check_file(bytes(certificates[0].file)).verdict is Verdict.UNKNOWN
    assert troubles() >= {Trouble.ENTRY_MISSING}


def test_a_line_taken_out_of_an_annex_shows(certificates):
    tamper("DELETE FROM recognition_decisionentry WHERE position = 2")

    assert check_code(certificates[1].verification_code).verdict is not Verdict.VALID
    assert troubles() >= {Trouble.LIST_CHANGED}


def test_a_revocation_taken_away_does_not_make_a_certificate_valid_again(revoked):
    tamper("DELETE FROM credentials_registerentry WHERE event = 'revoke'")

    assert check_code(revoked.verification_code).verdict is Verdict.UNKNOWN
    assert check_file(bytes(revoked.file)).verdict is Verdict.UNKNOWN
    assert Trouble.COUNT_DIFFERS in troubles()


def test_a_tail_cut_off_with_its_checkpoints_shows_in_what_was_published(
    certificates, registrar, next_class
):
    certify(next_class, registrar, replace(TEXT, number=8))
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 3")
    tamper("DELETE FROM credentials_logcheckpoint WHERE size = 4")

    assert Trouble.MOVED_BACKWARDS in troubles()


def test_a_register_emptied_altogether_shows_in_what_was_published(certificates):
    for table in ("logcheckpoint", "registerentry", "certificate"):
        tamper(f"DELETE FROM credentials_{table}")
    for table in ("decisionentry", "recognitiondecision"):
        tamper(f"DELETE FROM recognition_{table}")

    assert troubles() == {Trouble.MOVED_BACKWARDS}


def test_checkpoints_taken_away_show(certificates):
    tamper("DELETE FROM credentials_logcheckpoint")

    assert Trouble.COUNT_DIFFERS in troubles()


# --- rows put in ------------------------------------------------------------------------------


def test_a_back_dated_entry_behind_the_last_one_shows(certificate):
    forged = forged_copy(certificate, leaf_index=3, number=4)

    assert check_code(forged.verification_code).verdict is not Verdict.VALID
    assert troubles() >= {Trouble.COUNT_DIFFERS, Trouble.LIST_CHANGED}


def test_a_back_dated_entry_pushed_between_others_shows(certificate):
    tamper(
        "UPDATE credentials_registerentry SET leaf_index = leaf_index + 100 WHERE leaf_index > 0"
    )
    tamper("SET session_replication_role = replica")
    tamper("UPDATE credentials_registerentry SET leaf_index = leaf_index - 99 WHERE leaf_index > 0")
    tamper("SET session_replication_role = replica")
    forged = forged_copy(certificate, leaf_index=1, number=4)

    assert check_code(forged.verification_code).verdict is not Verdict.VALID
    assert troubles() >= {Trouble.HISTORY_REWRITTEN, Trouble.COUNT_DIFFERS}


def test_a_certificate_nobody_entered_shows(certificate):
    forged = forged_copy(certificate, leaf_index=3, number=4)
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 3")

    assert check_code(forged.verification_code).verdict is not Verdict.VALID
    assert Trouble.NOT_IN_REGISTER in troubles()


# --- forged heads -----------------------------------------------------------------------------


def test_a_checkpoint_of_another_key_is_forged(certificates, settings):
    other = SigningKey.generate(settings.REGISTER_ORIGIN)
    _frontier, note = head_signed_by(other, 3)

    tamper("UPDATE credentials_logcheckpoint SET note = %s", [note])

    assert Trouble.CHECKPOINT_FORGED in troubles()


def test_a_published_checkpoint_of_another_key_is_forged(certificates, settings):
    other = SigningKey.generate(settings.REGISTER_ORIGIN)
    _frontier, note = head_signed_by(other, 3)

    (settings.REGISTER_FOLDER / "checkpoint").write_text(note)

    assert Trouble.CHECKPOINT_FORGED in troubles()
    assert check_code(certificates[0].verification_code).verdict is Verdict.ALTERED


@pytest.mark.parametrize("column", ["size", "frontier", "note"])
def test_an_altered_column_of_a_checkpoint_shows(certificates, column):
    value = altered(
        getattr(LogCheckpoint.objects.get(), column), LogCheckpoint._meta.get_field(column)
    )

    tamper(f"UPDATE credentials_logcheckpoint SET {column} = %s", [value])

    assert Trouble.CHECKPOINT_FORGED in troubles()


def test_a_damaged_tile_vouches_for_nothing(certificates, settings):
    (tile,) = (settings.REGISTER_FOLDER / "tile" / "0").rglob("3")
    tile.write_bytes(tile.read_bytes()[:-1] + b"\0")

    assert check_code(certificates[0].verification_code).verdict is not Verdict.VALID


def test_no_other_table_of_these_rooms_was_forgotten():
    rooms = (apps.get_app_config(name) for name in ("recognition", "credentials"))
    tables = {model.__name__ for room in rooms for model in room.get_models()}

    assert tables == {model.__name__ for model in COMMITTED} | set(OTHERWISE_KEPT)
