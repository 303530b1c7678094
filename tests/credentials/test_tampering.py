"""What an administrator with the database's own password can do, and how it shows."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from django.apps import apps
from django.db import connection, transaction

from credentials.recognition_scene import NOON, TEXT, certify, tamper
from hocvu.credentials.actions import revoke_certificate
from hocvu.credentials.actions.keys import register_signing_key
from hocvu.credentials.models import (
    Certificate,
    DecisionEntry,
    LogCheckpoint,
    RecognitionDecision,
    RegisterEntry,
)
from hocvu.credentials.queries.records import leaf_of
from hocvu.credentials.queries.register_log import Trouble, audit_register
from hocvu.credentials.queries.verification import Verdict, check_code, check_file
from hocvu.register.checkpoint import Checkpoint, SigningKey, sign_checkpoint
from hocvu.register.merkle import Frontier

COMMITTED = (Certificate, DecisionEntry, RecognitionDecision, RegisterEntry)


@contextmanager
def undone():
    """What happens in here is taken back."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


@pytest.fixture(autouse=True)
def all_of_it_undone(db):
    """Tampered tables would not pass the checks that end a test."""
    with undone():
        yield


def altered(value):
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1000
        case str():
            return f"{'8' if value[:1] == '9' else '9'}{value[1:]}"
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value - timedelta(days=1)
        case _:
            return bytes(value)[:-1] + bytes([bytes(value)[-1] ^ 1])


def troubles():
    return {finding.trouble for finding in audit_register()}


