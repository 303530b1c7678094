"""Copies from the register that somebody signs on their own computer: reserved, sent, issued.

pyHanko's own signer stands for the plug-in; every copy that is issued is held to the public check.
"""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from credentials.files_scene import keep_certificates, make_key
from credentials.recognition_scene import TEXT, approver_of, decide, make_person, sign_in, tamper
from hocvu.credentials.actions import (
    correct_certificate,
    issue_certificates,
    issue_copy,
    revoke_certificate,
)
from hocvu.credentials.actions.copies import (
    CopyCannotBeMade,
    CopyIsIssued,
    CopyWasGivenUp,
    give_up_copy,
)
from hocvu.credentials.actions.returning import FileIsNotTaken, hand_in_file
from hocvu.credentials.models import PreparedCopy, PreparedFile, RegisterCopy, RegisterEntry
from hocvu.credentials.queries.errands import errand_to
from hocvu.credentials.queries.waiting import files_waiting_for, key_of_signer
from hocvu.credentials.rules.causes import Ruling
from hocvu.credentials.rules.copies import CopyRequest, last_day_to_copy
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.time import VIETNAM, day_of
from hocvu.people.models import Post
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Verdict
from signing.test_returned import plugin_signs

ASKED = CopyRequest(
    recipient="Phòng Nội vụ",
    purpose="Bổ sung hồ sơ",
    place="Hải Phòng",
    capacity="TL. HIỆU TRƯỞNG",
    signer_title="Trưởng phòng Đào tạo",
    signer_name="Lê Thị Mẫu",
)


@pytest.fixture
def mau(folder, named):
    """The key of who signs copies by order of the head."""
    key = make_key(folder, ASKED.signer_name)
    keep_certificates(folder, "mau.pem", key.chain[0])
    text = (folder / "keys.toml").read_text()
    signer = f'[[issuer.signer]]\nname = "{ASKED.signer_name}"\ncertificates = "mau.pem"\n'
    (folder / "keys.toml").write_text(
        text.replace("[issuer.organisation]", f"{signer}[issuer.organisation]")
    )
    return key


@pytest.fixture
def holds_post(school):
    return make_person(ASKED.signer_name, school, title=ASKED.signer_title)


@pytest.fixture
def issued(mau, holds_post, bach, training_class, registrar):
    """The first line's certificate, signed and issued."""
    decision = decide(training_class, registrar, TEXT, at=timezone.now())
    issue_certificates(decision, by=registrar, at=timezone.now())
    prepared = PreparedFile.objects.get(entry__decision=decision, entry__position=1)
    signed = plugin_signs(prepared.file, bach)
    return hand_in_file(signed, of=decision, by=registrar, at=timezone.now())


@pytest.fixture
def ask(issued, registrar):
    def ask(request=ASKED, **more):
        named = {"client_id": uuid4(), "by": registrar, "at": timezone.now()} | more
        return issue_copy(issued, request, **named)

    return ask


@pytest.fixture
def waiting(ask):
    assert ask() is None
    return PreparedCopy.objects.get()


@pytest.fixture
def take(issued, registrar):
    def take(content, **more):
        asked = {"of": issued.entry.decision, "by": registrar, "at": timezone.now()} | more
        return hand_in_file(content, **asked)

    return take


def _refusal(take, content):
    entered = RegisterEntry.objects.count()
    with pytest.raises(FileIsNotTaken) as refused:
        take(content)
    assert RegisterEntry.objects.count() == entered
    assert not RegisterCopy.objects.exists()
    return str(refused.value)


def test_a_copy_waits_under_its_number_and_enters_nothing_before_it_is_signed(waiting, registrar):
    assert waiting.copy_number == f"00001/{waiting.year}/BS"
    assert not RegisterCopy.objects.exists()
    assert not RegisterEntry.objects.filter(event="duplicate").exists()
    assert files_waiting_for(registrar) == 3  # two certificates and the copy


def test_the_signed_copy_is_entered_in_the_book_and_the_log_as_it_was_prepared(waiting, take, mau):
    signed = plugin_signs(waiting.file, mau)

    copy = take(signed)

    assert (copy.copy_number, copy.issued_by) == (waiting.copy_number, waiting.prepared_by)
    assert bytes(copy.file).startswith(signed)
    checked = check_file(bytes(copy.file))
    assert (checked.verdict, checked.facts.copy_number) == (Verdict.VALID, waiting.copy_number)
    assert audit_register() == []


def test_a_form_sent_twice_waits_once_and_a_file_sent_twice_is_entered_once(ask, take, mau):
    form = UUID(int=7)
    assert [ask(client_id=form), ask(client_id=form)] == [None, None]
    signed = plugin_signs(PreparedCopy.objects.get().file, mau)

    first, again = take(signed), take(signed)

    assert first == again == ask(client_id=form)
    assert RegisterEntry.objects.filter(event="duplicate").count() == 1


