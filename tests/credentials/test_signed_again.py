"""Issued certificates whose next file a person signs elsewhere: corrected editions, new files.

pyHanko's own signer stands for the plug-in; what is entered is held to the public check.
"""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from credentials.files_scene import keep_certificates, make_key
from credentials.recognition_scene import TEXT, approver_of, decide, sign_in
from hocvu.credentials.actions import correct_certificate, issue_certificates, revoke_certificate
from hocvu.credentials.actions.corrections import EditionWaits
from hocvu.credentials.actions.preparing_anew import withdraw_edition
from hocvu.credentials.actions.remaking import (
    approve_new_files,
    ask_for_new_files,
    make_new_files,
)
from hocvu.credentials.actions.returning import FileIsNotTaken, hand_in_file
from hocvu.credentials.models import (
    Certificate,
    Correction,
    PreparedAnew,
    PreparedFile,
    RegisterEntry,
    RemadeFile,
)
from hocvu.credentials.queries.errands import errand_to
from hocvu.credentials.queries.files import newest_file
from hocvu.credentials.queries.waiting import files_waiting_for
from hocvu.credentials.rules.causes import Ruling
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.time import day_of
from hocvu.notices.models import Notice
from hocvu.stationery.models import TemplateVersion
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Verdict
from signing.test_returned import plugin_signs

BOX = (300, 20, 500, 90)
RULING = Ruling("9/QĐ-TCT", day_of(timezone.now()), "written_wrong")


def _signed(prepared, key):
    return plugin_signs(prepared.file, key, box=BOX)


@pytest.fixture
def decision(named, training_class, registrar):
    at = timezone.now()
    made = decide(training_class, registrar, TEXT, at=at)
    issue_certificates(made, by=registrar, at=at)
    return made


@pytest.fixture
def take(decision, registrar):
    def take(content, **more):
        asked = {"of": decision, "by": registrar, "at": timezone.now()} | more
        return hand_in_file(content, **asked)

    return take


@pytest.fixture
def issued(decision, take, bach):
    """The first line's certificate, signed and issued."""
    prepared = PreparedFile.objects.get(entry__decision=decision, entry__position=1)
    return take(_signed(prepared, bach))


@pytest.fixture
def says(issued):
    return replace(issued.holder, full_name="Trần Thị Đính Chính")


@pytest.fixture
def correct(issued, says, registrar):
    def correct(**more):
        asked = {"ruling": RULING, "by": registrar, "at": timezone.now()} | more
        return correct_certificate(issued, asked.pop("says", says), **asked)

    return correct


@pytest.fixture
def edition(correct):
    """The corrected edition, waiting."""
    correct()
    return PreparedAnew.objects.get(order=None)


def _refusal(take, content):
    entered = RegisterEntry.objects.count()
    with pytest.raises(FileIsNotTaken) as refused:
        take(content)
    assert RegisterEntry.objects.count() == entered
    return str(refused.value)


# --- Corrected editions -----------------------------------------------------------------------


def test_a_correction_waits_for_its_signature_and_changes_nothing_before(issued, correct, says):
    entered = RegisterEntry.objects.count()

    assert correct() is None

    waiting = PreparedAnew.objects.get()
    assert waiting.holder == says
    assert waiting.serial_number != issued.serial_number
    assert RegisterEntry.objects.count() == entered
    assert not Correction.objects.exists()
    assert check_file(issued.file).verdict is Verdict.VALID


def test_the_signed_edition_corrects_the_certificate(issued, edition, take, bach):
    new = take(_signed(edition, bach))

    assert (new.edition, new.register_number) == (2, issued.register_number)
    assert new.holder == edition.holder
    assert new.serial_number == edition.serial_number
    assert check_file(new.file).verdict is Verdict.VALID
    assert check_file(issued.file).verdict is Verdict.CORRECTED
    assert audit_register() == []
    superseded = RegisterEntry.objects.get(event="supersede")
    assert (superseded.facts["decision"], superseded.by) == ("9/QĐ-TCT", edition.prepared_by)


def test_holders_are_told_only_when_the_edition_is_signed(issued, edition, take, bach):
    told = Notice.objects.filter(kind="certificate_corrected")
    assert not told.exists()

    take(_signed(edition, bach))

    assert told.get().recipient_id == issued.entry.person_id