def rows_behind(certificate):
    entry = certificate.entry
    return {
        Certificate: certificate,
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


@pytest.mark.parametrize("model", COMMITTED, ids=lambda model: model._meta.model_name)
def test_every_altered_column_shows(certificate, model):
    code, file = certificate.verification_code, bytes(certificate.file)
    row = rows_behind(certificate)[model]
    key = row._meta.pk.column
    for field in model._meta.concrete_fields:
        changed = altered(getattr(row, field.attname))
        with undone():
            tamper(
                f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE "{key}" = %s',
                [changed, row.pk],
            )

            assert check_code(code).verdict is not Verdict.VALID, field
            assert audit_register() != [], field
            if field.name == "verification_code":
                assert check_code(changed).verdict is not Verdict.VALID
            if field.name != "file":  # the file in the holder's hand is genuine
                assert check_file(file).verdict is not Verdict.VALID, field


def test_a_name_altered_together_with_its_leaf_shows(certificate):
    entry = certificate.register_entries.get()
    tamper("UPDATE credentials_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 1")
    forged = Certificate.objects.select_related("issuer", "entry__decision").get(pk=certificate.pk)
    leaf = leaf_of(
        forged,
        event=entry.event,
        at=entry.at,
        by_id=entry.by_id,
        reason=entry.reason,
        salt=bytes(entry.salt),
    )
    tamper(
        "UPDATE credentials_registerentry SET leaf_hash = %s WHERE leaf_index = %s",
        [leaf.leaf_hash(), entry.leaf_index],
    )

    assert check_code(certificate.verification_code).verdict is Verdict.ALTERED
    assert troubles() == {Trouble.HISTORY_REWRITTEN}


def test_an_altered_name_of_a_revoked_certificate_shows(revoked):
    tamper("UPDATE credentials_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 1")

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
        "UPDATE credentials_certificate SET file = %s WHERE id = %s", [bytes(other.file), one.pk]
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
    tamper("DELETE FROM credentials_decisionentry WHERE position = 2")

    assert check_code(certificates[1].verification_code).verdict is not Verdict.VALID
    assert troubles() >= {Trouble.LIST_CHANGED}


def test_a_revocation_taken_away_does_not_make_a_certificate_valid_again(revoked):
    tamper("DELETE FROM credentials_registerentry WHERE event = 'revoke'")

    assert check_code(revoked.verification_code).verdict is Verdict.UNKNOWN
    assert check_file(bytes(revoked.file)).verdict is Verdict.UNKNOWN
    assert Trouble.ENTRY_MISSING in troubles()


def test_a_tail_cut_off_with_its_checkpoints_shows_in_what_was_published(
    certificates, registrar, next_class
):
    certify(next_class, registrar, replace(TEXT, number=8))
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 3")
    tamper("DELETE FROM credentials_logcheckpoint WHERE size = 4")

    assert Trouble.MOVED_BACKWARDS in troubles()


def test_a_register_emptied_altogether_shows_in_what_was_published(certificates):
    for table in ("logcheckpoint", "registerentry", "certificate", "decisionentry"):
        tamper(f"DELETE FROM credentials_{table}")
    tamper("DELETE FROM credentials_recognitiondecision")

    assert troubles() == {Trouble.MOVED_BACKWARDS}


def test_checkpoints_taken_away_show(certificates):
    tamper("DELETE FROM credentials_logcheckpoint")

    assert Trouble.ENTRY_MISSING in troubles()


# --- rows put in ------------------------------------------------------------------------------


def _forged_copy(certificate, *, leaf_index, number):
    """A back-dated certificate with everything a forger without the register's key can make."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    original = certificate.register_entries.get()
    entry = certificate.entry
    DecisionEntry.objects.bulk_create(
        [
            DecisionEntry(
                decision=entry.decision,
                position=number,
                enrolment_id=entry.enrolment_id + 10_000,
                person=entry.person,
                full_name="Kẻ Gian",
                unit_name=entry.unit_name,
            )
        ]
    )
    forged = Certificate.objects.create(
        entry=DecisionEntry.objects.get(position=number),
        serial_number=f"TCT-31-2026-{number:06d}",
        register_year=2026,
        register_number=number,
        issuer=certificate.issuer,
        verification_code="FFFFFFFFFFFFFFFF",
        issued_at=certificate.issued_at,
        file=bytes(certificate.file) + b"\n",
        file_sha256=sha256(bytes(certificate.file) + b"\n").hexdigest(),
    )
    salt = b"\0" * 32
    leaf = leaf_of(
        forged, event="issue", at=original.at, by_id=original.by_id, reason="", salt=salt
    )
    RegisterEntry.objects.create(
        leaf_index=leaf_index,
        event="issue",
        certificate=forged,
        at=original.at,
        by_id=original.by_id,
        salt=salt,
        leaf_hash=leaf.leaf_hash(),
    )
    return forged


def test_a_back_dated_entry_behind_the_last_one_shows(certificate):
    forged = _forged_copy(certificate, leaf_index=3, number=4)

    assert check_code(forged.verification_code).verdict is not Verdict.VALID
    assert troubles() >= {Trouble.ENTRY_MISSING, Trouble.LIST_CHANGED}


def test_a_back_dated_entry_pushed_between_others_shows(certificate):
    tamper(
        "UPDATE credentials_registerentry SET leaf_index = leaf_index + 100 WHERE leaf_index > 0"
    )
    tamper("SET session_replication_role = replica")
    tamper("UPDATE credentials_registerentry SET leaf_index = leaf_index - 99 WHERE leaf_index > 0")
    tamper("SET session_replication_role = replica")
    forged = _forged_copy(certificate, leaf_index=1, number=4)

    assert check_code(forged.verification_code).verdict is not Verdict.VALID
    assert troubles() >= {Trouble.HISTORY_REWRITTEN, Trouble.ENTRY_MISSING}


def test_a_certificate_nobody_entered_shows(certificate):
    forged = _forged_copy(certificate, leaf_index=3, number=4)
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 3")

    assert check_code(forged.verification_code).verdict is not Verdict.VALID
    assert Trouble.NOT_IN_REGISTER in troubles()


# --- forged heads -----------------------------------------------------------------------------


def _a_head_signed_by(key, size):
    hashes = RegisterEntry.objects.order_by("leaf_index").values_list("leaf_hash", flat=True)[:size]
    frontier = Frontier().extend(bytes(each) for each in hashes)
    return frontier, sign_checkpoint(Checkpoint(key.name, frontier.size, frontier.root()), key)


def test_a_checkpoint_of_another_key_is_forged(certificates, settings):
    other = SigningKey.generate(settings.REGISTER_ORIGIN)
    _frontier, note = _a_head_signed_by(other, 3)

    tamper("UPDATE credentials_logcheckpoint SET note = %s", [note])

    assert Trouble.CHECKPOINT_FORGED in troubles()


def test_a_published_checkpoint_of_another_key_is_forged(certificates, settings):
    other = SigningKey.generate(settings.REGISTER_ORIGIN)
    _frontier, note = _a_head_signed_by(other, 3)

    (settings.REGISTER_FOLDER / "checkpoint").write_text(note)

    assert Trouble.CHECKPOINT_FORGED in troubles()
    assert check_code(certificates[0].verification_code).verdict is Verdict.ALTERED


@pytest.mark.parametrize("column", ["size", "frontier", "note"])
def test_an_altered_column_of_a_checkpoint_shows(certificates, column):
    value = altered(getattr(LogCheckpoint.objects.get(), column))

    tamper(f"UPDATE credentials_logcheckpoint SET {column} = %s", [value])

    assert Trouble.CHECKPOINT_FORGED in troubles()


def test_a_history_rewritten_with_the_register_s_own_key_shows_in_what_was_published(
    certificates, registrar, next_class
):
    """Even who holds the key cannot take back what others have seen."""
    certify(next_class, registrar, replace(TEXT, number=8))
    tamper("UPDATE credentials_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")
    for entry in RegisterEntry.objects.select_related("certificate__entry__decision"):
        leaf = leaf_of(
            entry.certificate,
            event=entry.event,
            at=entry.at,
            by_id=entry.by_id,
            reason="",
            salt=bytes(entry.salt),
        ).leaf_hash()
        tamper(
            "UPDATE credentials_registerentry SET leaf_hash = %s WHERE leaf_index = %s",
            [leaf, entry.leaf_index],
        )
    for size in (3, 4):
        frontier, note = _a_head_signed_by(register_signing_key(), size)
        tamper(
            "UPDATE credentials_logcheckpoint SET note = %s, frontier = %s WHERE size = %s",
            [note, frontier.to_bytes(), size],
        )

    assert troubles() == {Trouble.HISTORY_REWRITTEN}
    assert check_code(certificates[1].verification_code).verdict is Verdict.ALTERED


def test_a_damaged_tile_vouches_for_nothing(certificates, settings):
    (tile,) = (settings.REGISTER_FOLDER / "tile" / "0").rglob("3")
    tile.write_bytes(tile.read_bytes()[:-1] + b"\0")

    assert check_code(certificates[0].verification_code).verdict is not Verdict.VALID


def test_no_other_table_of_this_room_was_forgotten():
    tables = {*apps.get_app_config("credentials").get_models()}

    assert tables == {*COMMITTED, LogCheckpoint}
