"""The book of copies against an administrator with the database's own password."""

import json
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from psycopg.types.json import Jsonb

from credentials.evil_scene import (
    make_leaves_agree,
    sign_every_head_anew,
    triggers_disabled,
    undone,
)
from credentials.recognition_scene import NOON, sign_in, tamper
from hocvu.config.checking import verify_file_and_register
from hocvu.credentials.actions import correct_certificate, issue_copy, revoke_certificate
from hocvu.credentials.actions.log import RegisterIsNotWhole, publish_log
from hocvu.credentials.actions.moments import ClockIsBehind
from hocvu.credentials.models import RegisterCopy, RegisterEntry
from hocvu.credentials.queries.copies_logged import is_entered
from hocvu.credentials.rules.causes import Ruling
from hocvu.credentials.rules.copies import CopyRequest
from hocvu.inspection.queries.copies import copies_without_entry
from hocvu.inspection.queries.findings import Trouble
from hocvu.inspection.queries.register import audit_register
from hocvu.register import commands
from hocvu.register.entries import EntryKind
from hocvu.register.entries import RegisterEntry as Leaf
from hocvu.register.tiles import Folder, PublishedTree, published_checkpoint
from hocvu.trust.queries.believed import register_keys
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Step, Verdict

ASKED = CopyRequest(
    recipient="Phòng Nội vụ phường",
    purpose="Bổ sung hồ sơ",
    place="Hải Phòng",
    capacity="TL. HIỆU TRƯỞNG",
    signer_title="Trưởng phòng Đào tạo",
    signer_name="Lê Thị Mẫu",
)
CORRECTION = Ruling("10/QĐ-TCT", date(2026, 11, 20), "written_wrong")
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def all_of_it_undone(db):
    with undone():
        yield


def copied(certificate, registrar, at=NOON):
    return issue_copy(certificate, ASKED, client_id=uuid4(), by=registrar, at=at)


@pytest.fixture
def copies(certificates, registrar):
    """Two copies, each entered in the log."""
    return [copied(each, registrar) for each in certificates[:2]]


@pytest.fixture
def without_entries(certificates, registrar):
    """Two copies from before copies were entered in the log."""
    rows = [copied(each, registrar) for each in certificates[:2]]
    with triggers_disabled():
        RegisterCopy.objects.all().delete()
        RegisterEntry.objects.filter(event="duplicate").delete()
    tamper("DELETE FROM credentials_logcheckpoint WHERE size > 3")
    RegisterCopy.objects.bulk_create(rows)
    return rows


def found():
    return [(each.trouble, each.where) for each in audit_register()]


def change(copy, **columns):
    with triggers_disabled():
        RegisterCopy.objects.filter(pk=copy.pk).update(**columns)


def forged(copy, **columns):
    """Another row of the book, whole in itself."""
    file = bytes(copy.file) + b"\n"
    row = RegisterCopy.objects.get(pk=copy.pk)
    row.pk, row.client_id, row.file, row.file_sha256 = None, uuid4(), file, sha256(file).hexdigest()
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    return row


# --- every copy has its entry -----------------------------------------------------------------


def test_a_copy_is_entered_and_published_without_saying_for_whom(copies, settings):
    head = published_checkpoint(settings.REGISTER_FOLDER, register_keys())
    entries = PublishedTree(Folder(settings.REGISTER_FOLDER), head.head).read_bundle(0)
    leaves = [Leaf.from_bytes(each) for each in entries[3:]]

    assert [each.kind for each in leaves] == [EntryKind.DUPLICATE] * 2
    assert [each.of for each in leaves] == [0, 1]
    assert [each.file_hash.hex() for each in leaves] == [each.file_sha256 for each in copies]
    said = b"".join(entries)
    assert all(each not in said for each in (b"00001/2026/BS", "Phòng Nội vụ".encode()))
    assert audit_register() == []


