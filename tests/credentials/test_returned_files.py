"""Certificates that a person signs elsewhere: reserved, sent, taken back, issued.

pyHanko's own signer stands for the plug-in; every file that is issued is held to the public check.
"""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives import serialization
from django.db import IntegrityError, transaction
from django.utils import timezone
from pyhanko.pdf_utils import generic

from credentials.evil_scene import undone
from credentials.files_scene import keep_certificates, make_key
from credentials.recognition_scene import TEXT, approver_of, decide, sign_in, tamper
from hocvu.credentials.actions import issue_certificates
from hocvu.credentials.actions.log import RegisterIsNotWhole
from hocvu.credentials.actions.returning import FileIsNotTaken, hand_in_file, hand_in_files
from hocvu.credentials.models import Certificate, PreparedFile, RegisterEntry
from hocvu.credentials.queries.errands import errand_of, errand_to
from hocvu.credentials.queries.waiting import files_waiting_for
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.errors import NotAllowed
from hocvu.signing import Countersigner, DevelopmentAuthority, Words
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Verdict
from signing.test_returned import plugin_signs

BOX = (300, 20, 500, 90)


def _prepared(training_class, registrar, text=TEXT):
    at = timezone.now()
    decision = decide(training_class, registrar, text, at=at)
    issue_certificates(decision, by=registrar, at=at)
    return decision


@pytest.fixture
def decision(named, training_class, registrar):
    return _prepared(training_class, registrar)


@pytest.fixture
def waiting(decision):
    return list(PreparedFile.objects.filter(entry__decision=decision).order_by("entry__position"))


@pytest.fixture
def take(decision, registrar):
    def take(content, **more):
        asked = {"of": decision, "by": registrar, "at": timezone.now()} | more
        return hand_in_file(content, **asked)

    return take


def _signed(prepared, key, **more):
    return plugin_signs(prepared.file, key, box=BOX, **more)


def _refusal(take, content, **more):
    with pytest.raises(FileIsNotTaken) as refused:
        take(content, **more)
    assert not Certificate.objects.exists()
    return str(refused.value)


def test_a_decision_reserves_its_numbers_in_order_and_issues_nothing(decision, waiting):
    assert [each.register_number for each in waiting] == [1, 2, 3]
    assert [each.entry.position for each in waiting] == [1, 2, 3]
    assert not Certificate.objects.exists()
    assert not RegisterEntry.objects.exists()


def test_running_again_reserves_nothing_more(decision, waiting, registrar):
    issue_certificates(decision, by=registrar, at=timezone.now())

    assert PreparedFile.objects.count() == len(waiting)


def test_a_signed_file_is_issued_under_the_numbers_it_waited_with(waiting, take, bach):
    signed = _signed(waiting[1], bach)

    certificate = take(signed)

    assert certificate.serial_number == waiting[1].serial_number
    assert certificate.register_number == 2
    assert certificate.file.startswith(signed)
    assert check_file(certificate.file).verdict is Verdict.VALID


def test_numbers_that_wait_between_issued_ones_are_no_gap(waiting, take, bach):
    take(_signed(waiting[0], bach))
    take(_signed(waiting[2], bach))

    assert audit_register() == []


def test_what_is_issued_out_of_order_leaves_no_gap_in_the_end(waiting, take, bach):
    for each in reversed(waiting):
        take(_signed(each, bach))

    numbers = Certificate.objects.order_by("register_number").values_list(
        "register_number", flat=True
    )
    assert list(numbers) == [1, 2, 3]
    assert audit_register() == []


def test_the_next_decision_takes_the_numbers_behind_those_that_wait(waiting, next_class, registrar):
    _prepared(next_class, registrar, replace(TEXT, number=8))

    assert PreparedFile.objects.latest("pk").register_number == len(waiting) + 1


def test_the_same_file_sent_twice_gives_the_same_certificate(waiting, take, bach):
    signed = _signed(waiting[0], bach)

    assert take(signed).pk == take(signed).pk
    assert RegisterEntry.objects.count() == 1


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs Debian's poppler-utils")
def test_other_programs_accept_both_signatures(waiting, take, bach, tmp_path):
    (tmp_path / "file.pdf").write_bytes(take(_signed(waiting[0], bach)).file)

    said = subprocess.run(
        ["pdfsig", tmp_path / "file.pdf"], capture_output=True, text=True, check=False
    ).stdout

    assert said.count("Signature is Valid.") == 2
    assert said.rindex("Total document signed") > said.index("Signature #2")


def test_without_an_organisations_key_one_signature_is_enough(named, folder, waiting, take, bach):
    text = (folder / "keys.toml").read_text()
    alone = text.replace("[issuer.organisation]", "[issuer.statement]")
    (folder / "keys.toml").write_text(alone)
    signed = _signed(waiting[0], bach)

    assert take(signed).file == signed


# --- Refusals ---------------------------------------------------------------------------------


def test_the_file_as_it_was_sent_is_not_signed(waiting, take):
    assert "chưa có chữ ký" in _refusal(take, waiting[0].file)


