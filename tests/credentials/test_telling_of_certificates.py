"""Holders and their agencies are told what became of certificates, in the same transaction."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.translation import override

from credentials.recognition_scene import NOON, certify, decide, make_person, make_unit, sign_in
from hocvu.credentials.actions import (
    correct_certificate,
    issue_certificates,
    reinstate_certificate,
    revoke_certificate,
)
from hocvu.credentials.queries.recipients import agencies_of
from hocvu.credentials.rules.causes import Ruling
from hocvu.notices.actions import deliver_notices
from hocvu.notices.actions.email import EmailChannel
from hocvu.notices.models import Notice
from hocvu.notices.queries.inbox import notices_of
from hocvu.notices.queries.letters import words_of
from hocvu.people.models import Person, RoleGrant

RULING = Ruling("09/QĐ-TCT", date(2026, 11, 20), "lent", "Cho Nguyễn Thị Bí Mật mượn")
CORRECTION = Ruling("10/QĐ-TCT", date(2026, 11, 20), "written_wrong")


def kinds_told_to(person):
    return list(notices_of(person.pk).order_by("pk").values_list("kind", flat=True))


def last_words_to(person, language="vi"):
    with override(language):
        return words_of(notices_of(person.pk).latest("pk"))


@pytest.fixture
def ward_officer(ward):
    return make_person("Lý Thị Phường", ward, role="training_officer")


# --- issued -----------------------------------------------------------------------------------


def test_every_holder_is_told_once_that_the_certificate_is_ready(certificates, learners):
    assert [kinds_told_to(each) for each in learners] == [["certificate_issued"]] * 3

    words = last_words_to(learners[0])
    assert words.heading == "Giấy chứng nhận đã được cấp"
    assert "Quyết định số 07/QĐ-TCT ngày 20/11/2026" in words.happened
    assert certificates[0].serial_number in words.happened
    assert words.path == "/certificates/"


def test_who_was_not_recognised_is_told_nothing(certificates, absentee):
    assert kinds_told_to(absentee) == []


def test_the_agency_is_told_once_of_a_decision_with_a_count(certificates, officer):
    [notice] = notices_of(officer.pk)

    words = words_of(notice)
    assert words.heading == "3 giấy chứng nhận được cấp cho người của đơn vị"
    assert "Lớp K1" in words.happened
    assert words.path == "/register/received/?decision=7"


def test_the_agency_is_told_when_the_last_batch_is_issued(
    training_class, registrar, officer, monkeypatch
):
    monkeypatch.setattr("hocvu.credentials.actions.issuing.BATCH", 2)
    told = []
    decision = decide(training_class, registrar)

    issue_certificates(
        decision,
        by=registrar,
        at=NOON,
        progress=lambda _issued: told.append(len(kinds_told_to(officer))),
    )

    assert told == [0, 1]
    assert notices_of(officer.pk).get().facts["count"] == 3


def test_issuing_what_is_issued_tells_nobody_again(certificates, registrar):
    before = Notice.objects.count()

    issue_certificates(certificates[0].entry.decision, by=registrar, at=NOON)

    assert Notice.objects.count() == before


def test_the_officer_of_the_own_unit_is_told_and_not_the_one_above(
    ward_officer, certificates, officer
):
    assert kinds_told_to(ward_officer) == ["certificates_issued_in_unit"]
    assert kinds_told_to(officer) == []


def test_where_a_unit_has_only_a_leader_the_leader_is_told(ward, city, officer):
    leader = make_person("Đào Văn Trưởng", ward, role="leader")

    [told] = agencies_of([ward.pk], on=NOON.date())[ward.pk]

    assert told.person_id == leader.pk


def test_a_role_that_has_ended_is_no_address(ward, ward_officer, officer):
    RoleGrant.objects.filter(person=ward_officer).update(until_on=date(2026, 11, 1))

    [told] = agencies_of([ward.pk], on=NOON.date())[ward.pk]

    assert told.person_id == officer.pk


def test_a_unit_that_nobody_looks_after_has_nobody_to_tell(ward, other_city):
    assert agencies_of([ward.pk], on=NOON.date()) == {ward.pk: ()}


def test_one_officer_of_several_units_is_told_the_sum(hold, registrar, city, officer, learners):
    other_ward = make_unit(city, "11500", "Phường Lê Chân")
    certify(hold([*learners, make_person("Tô Văn Khác", other_ward)], code="K9"), registrar)

    assert notices_of(officer.pk).get().facts["count"] == 4


# --- revoked, reinstated, corrected -----------------------------------------------------------


def test_a_revocation_is_told_to_the_holder_and_the_agency_at_any_hour(
    certificate, registrar, learners, officer
):
    revoke_certificate(certificate, ruling=RULING, by=registrar, at=NOON)

    words = last_words_to(learners[0])
    assert words.happened == (
        f"Giấy chứng nhận số hiệu {certificate.serial_number} đã bị thu hồi theo Quyết định số "
        "09/QĐ-TCT ngày 20/11/2026, lý do: đ) Để cho người khác sử dụng."
    )
    assert notices_of(learners[0].pk).latest("pk").is_urgent
    assert kinds_told_to(officer)[-1] == "certificate_revoked_in_unit"
    assert kinds_told_to(learners[1]) == ["certificate_issued"]


def test_doing_it_twice_tells_it_once_and_doing_it_anew_tells_it_anew(
    certificate, registrar, learners
):
    for hours in (0, 1):
        revoke_certificate(
            certificate, ruling=RULING, by=registrar, at=NOON + timedelta(hours=hours)
        )
    reinstate_certificate(
        certificate,
        ruling_number="11/QĐ-TCT",
        reason="Nhầm người",
        by=registrar,
        at=NOON + timedelta(hours=2),
    )
    revoke_certificate(certificate, ruling=RULING, by=registrar, at=NOON + timedelta(hours=3))

    assert kinds_told_to(learners[0]) == [
        "certificate_issued",
        "certificate_revoked",
        "certificate_reinstated",
        "certificate_revoked",
    ]


def test_a_correction_names_the_new_edition(certificate, registrar, learners, officer):
    says = replace(certificate.holder, full_name="Phạm Văn Ẩn")
    new = correct_certificate(certificate, says, ruling=CORRECTION, by=registrar, at=NOON)

    words = last_words_to(learners[0], "en")
    assert f"{certificate.serial_number} was replaced by a new edition" in words.happened
    assert new.serial_number in words.happened
    assert kinds_told_to(officer)[-1] == "certificate_corrected_in_unit"


def test_a_revocation_from_before_rulings_were_kept_apart_still_reads_as_a_sentence(
    certificate, registrar, learners
):
    revoke_certificate(certificate, reason="QĐ 3: gian lận", by=registrar, at=NOON)

    assert last_words_to(learners[0]).happened.endswith("đã bị thu hồi.")


def test_no_notice_keeps_a_name_and_no_subject_shows_one(certificates, registrar):
    says = replace(certificates[1].holder, full_name="Dương Dũng Sửa")
    revoke_certificate(certificates[0], ruling=RULING, by=registrar, at=NOON)
    correct_certificate(certificates[1], says, ruling=CORRECTION, by=registrar, at=NOON)

    names = [*Person.objects.values_list("full_name", flat=True), "Dương Dũng Sửa", "Bí Mật"]
    for notice in Notice.objects.all():
        words = words_of(notice)
        said = json.dumps(notice.facts, ensure_ascii=False) + str(words)
        assert not [name for name in names if name in said]
        assert all((words.heading, words.happened, words.meaning, words.what_to_do, words.button))


def test_an_agency_gets_one_e_mail_however_many_were_issued(certificates, officer, learners):
    Notice.objects.filter(recipient_id=officer.pk).update(address="officer@example.vn")
    Notice.objects.filter(recipient_id=learners[0].pk).update(address="an@example.vn")

    deliver_notices(EmailChannel(), now=lambda: NOON + timedelta(minutes=11))

    assert sorted(sent.to[0] for sent in mail.outbox) == ["an@example.vn", "officer@example.vn"]


# --- the agency's list ------------------------------------------------------------------------

RECEIVED = reverse("credentials:received")


def test_an_agency_finds_the_certificates_of_its_people_whoever_ran_the_class(
    client, certificates, ward_officer, learners
):
    page = sign_in(client, ward_officer).get(RECEIVED, {"decision": 7}).content.decode()

    assert all(each.full_name in page for each in learners)
    assert certificates[0].serial_number in page


def test_a_list_of_another_decision_is_another_list(client, certificates, ward_officer, learners):
    page = sign_in(client, ward_officer).get(RECEIVED, {"decision": 8}).content.decode()

    assert learners[0].full_name not in page


def test_nobody_else_s_people_stand_there(client, certificates, stranger, learners):
    page = sign_in(client, stranger).get(RECEIVED).content.decode()

    assert not any(each.full_name in page for each in learners)
