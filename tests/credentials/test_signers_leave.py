"""Signers leave: what is signed after a decision is signed by whoever is in office on that day.

What somebody who has left could try with a key that is still theirs, and what a registrar could try
with the name of somebody who may not sign.
"""

import shutil
import subprocess
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from credentials.files_scene import PASSWORD_FROM, keep_pkcs12, make_key
from credentials.recognition_scene import TEXT, approver_of, decide, make_person, sign_in
from hocvu.credentials.actions import correct_certificate, issue_certificates
from hocvu.credentials.actions.preparing_anew import withdraw_edition
from hocvu.credentials.actions.remaking import (
    approve_new_files,
    ask_for_new_files,
    make_new_files,
)
from hocvu.credentials.actions.returning import FileIsNotTaken, hand_in_file
from hocvu.credentials.models import Certificate, PreparedAnew, PreparedFile, RegisterEntry
from hocvu.credentials.queries.office import NobodyInOffice, in_office
from hocvu.credentials.rules.causes import Ruling
from hocvu.credentials.rules.office import InOffice
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.time import day_of
from hocvu.people.models import Post, RoleGrant
from hocvu.stationery.models import TemplateVersion
from hocvu.stationery.rules.texts import long_day
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Verdict
from hocvu.verification.views.rendering import page_of
from signing.test_returned import plugin_signs

HANH = "Nguyễn Thị Hạnh"
RULING = Ruling("9/QĐ-TCT", day_of(timezone.now()), "written_wrong")


def leaves(person):
    """The post ends today; accounts, roles and keys are still as they were."""
    today = day_of(timezone.now())
    Post.objects.filter(person=person).update(from_on=date(2020, 1, 1), until_on=today)


@pytest.fixture
def decision(named, training_class, registrar):
    made = decide(training_class, registrar, TEXT, at=timezone.now())
    issue_certificates(made, by=registrar, at=timezone.now())
    return made


@pytest.fixture
def take(decision, registrar):
    def take(content):
        return hand_in_file(content, of=decision, by=registrar, at=timezone.now())

    return take


@pytest.fixture
def issued(decision, take, bach):
    prepared = PreparedFile.objects.get(entry__decision=decision, entry__position=1)
    return take(plugin_signs(prepared.file, bach))


@pytest.fixture
def pens(bach, hanh):
    return {"bach": bach, "hanh": hanh}


@pytest.fixture
def correct(issued, registrar):
    def correct(name="Trần Thị Đính Chính", **more):
        says = replace(issued.holder, full_name=name)
        asked = {"ruling": RULING, "by": registrar, "at": timezone.now()} | more
        correct_certificate(issued, says, **asked)
        return PreparedAnew.objects.filter(order=None, withdrawn_at=None).latest("pk")

    return correct


def _refusal(take, content):
    entered = RegisterEntry.objects.count()
    with pytest.raises(FileIsNotTaken) as refused:
        take(content)
    assert RegisterEntry.objects.count() == entered
    return str(refused.value)


# --- Who signs ---------------------------------------------------------------------------------


def test_while_the_decisions_signer_is_in_office_nothing_changes(correct):
    assert correct().who_signs == TEXT.signer_name


def test_after_they_left_whoever_is_in_office_signs_and_verification_tells_both(
    issued, correct, take, hanh, leaders
):
    leaves(leaders["bach"])
    edition = correct()

    new = take(plugin_signs(edition.file, hanh))

    checked = check_file(new.file)
    assert edition.who_signs == HANH
    assert checked.verdict is Verdict.VALID
    assert (checked.facts.decision, checked.facts.decision_signer) == (
        "07/QĐ-TCT",
        TEXT.signer_name,
    )
    assert checked.facts.file_signer == HANH
    page = page_of(checked, "vi")[0].decode()
    for said in ("Người ký quyết định", TEXT.signer_name, "Người ký tệp này về sau", HANH):
        assert said in page
    superseded = RegisterEntry.objects.get(event="supersede")
    assert superseded.facts["signer"] == HANH
    assert superseded.facts["signer_title"] == "Hiệu trưởng"
    assert check_file(issued.file).verdict is Verdict.CORRECTED
    assert audit_register() == []


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs Debian's poppler-utils")
def test_the_page_names_who_signs_under_their_own_day_and_the_decision_it_rests_on(
    correct, leaders, tmp_path
):
    leaves(leaders["bach"])
    (tmp_path / "edition.pdf").write_bytes(correct().file)

    said = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "edition.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    words = " ".join(said.split())

    assert HANH in words
    assert TEXT.signer_name not in words
    assert "KT. HIỆU TRƯỞNG" not in words
    assert "Quyết định số 07/QĐ-TCT ngày 20 tháng 11 năm 2026" in words
    assert f"Hải Phòng, {long_day(day_of(timezone.now()))}" in words