def test_a_copy_takes_no_second_signature(waiting, take, mau):
    take(plugin_signs(waiting.file, mau))

    with pytest.raises(FileIsNotTaken, match="một chữ ký khác"):
        take(plugin_signs(waiting.file, mau))


def test_a_copy_is_refused_unsigned_changed_or_signed_by_another(waiting, take, mau, bach, folder):
    stranger = make_key(folder, ASKED.signer_name)
    signed = plugin_signs(waiting.file, mau)

    assert "chưa có chữ ký" in _refusal(take, waiting.file)
    assert "sau chữ ký" in _refusal(take, signed + b"% more\n")
    assert "không phải tệp được chuẩn bị" in _refusal(take, signed[1:])
    assert "Một người ký khác" in _refusal(take, plugin_signs(waiting.file, bach))
    assert "không phải chứng thư khai báo" in _refusal(take, plugin_signs(waiting.file, stranger))


def test_who_has_left_the_unit_signs_no_copy_though_their_key_is_still_named(
    waiting, take, mau, holds_post
):
    signed = plugin_signs(waiting.file, mau)
    Post.objects.filter(person=holds_post).update(
        from_on=date(2020, 1, 1), until_on=day_of(timezone.now())
    )

    assert "không giữ chức vụ" in _refusal(take, signed)


def test_a_copy_names_somebody_who_may_sign_it_or_is_refused_without_a_number(ask, holds_post):
    with pytest.raises(CopyCannotBeMade, match="Người Vắng"):
        ask(replace(ASKED, signer_name="Người Vắng"))
    holds_post.posts.all().delete()
    with pytest.raises(CopyCannotBeMade, match="chưa cấp số nào"):
        ask()

    assert not PreparedCopy.objects.exists()


def test_a_copy_given_up_keeps_its_number_and_reason_and_leaves_no_gap(
    ask, waiting, take, mau, registrar
):
    ask()
    second = PreparedCopy.objects.latest("number")
    third = ask() or PreparedCopy.objects.latest("number")
    give_up_copy(second, reason="Người yêu cầu rút đề nghị", by=registrar, at=timezone.now())
    give_up_copy(second, reason="lần nữa", by=registrar, at=timezone.now())

    for each in (third, waiting):
        take(plugin_signs(each.file, mau))
    ask()

    assert PreparedCopy.objects.latest("number").number == 4
    assert PreparedCopy.objects.get(number=2).given_up_reason == "Người yêu cầu rút đề nghị"
    assert list(RegisterCopy.objects.order_by("number").values_list("number", flat=True)) == [1, 3]
    assert audit_register() == []


def test_what_is_given_up_is_not_issued_and_what_is_issued_not_given_up(
    ask, waiting, take, mau, registrar
):
    ask()
    second = PreparedCopy.objects.latest("number")
    give_up_copy(waiting, reason="Nhầm", by=registrar, at=timezone.now())
    take(plugin_signs(second.file, mau))

    with pytest.raises(FileIsNotTaken, match="không còn dùng"):
        take(plugin_signs(waiting.file, mau))
    with pytest.raises(CopyWasGivenUp):
        ask(client_id=waiting.client_id)
    with pytest.raises(CopyIsIssued):
        give_up_copy(second, reason="Muộn", by=registrar, at=timezone.now())


def test_only_registrars_of_the_unit_ask_for_copies_and_give_them_up(
    ask, waiting, stranger, training_class
):
    for somebody in (stranger, approver_of(training_class)):
        with pytest.raises(NotAllowed):
            ask(by=somebody)
        with pytest.raises(NotAllowed):
            give_up_copy(waiting, reason="Nhầm", by=somebody, at=timezone.now())


def test_a_copy_of_what_was_revoked_meanwhile_is_not_taken(issued, waiting, take, mau):
    ruling = Ruling("9/QĐ-TCT", day_of(timezone.now()), "issuer_error")
    revoke_certificate(issued, ruling=ruling, by=waiting.prepared_by, at=timezone.now())

    assert "không còn dùng" in _refusal(take, plugin_signs(waiting.file, mau))


def test_a_copy_that_says_no_more_what_the_register_says_is_not_taken(
    issued, waiting, take, mau, bach
):
    ruling = Ruling("9/QĐ-TCT", day_of(timezone.now()), "written_wrong")
    says = replace(issued.holder, full_name="Trần Thị Đúng")
    by = waiting.prepared_by
    correct_certificate(issued, says, ruling=ruling, by=by, at=timezone.now())
    take(plugin_signs(issued.prepared_anew.get().file, bach))

    assert "không còn dùng" in _refusal(take, plugin_signs(waiting.file, mau))