def test_a_file_that_is_none_of_ours_is_refused(take, bach, waiting):
    assert "không phải tệp được chuẩn bị" in _refusal(take, b"%PDF-1.7\n%%EOF\n")
    assert "không phải tệp được chuẩn bị" in _refusal(take, waiting[0].file[1:])


def test_a_file_of_another_decision_is_sent_there(waiting, take, bach, next_class, registrar):
    other = _prepared(next_class, registrar, replace(TEXT, number=8))
    signed = _signed(PreparedFile.objects.get(entry__decision=other), bach)

    assert "8/QĐ-TCT" in _refusal(take, signed)


def test_the_file_of_another_certificate_is_not_taken_for_the_one_asked_for(waiting, take, bach):
    refused = _refusal(take, _signed(waiting[1], bach), only=waiting[0])

    assert waiting[1].serial_number in refused


def test_somebody_elses_certificate_is_refused(folder, waiting, take):
    stranger = make_key(folder, TEXT.signer_name)  # the same name, and not the one that is named

    assert "không phải chứng thư khai báo" in _refusal(take, _signed(waiting[0], stranger))


def test_another_signer_of_the_same_school_is_refused_by_name(waiting, take, hanh):
    assert "Một người ký khác của đơn vị" in _refusal(take, _signed(waiting[0], hanh))


def test_the_organisation_does_not_sign_for_the_person(waiting, take, organisation):
    assert "Chứng thư của cơ quan" in _refusal(take, _signed(waiting[0], organisation))


def test_a_certificate_that_is_over_signs_nothing(folder, waiting, take, bach):
    over = make_key(folder, TEXT.signer_name, until=datetime(2026, 6, 1, tzinfo=UTC))
    keep_certificates(folder, "bach.pem", over.chain[0])

    assert "không có hiệu lực" in _refusal(take, _signed(waiting[0], over))


def test_a_certificate_that_may_not_sign_documents_is_refused(folder, waiting, take):
    for_machines = make_key(folder, TEXT.signer_name, usage={"content_commitment": False})
    keep_certificates(folder, "bach.pem", for_machines.chain[0])

    assert "chữ ký" in _refusal(take, _signed(waiting[0], for_machines)).lower()