def test_a_registrar_chooses_among_those_in_office(correct):
    assert correct(signer=HANH).who_signs == HANH


@pytest.mark.parametrize("name", ["Bùi Thị Văn Thư", "Nguyễn Thị Hanh", "Người Lạ"])
def test_nobody_else_can_be_chosen(correct, name):
    with pytest.raises(NobodyInOffice, match="hiện không được ký"):
        correct(signer=name)


def test_where_nobody_is_in_office_nothing_is_corrected_and_it_is_said(correct, leaders):
    for each in leaders.values():
        leaves(each)

    with pytest.raises(NobodyInOffice, match="đương nhiệm"):
        correct()
    assert not PreparedAnew.objects.exists()


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("post over", leaves),
        ("post to come", lambda each: each.posts.update(from_on=date(2999, 1, 1))),
        ("no role", lambda each: RoleGrant.objects.filter(person=each).update(role="registrar")),
        (
            "role over",
            lambda each: RoleGrant.objects.filter(person=each).update(
                until_on=day_of(timezone.now())
            ),
        ),
    ],
)
def test_a_key_alone_makes_nobody_a_signer(what, change, named, school, leaders):
    change(leaders["bach"])

    assert [each.name for each in in_office(school, timezone.now())] == [HANH], what


def test_a_leader_elsewhere_or_of_nearly_the_same_name_does_not_stand_in(
    named, school, leaders, other_city
):
    leaves(leaders["hanh"])
    make_person(HANH, other_city, role="leader")
    make_person("Nguyễn Thị Hanh", school, role="leader")

    assert [each.name for each in in_office(school, timezone.now())] == [TEXT.signer_name]


# --- What somebody who has left could try --------------------------------------------------------


def test_a_file_set_for_them_is_refused_once_they_left_whenever_they_say_they_signed(
    correct, take, bach, leaders
):
    signed_in_office = plugin_signs(correct().file, bach)
    leaves(leaders["bach"])

    assert "không giữ chức vụ" in _refusal(take, signed_in_office)


def test_their_signature_on_a_file_of_their_successor_is_refused(correct, take, bach, leaders):
    leaves(leaders["bach"])

    assert "Một người ký khác" in _refusal(take, plugin_signs(correct().file, bach))


def test_who_holds_a_file_back_stops_nothing(issued, correct, take, pens, leaders):
    held_back = correct()
    leaves(leaders["bach"])
    withdraw_edition(issued, by=held_back.prepared_by, at=timezone.now())

    new = take(plugin_signs(correct().file, pens["hanh"]))

    assert new.edition == 2
    assert "không còn dùng" in _refusal(take, plugin_signs(held_back.file, pens["bach"]))


def test_a_successor_signs_no_first_issue_of_anothers_decision(decision, take, hanh, leaders):
    leaves(leaders["bach"])
    prepared = PreparedFile.objects.filter(entry__decision=decision).first()

    assert "Một người ký khác" in _refusal(take, plugin_signs(prepared.file, hanh))
    assert not Certificate.objects.exists()


def test_a_signed_edition_stays_valid_when_its_signer_leaves_later(
    issued, correct, take, hanh, leaders
):
    leaves(leaders["bach"])
    new = take(plugin_signs(correct().file, hanh))

    leaves(leaders["hanh"])

    assert check_file(new.file).verdict is Verdict.VALID
    assert check_file(issued.file).verdict is Verdict.CORRECTED