def test_the_same_correction_sent_twice_waits_once(correct, edition):
    assert correct() is None

    assert PreparedAnew.objects.get() == edition


def test_another_correction_is_refused_while_one_waits(correct, edition, says):
    with pytest.raises(EditionWaits, match="đang chờ ký"):
        correct(says=replace(says, full_name="Trần Thị Khác"))


def test_a_signed_edition_sent_twice_is_entered_once(edition, take, bach):
    signed = _signed(edition, bach)

    assert take(signed) == take(signed)
    assert RegisterEntry.objects.filter(event="supersede").count() == 1


def test_an_edition_takes_no_second_signature(edition, take, bach):
    take(_signed(edition, bach))

    assert "một chữ ký khác" in _refusal(take, _signed(edition, bach))


def test_an_edition_signed_by_somebody_else_is_refused(folder, edition, take, hanh):
    stranger = make_key(folder, TEXT.signer_name)

    assert "Một người ký khác" in _refusal(take, _signed(edition, hanh))
    assert "không phải chứng thư khai báo" in _refusal(take, _signed(edition, stranger))
    assert not Correction.objects.exists()


def test_a_withdrawn_edition_is_not_taken_and_another_may_follow(
    issued, edition, correct, take, bach
):
    withdraw_edition(issued, by=edition.prepared_by, at=timezone.now())

    assert "không còn dùng" in _refusal(take, _signed(edition, bach))
    correct(says=replace(edition.holder, full_name="Trần Thị Thứ Hai"))
    again = PreparedAnew.objects.get(withdrawn_at=None)
    assert take(_signed(again, bach)).holder.full_name == "Trần Thị Thứ Hai"
    assert again.verification_code != edition.verification_code


def test_what_is_revoked_meanwhile_is_not_corrected(issued, edition, take, bach, registrar):
    ruling = Ruling("10/QĐ-TCT", RULING.decided_on, "issuer_error")
    revoke_certificate(issued, ruling=ruling, by=registrar, at=timezone.now())

    assert "không còn dùng" in _refusal(take, _signed(edition, bach))


def test_only_registrars_of_the_unit_withdraw(issued, edition, stranger, training_class):
    for somebody in (stranger, approver_of(training_class)):
        with pytest.raises(NotAllowed):
            withdraw_edition(issued, by=somebody, at=timezone.now())


def test_the_database_keeps_what_is_reserved_for_an_edition(edition, issued, registrar):
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        PreparedAnew.objects.update(serial_number="X")
    with pytest.raises(DatabaseError), transaction.atomic():
        PreparedAnew.objects.all().delete()
    correction = Correction.objects.create(
        certificate=issued, entered_by=registrar, entered_at=timezone.now(), **edition.says
    )
    issued.pk, issued.edition, issued.correction = None, 2, correction
    issued.serial_number, issued.verification_code = "X", "Y"
    issued.file_sha256, issued.status_index = "0" * 64, 7
    with pytest.raises(IntegrityError, match="corrected edition"), transaction.atomic():
        issued.save(force_insert=True)


# --- Files made anew --------------------------------------------------------------------------


@pytest.fixture
def order(issued, school, registrar):
    """The template has another version; new files were asked for and approved."""
    now = timezone.now()
    old = TemplateVersion.objects.get(template__kind="completion", template__issuer=None)
    TemplateVersion.objects.create(
        template=old.template,
        number=old.number + 1,
        source=old.source + "\n// another look\n",
        look=old.look,
        written_at=now,
        approved_at=now,
        effective_from=day_of(now),
    )
    asked = ask_for_new_files(school, "completion", reason="Con dấu mới", by=registrar, at=now)
    leader = approver_of(issued.entry.decision.training_class)
    return approve_new_files(asked, by=leader, at=now)


def test_new_files_wait_for_their_signature_once(order, issued):
    prepared = [make_new_files(order, now=timezone.now) for _ in range(2)]

    waiting = PreparedAnew.objects.get(order=order)
    order.refresh_from_db()
    assert prepared == [1, 0]
    assert waiting.serial_number == issued.serial_number
    assert order.ended_at is None
    assert not RemadeFile.objects.exists()