def test_the_database_keeps_what_is_reserved_for_a_copy(waiting, take, mau, issued, registrar):
    given = {"issued_by": registrar, "issued_at": timezone.now(), "certificate": issued}
    given |= {name: getattr(waiting, name) for name in ("issuer", "year", "number", "copy_number")}
    given |= {**vars(ASKED), "file": b"%PDF-1.7", "file_sha256": "0" * 64}
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        PreparedCopy.objects.update(recipient="Người khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        PreparedCopy.objects.all().delete()
    with pytest.raises(IntegrityError, match="reserved for a copy"), transaction.atomic():
        RegisterCopy.objects.create(**given, client_id=uuid4())
    with pytest.raises(IntegrityError, match="reserved for a copy"), transaction.atomic():
        RegisterCopy.objects.create(
            **given | {"signer_name": "Người khác"}, client_id=waiting.client_id
        )
    take(plugin_signs(waiting.file, mau))
    with pytest.raises(IntegrityError, match="not given up"), transaction.atomic():
        PreparedCopy.objects.update(
            given_up_at=timezone.now(), given_up_by=registrar, given_up_reason="x"
        )


# --- Pages ------------------------------------------------------------------------------------


def _upload(content):
    file = BytesIO(content)
    file.name = "signed.pdf"
    return file


def test_a_registrar_asks_on_the_page_and_is_led_to_the_signature(client, issued, registrar):
    address = reverse("credentials:copy", args=[issued.pk])
    form = sign_in(client, registrar).get(address).context["form"]

    answer = client.post(address, {**vars(ASKED), "client_id": form.initial["client_id"]})

    assert answer["Location"] == reverse("credentials:waiting", args=[issued.entry.decision_id])
    page = client.get(answer["Location"]).content.decode()
    assert form.initial["signer_name"] == TEXT.signer_name
    for said in (f"00001/{timezone.now().year}/BS", "Lê Thị Mẫu", "Hạn cấp"):
        assert said in page


def test_each_signer_is_asked_for_their_own_files_alone(client, issued, waiting, registrar):
    address = reverse("credentials:next_file", args=[issued.entry.decision_id])
    sign_in(client, registrar)

    told = [
        client.get(address, {"signer": key_of_signer(name)}).json()
        for name in (TEXT.signer_name, ASKED.signer_name, "Người Khác")
    ]

    assert [each["left"] for each in told] == [2, 1, 0]
    assert told[1]["request"]["MetaData"][0]["Value"] == waiting.copy_number
    assert told[2]["request"] is None


def test_the_plug_in_fetches_and_hands_in_a_copy(client, waiting, mau, registrar):
    address = f"/signing/plug-in/{errand_to(waiting, registrar)}/"
    signed = plugin_signs(client.get(address).content, mau)

    said = client.post(address, {"uploadfile": _upload(signed)}).json()

    copy = RegisterCopy.objects.get()
    assert (said["Status"], said["DocumentNumber"]) == (0, waiting.copy_number)
    assert said["FileServer"].endswith(reverse("credentials:copy_file", args=[copy.pk]))


def test_a_copy_is_given_up_on_its_page_and_the_book_shows_why(client, waiting, registrar):
    sign_in(client, registrar)
    book, address = (
        reverse("credentials:copies"),
        f"/register/copies/unsigned/{waiting.pk}/give-up/",
    )
    assert address in client.get(book).content.decode()

    refused = client.post(address, {"reason": ""})
    answer = client.post(address, {"reason": "Người yêu cầu rút đề nghị"})

    assert (refused.status_code, answer.status_code, answer["Location"]) == (422, 303, book)
    page = client.get(book).content.decode()
    assert "Người yêu cầu rút đề nghị" in page
    assert "đã hủy khi chưa ký" in page
    assert client.get(address).status_code == 404


def test_a_copy_that_waits_too_long_is_shown_as_overdue(client, waiting, registrar):
    pages = [reverse("credentials:copies"), f"/signing/{waiting.decision.pk}/"]
    sign_in(client, registrar)
    in_time = [client.get(page).content.decode() for page in pages]
    tamper("UPDATE credentials_preparedcopy SET prepared_at = prepared_at - interval '9 days'")

    assert not any("quá hạn" in page for page in in_time)
    assert all("quá hạn" in client.get(page).content.decode() for page in pages)


def test_an_unsigned_copy_opens_to_those_who_may_have_it_signed(
    client, issued, waiting, registrar, stranger
):
    address = f"/signing/{issued.entry.decision_id}/copies/{waiting.pk}/"

    assert sign_in(client, registrar).get(address).content == waiting.file
    assert sign_in(client, stranger).get(address).status_code == 404


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        (datetime(2026, 11, 19, 15, 0, tzinfo=VIETNAM), date(2026, 11, 19)),
        (datetime(2026, 11, 19, 15, 1, tzinfo=VIETNAM), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 16, 0, tzinfo=VIETNAM), date(2026, 11, 23)),  # Friday afternoon
        (datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM), date(2026, 11, 23)),  # Saturday
    ],
)
def test_a_copy_is_due_on_its_day_or_after_three_the_next_working_day(asked_at, due):
    assert last_day_to_copy(asked_at) == due