def test_a_copy_stands_in_the_history_of_its_certificate(client, copies, registrar):
    address = reverse("credentials:certificate", args=[copies[0].certificate_id])

    page = sign_in(client, registrar).get(address).content.decode()

    assert "đã cấp bản sao – 00001/2026/BS" in page


def test_anybody_sees_how_many_copies_were_entered(copies, settings):
    told = []

    commands.audit_register(
        str(settings.REGISTER_FOLDER),
        [key.to_text() for key in register_keys()],
        tell=told.append,
    )

    assert "  · bản sao từ sổ gốc / copies from the register: 2" in told


def test_no_copy_is_dated_before_the_last_entry(certificate, registrar):
    with pytest.raises(ClockIsBehind):
        copied(certificate, registrar, at=NOON - WEEK)

    assert not RegisterCopy.objects.exists()


def test_behind_a_tail_that_was_cut_off_nothing_is_entered_and_it_is_said_why(
    client, copies, registrar
):
    certificate = copies[0].certificate
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 4")
    tamper("DELETE FROM credentials_logcheckpoint WHERE size = 5")
    form = {**vars(ASKED), "client_id": uuid4()}
    other_name = replace(certificate.holder, full_name="Nguyễn Thị Hoài Sửa")

    with pytest.raises(RegisterIsNotWhole):
        copied(certificate, registrar)
    with pytest.raises(RegisterIsNotWhole):
        revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)
    with pytest.raises(RegisterIsNotWhole):
        correct_certificate(certificate, other_name, ruling=CORRECTION, by=registrar, at=NOON)
    page = sign_in(client, registrar).post(reverse("credentials:copy", args=[certificate.pk]), form)

    assert "không nối tiếp nhật ký đã ký và công bố" in page.content.decode()
    assert RegisterEntry.objects.count() == 4


def test_a_copy_that_cannot_be_kept_leaves_no_entry(copies, certificates, registrar):
    taken = RegisterCopy.objects.get(pk=copies[0].pk)
    taken.pk, taken.client_id = None, uuid4()

    with pytest.raises(IntegrityError), transaction.atomic():
        taken.save()

    assert audit_register() == []


# --- what an administrator changes is named ---------------------------------------------------


def test_every_altered_column_of_a_copy_is_named(copies):
    first, second = copies
    altered = {
        "recipient": "Người khác",
        "purpose": "",
        "place": "Huế",
        "capacity": "",
        "signer_title": "Hiệu trưởng",
        "signer_name": "Kẻ Gian",
        "year": 2025,
        "issued_by_id": first.issued_by_id + 1,
        "issued_at": NOON - WEEK,
        "certificate_id": second.certificate_id,
        "issuer_id": first.issuer_id + 1,
        "copy_number": "00009/2026/BS",
    }
    for name, value in altered.items():
        with undone():
            change(first, **{name: value})
            where = value if name == "copy_number" else first.copy_number
            assert (Trouble.COPY_CHANGED, where) in found(), name


def test_a_copy_taken_away_is_named(copies):
    first, second = copies
    with triggers_disabled():
        first.delete()

    assert found() == [(Trouble.COPY_MISSING, "00001/2026/BS")]

    with triggers_disabled():
        change(second, number=3)
    assert (Trouble.COPY_CHANGED, second.copy_number) in found()


def test_a_copy_taken_away_with_its_entry_is_named(copies):
    with triggers_disabled():
        RegisterCopy.objects.get(number=2).delete()
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 4")

    assert (Trouble.COUNT_DIFFERS, "4 / 5") in found()


def test_a_copy_put_in_is_named(copies):
    forged(copies[1], number=3, copy_number="00003/2026/BS")

    assert found() == [(Trouble.COPY_INSERTED, "00003/2026/BS")]


def test_a_copy_put_in_and_dated_back_is_named(copies):
    forged(copies[1], year=2025, number=1, copy_number="00001/2025/BS", issued_at=NOON - WEEK)

    assert found() == [(Trouble.COPY_INSERTED, "00001/2025/BS")]