def test_a_new_file_that_comes_back_signed_is_entered_and_ends_the_order(order, issued, take, bach):
    make_new_files(order, now=timezone.now)
    signed = _signed(PreparedAnew.objects.get(order=order), bach)

    certificates = [take(signed), take(signed)]

    order.refresh_from_db()
    new = newest_file(issued)
    assert certificates == [issued, issued]
    assert new.startswith(signed)
    assert {check_file(each).verdict for each in (new, issued.file)} == {Verdict.VALID}
    assert RegisterEntry.objects.filter(event="reissue").count() == 1
    assert order.ended_at is not None
    assert audit_register() == []


def test_a_corrected_certificate_needs_no_new_file_any_more(order, edition, take, bach):
    make_new_files(order, now=timezone.now)
    anew = PreparedAnew.objects.get(order=order)

    take(_signed(edition, bach))

    assert "không còn dùng" in _refusal(take, _signed(anew, bach))


def test_a_new_file_for_another_certificates_key_is_refused(folder, order, take, bach):
    make_new_files(order, now=timezone.now)
    over = make_key(folder, TEXT.signer_name, until=timezone.now() - timedelta(days=1))
    keep_certificates(folder, "bach.pem", over.chain[0])

    anew = PreparedAnew.objects.get(order=order)
    assert "không có hiệu lực" in _refusal(take, _signed(anew, over))


# --- Pages ------------------------------------------------------------------------------------


def test_what_waits_again_is_downloaded_and_handed_in_by_hand(
    client, decision, edition, bach, registrar
):
    sign_in(client, registrar)
    waiting = files_waiting_for(registrar)
    archive = ZipFile(BytesIO(client.get(f"/signing/{decision.pk}/files/").content))
    sent = archive.read(f"{edition.serial_number}.pdf")
    upload = BytesIO(plugin_signs(sent, bach, box=BOX))
    upload.name = "signed.pdf"

    answer = client.post(f"/signing/{decision.pk}/", {"signed": [upload]})

    assert answer.status_code == 303
    assert Certificate.objects.filter(edition=2).exists()
    assert files_waiting_for(registrar) == waiting - 1


def test_the_page_lists_what_is_signed_once_more(client, decision, edition, registrar):
    page = sign_in(client, registrar).get(f"/signing/{decision.pk}/").content.decode()

    assert "Trần Thị Đính Chính" in page
    address = f"/signing/{decision.pk}/anew/{edition.pk}/"
    assert address in page
    assert client.get(address).content == edition.file


def test_the_plug_in_fetches_and_hands_in_an_edition(client, edition, bach, registrar):
    address = f"/signing/plug-in/{errand_to(edition, registrar)}/"
    upload = BytesIO(plugin_signs(client.get(address).content, bach, box=BOX))
    upload.name = "signed.pdf"

    said = client.post(address, {"uploadfile": upload}).json()

    assert (said["Status"], said["DocumentNumber"]) == (0, edition.serial_number)


def test_a_registrar_corrects_on_the_page_and_is_led_to_the_signature(
    client, issued, says, registrar, decision
):
    sign_in(client, registrar)
    typed = {**vars(says), "decision_number": "9/QĐ-TCT", "cause": RULING.cause}
    typed["decided_on"] = RULING.decided_on.strftime("%d/%m/%Y")
    address = f"/certificates/{issued.pk}/correct/"

    answer = client.post(address, typed)

    assert (answer.status_code, answer["Location"]) == (303, f"/signing/{decision.pk}/")
    assert "đang chờ ký" in client.get(address).content.decode()
    assert client.post(f"{address}withdraw/").status_code == 303
    assert "đang chờ ký" not in client.get(address).content.decode()


def test_the_next_file_to_sign_is_told_one_by_one(client, decision, take, bach, registrar):
    sign_in(client, registrar)
    address = f"/signing/{decision.pk}/next/"
    numbers = []
    while (told := client.get(address).json())["request"]:
        numbers.append((told["left"], told["request"]["MetaData"][0]["Value"]))
        prepared = PreparedFile.objects.get(serial_number=numbers[-1][1])
        take(_signed(prepared, bach))

    assert [left for left, _ in numbers] == [3, 2, 1]
    assert told == {"left": 0, "request": None}