# --- Files made anew -----------------------------------------------------------------------------


@pytest.fixture
def order(issued, school, registrar):
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


def test_what_waits_for_somebody_who_left_is_set_anew_for_who_is_in_office(
    order, issued, take, pens, leaders
):
    make_new_files(order, now=timezone.now)
    first = PreparedAnew.objects.get(order=order)
    leaves(leaders["bach"])

    again = [make_new_files(order, now=timezone.now) for _ in range(2)]

    second = PreparedAnew.objects.get(order=order, withdrawn_at=None)
    assert (first.who_signs, second.who_signs, again) == (TEXT.signer_name, HANH, [1, 0])
    assert "không còn dùng" in _refusal(take, plugin_signs(first.file, pens["bach"]))
    take(plugin_signs(second.file, pens["hanh"]))
    order.refresh_from_db()
    assert order.ended_at is not None
    assert RegisterEntry.objects.get(event="reissue").facts["signer"] == HANH
    assert check_file(issued.file).verdict is Verdict.VALID
    assert audit_register() == []


def test_an_order_stands_still_in_words_while_nobody_is_in_office(order, leaders):
    for each in leaders.values():
        leaves(each)

    assert make_new_files(order, now=timezone.now) == 0

    order.refresh_from_db()
    assert "đương nhiệm" in order.stop_detail


# --- Keys on the server --------------------------------------------------------------------------


def test_a_key_on_the_server_signs_in_the_name_of_who_is_in_office(
    folder, organisation, leaders, training_class, registrar
):
    signers = ""
    for file, name in (("b.p12", TEXT.signer_name), ("h.p12", HANH)):
        keep_pkcs12(folder, file, make_key(folder, name))
        signers += f'[[issuer.signer]]\nname = "{name}"\npkcs12 = "{file}"\n'
        signers += f'password_from = "{PASSWORD_FROM}"\n'
    own = f'pkcs12 = "school.p12"\npassword_from = "{PASSWORD_FROM}"\n'
    (folder / "keys.toml").write_text(f'[[issuer]]\ncode = "TCT-31"\n{own}{signers}')
    decision = decide(training_class, registrar, TEXT, at=timezone.now())
    issue_certificates(decision, by=registrar, at=timezone.now())
    issued = Certificate.objects.get(entry__position=1)
    leaves(leaders["bach"])

    says = replace(issued.holder, full_name="Trần Thị Đính Chính")
    new = correct_certificate(issued, says, ruling=RULING, by=registrar, at=timezone.now())

    assert check_file(issued.file).facts.file_signer == ""
    assert check_file(new.file).facts.file_signer == HANH
    assert check_file(new.file).facts.decision_signer == TEXT.signer_name


# --- In words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "capacity", "written"),
    [
        ("Hiệu trưởng", "", "Hiệu trưởng"),
        ("Phó Hiệu trưởng", "KT. HIỆU TRƯỞNG", "Phó Hiệu trưởng"),
        ("Phó Giám đốc thường trực", "KT. GIÁM ĐỐC", "Phó Giám đốc thường trực"),
        ("Quyền Hiệu trưởng", "", "Q. Hiệu trưởng"),
    ],
)
def test_a_deputy_signs_for_the_head_and_who_acts_says_so(title, capacity, written):
    signer = InOffice(HANH, title)

    assert (signer.capacity, signer.written_title) == (capacity, written)


def test_a_registrar_is_offered_who_is_in_office_on_the_page(client, issued, registrar, leaders):
    sign_in(client, registrar)
    address = reverse("credentials:correct", args=[issued.pk])

    both = client.get(address).context["form"].fields["signer"].choices
    leaves(leaders["bach"])
    left = client.get(address).context["form"].fields["signer"].choices

    assert [name for name, _ in both] == [TEXT.signer_name, HANH]
    assert [said for _, said in left] == [f"{HANH}, Hiệu trưởng"]