def test_a_copy_altered_together_with_its_entry_is_named(copies):
    first = copies[0]
    change(first, recipient="Người khác")
    facts = RegisterEntry.objects.get(leaf_index=3).facts
    row = sha256(json.dumps("Người khác").encode()).hexdigest()
    tamper(
        "UPDATE credentials_registerentry SET facts = %s WHERE leaf_index = 3",
        [Jsonb({**facts, "row": row})],
    )

    assert (Trouble.RECORD_CHANGED, first.certificate.serial_number) in found()


def test_with_the_register_s_key_a_new_history_is_found_by_who_saw_the_old_one(
    copies, settings, tmp_path
):
    """Row, entry, leaf and heads all agree; what was published and remembered does not."""
    told, seen = [], tmp_path / "seen"
    keys = [key.to_text() for key in register_keys()]
    commands.audit_register(str(settings.REGISTER_FOLDER), keys, memory=seen, tell=told.append)
    with triggers_disabled():
        RegisterCopy.objects.get(number=2).delete()
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 4")
    tamper("DELETE FROM credentials_logcheckpoint WHERE size = 5")
    make_leaves_agree()
    sign_every_head_anew()
    settings.REGISTER_FOLDER = tmp_path / "anew"
    publish_log()

    commands.audit_register(str(settings.REGISTER_FOLDER), keys, memory=seen, tell=told.append)

    assert audit_register() == []
    assert "4 < 5 (remembered)" in told[-1]


def test_a_copy_whose_row_is_not_the_entered_one_is_not_vouched_for(copies):
    first, second = copies
    change(first, recipient="Người khác")
    strange = forged(second, number=3)

    assert [is_entered(each) for each in RegisterCopy.objects.order_by("number")] == [
        False,
        True,
        False,
    ]
    assert not is_entered(strange)


def test_a_file_signed_for_a_copy_that_was_never_entered_does_not_verify(copies):
    first, second = copies
    assert check_file(bytes(first.file)).verdict is Verdict.VALID

    change(first, recipient="Người khác")
    with triggers_disabled():
        RegisterCopy.objects.get(pk=second.pk).delete()
    second.pk, second.client_id = None, uuid4()
    second.save()

    for each in (first, second):
        seen = check_file(bytes(each.file))
        assert (seen.verdict, seen.failed) == (Verdict.ALTERED, Step.RECORD)


# --- copies from before -----------------------------------------------------------------------


def publish_from_here(settings, tmp_path):
    settings.REGISTER_FOLDER = tmp_path / "before"
    publish_log()


def test_copies_from_before_are_told_of_and_are_no_trouble(without_entries, settings, tmp_path):
    publish_from_here(settings, tmp_path)
    told = []

    assert verify_file_and_register(None, tell=told.append) == 0
    assert audit_register() == []
    assert copies_without_entry() == 2
    assert any("2 bản sao" in line for line in told)


def test_the_first_entry_of_a_copy_vouches_for_those_from_before(
    without_entries, certificates, registrar, settings, tmp_path
):
    publish_from_here(settings, tmp_path)
    first, second = without_entries
    copied(certificates[2], registrar)
    assert audit_register() == []
    assert copies_without_entry() == 2

    change(first, recipient="Người khác")
    with triggers_disabled():
        RegisterCopy.objects.get(pk=second.pk).delete()
    strange = forged(first, year=2025, number=1, copy_number="00001/2025/BS")

    assert set(found()) == {
        (Trouble.COPY_CHANGED, first.copy_number),
        (Trouble.COPY_MISSING, str(second.client_id)),
        (Trouble.COPY_NUMBER_GAP, "00003/2026/BS"),
        (Trouble.COPY_INSERTED, strange.copy_number),
    }


def test_a_copy_of_a_certificate_leaves_its_standing_as_it_is(copies, registrar):
    certificate = copies[0].certificate
    revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT: cấp sai", by=registrar, at=NOON)

    assert audit_register() == []