def test_a_page_changed_with_the_signature_is_refused(waiting, take, bach):
    def cover(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Rotate"] = generic.NumberObject(90)
        writer.update_container(page)

    assert "chỗ khác bị thay đổi" in _refusal(take, _signed(waiting[0], bach, change=cover))


def test_bytes_behind_the_signature_are_refused(waiting, take, bach):
    refused = _refusal(take, _signed(waiting[0], bach) + b"% more\n")

    assert "sau chữ ký" in refused


def test_behind_a_log_that_was_cut_nothing_is_issued_and_it_is_said_why(waiting, take, bach):
    for each in waiting[:2]:
        take(_signed(each, bach))
    with undone():
        tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 1")
        tamper("DELETE FROM credentials_logcheckpoint WHERE size = 2")

        with pytest.raises(RegisterIsNotWhole) as refused:
            take(_signed(waiting[2], bach))

    assert "hocvu verify" in str(refused.value)
    assert Certificate.objects.count() == 2


def test_two_signatures_at_once_are_refused(waiting, take, bach, hanh):
    pen = Countersigner(hanh, Words("Hải Phòng", "x"))
    twice = pen.sign(_signed(waiting[0], bach), reason="x", at=timezone.now())

    assert "đúng một chữ ký" in _refusal(take, twice)


def test_a_signature_dated_before_its_file_or_after_today_is_refused(decision, waiting, take, bach):
    signed = _signed(waiting[0], bach)
    tomorrow = {"at": timezone.now() - timedelta(days=1)}  # as a server whose clock is behind sees

    assert "thời điểm không thể có" in _refusal(take, signed, **tomorrow)


def test_a_revoked_signer_is_refused(folder, waiting, take, bach):
    authority = DevelopmentAuthority.open(folder)
    listed = authority.revocation_list(timezone.now(), [bach.chain[0]])
    (folder / "revoked.crl").write_bytes(listed.public_bytes(serialization.Encoding.DER))

    assert "đã bị thu hồi" in _refusal(take, _signed(waiting[0], bach))


def test_nobody_named_means_nobody_signs(folder, waiting, take, bach):
    text = (folder / "keys.toml").read_text()
    (folder / "keys.toml").write_text(text.replace(TEXT.signer_name, "Người Khác"))

    assert TEXT.signer_name in _refusal(take, _signed(waiting[0], bach))


def test_keys_that_are_missing_here_lose_no_signature(folder, waiting, take, bach):
    signed, kept = _signed(waiting[0], bach), (folder / "school.p12").read_bytes()
    (folder / "school.p12").unlink()

    assert "nộp lại" in _refusal(take, signed)
    (folder / "school.p12").write_bytes(kept)
    assert take(signed)


def test_a_certificate_issued_once_takes_no_other_signature(waiting, take, bach):
    take(_signed(waiting[0], bach))

    with pytest.raises(FileIsNotTaken, match="một chữ ký khác"):
        take(_signed(waiting[0], bach))


def test_only_those_of_the_unit_hand_in_files(waiting, take, bach, stranger, learners):
    signed = _signed(waiting[0], bach)

    for somebody in (stranger, learners[0]):
        with pytest.raises(NotAllowed):
            take(signed, by=somebody)


def test_the_database_keeps_reserved_numbers_for_their_lines(waiting, take, bach):
    first = take(_signed(waiting[0], bach))
    first.pk, first.entry_id = None, waiting[1].entry_id
    first.serial_number, first.verification_code = "X", "Y"
    first.file_sha256, first.status_index, first.register_number = "0" * 64, 5, 3

    with pytest.raises(IntegrityError, match="reserved number"), transaction.atomic():
        first.save(force_insert=True)


def test_one_file_that_is_refused_holds_up_no_other(decision, waiting, bach, registrar):
    files = [("a.pdf", _signed(waiting[0], bach)), ("b.pdf", waiting[1].file)]

    taken, refused = hand_in_files(files, of=decision, by=registrar, at=timezone.now())

    assert taken.entered is not None
    assert refused.refused is not None


# --- Pages ------------------------------------------------------------------------------------


def _upload(content, name="signed.pdf"):
    file = BytesIO(content)
    file.name = name
    return file


def test_by_hand_a_leader_downloads_an_archive_and_hands_in_the_signed_files(
    client, decision, waiting, bach
):
    sign_in(client, approver_of(decision.training_class))
    address = f"/signing/{decision.pk}/"
    archive = ZipFile(BytesIO(client.get(f"{address}files/").content))
    signed = [
        _upload(plugin_signs(archive.read(name), bach, box=BOX), name)
        for name in archive.namelist()
    ]

    answer = client.post(address, {"signed": signed})

    assert (answer.status_code, Certificate.objects.count()) == (303, 3)
    assert "đã được ký và cấp" in client.get(address).content.decode()


def test_signed_files_come_back_in_an_archive_too(client, decision, waiting, bach, registrar):
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("signed/a.pdf", _signed(waiting[0], bach))
        archive.writestr("signed/b.pdf", waiting[1].file)
    sign_in(client, registrar)

    answer = client.post(
        f"/signing/{decision.pk}/", {"signed": [_upload(packed.getvalue(), "all.zip")]}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "chưa có chữ ký" in page
    assert waiting[0].serial_number in page
    assert Certificate.objects.count() == 1


def test_what_waits_is_shown_to_those_who_may_have_it_signed(client, decision, registrar, stranger):
    assert files_waiting_for(registrar) == 3
    assert files_waiting_for(stranger) == 0
    assert "7/QĐ-TCT" in sign_in(client, registrar).get("/signing/").content.decode()
    assert "7/QĐ-TCT" not in sign_in(client, stranger).get("/signing/").content.decode()
    assert client.get(f"/signing/{decision.pk}/").status_code == 404


def test_the_plug_in_fetches_and_hands_in_a_file_without_a_session(
    client, waiting, bach, registrar
):
    address = f"/signing/plug-in/{errand_to(waiting[0], registrar)}/"
    sent = client.get(address).content

    answer = client.post(address, {"uploadfile": _upload(plugin_signs(sent, bach, box=BOX))})

    said = answer.json()
    assert sent == waiting[0].file
    assert (said["Status"], said["Message"]) == (0, "")
    assert said["FileName"] == f"{waiting[0].serial_number}.pdf"
    assert said["FileServer"].endswith(f"/certificates/{Certificate.objects.get().pk}/")


def test_the_plug_in_is_told_in_words_why_a_file_is_not_taken(client, waiting, hanh, registrar):
    address = f"/signing/plug-in/{errand_to(waiting[0], registrar)}/"

    said = client.post(address, {"uploadfile": _upload(_signed(waiting[0], hanh))}).json()

    assert said["Status"] != 0
    assert "Một người ký khác" in said["Message"]


def test_a_lost_reply_to_the_plug_in_can_be_asked_for_again(client, waiting, bach, registrar):
    address = f"/signing/plug-in/{errand_to(waiting[0], registrar)}/"
    signed = _signed(waiting[0], bach)

    first, again = (client.post(address, {"uploadfile": _upload(signed)}).json() for _ in range(2))

    assert first == again
    assert Certificate.objects.count() == 1


def test_an_errand_is_for_one_file_and_one_person(client, waiting, bach, registrar, stranger):
    token = errand_to(waiting[0], registrar)

    other = client.post(
        f"/signing/plug-in/{token}/", {"uploadfile": _upload(_signed(waiting[1], bach))}
    )

    assert other.json()["Status"] != 0
    assert errand_of(token + "x") is None
    assert errand_of(errand_to(waiting[0], stranger)) is None
    assert client.get("/signing/plug-in/forged/").status_code == 404


def test_an_errand_is_over_after_half_an_hour(client, waiting, registrar, monkeypatch):
    token = errand_to(waiting[0], registrar)

    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 1900)
    assert client.get(f"/signing/plug-in/{token}/").status_code == 404
