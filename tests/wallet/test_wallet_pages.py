"""What holders and registrars see and do on the pages of this room."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from credentials.recognition_scene import NOON, sign_in
from hocvu.credentials.actions import correct_certificate
from hocvu.credentials.rules.causes import Ruling
from hocvu.verification.actions import write_checks
from hocvu.verification.actions.checks import forget_old_checks
from hocvu.verification.models import AccessKey, CheckCount
from hocvu.verification.rules.checks import Way, note, taken
from hocvu.wallet.actions import request_correction
from hocvu.wallet.models import CorrectionRequest, Share
from hocvu.wallet.rules.requests import Wish

MINE, NEW = reverse("wallet:mine"), reverse("wallet:new_share")
WISH = Wish("name", "Phạm Văn Ấn", "Giấy khai sinh")


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def signed_in(client, holder):
    return sign_in(client, holder)


@pytest.fixture
def typed(certificate):
    return {
        "certificates": [certificate.pk],
        "purpose": "Hồ sơ bổ nhiệm",
        "period": "7",
        "until": "",
        "shown": "facts",
        "client_id": str(uuid4()),
    }


@pytest.fixture
def wish():
    return {
        "subject": "name",
        "should_say": WISH.should_say,
        "evidence": WISH.evidence,
        "client_id": str(uuid4()),
    }


# --- my certificates ----------------------------------------------------------------------------


def test_holders_find_their_certificates(client, certificates, learners, absentee):
    assert "TCT-31-2026-000001" in text_of(sign_in(client, learners[0]).get(MINE))
    page = text_of(sign_in(client, absentee).get(MINE))
    assert "TCT-31" not in page
    assert "Chưa có giấy chứng nhận nào" in page


def test_a_corrected_certificate_is_shown_in_its_newest_edition(signed_in, certificate, registrar):
    ruling = Ruling("10/QĐ-TCT", NOON.date(), "written_wrong", "")
    says = replace(certificate.holder, full_name="Phạm Văn Ấn")
    edition = correct_certificate(certificate, says, ruling=ruling, by=registrar, at=NOON)

    listed = text_of(signed_in.get(MINE))
    page = text_of(signed_in.get(reverse("wallet:certificate", args=[edition.pk])))

    assert edition.serial_number in listed
    assert listed.count("<h2>") == 1
    assert "Phạm Văn Ấn" in page
    assert certificate.serial_number in page  # among earlier editions
    old = signed_in.get(reverse("wallet:certificate", args=[certificate.pk]))
    assert old.status_code == 404


def test_the_page_of_a_certificate_shows_code_state_and_history(signed_in, certificate):
    page = text_of(signed_in.get(reverse("wallet:certificate", args=[certificate.pk])))

    assert 'class="qr"' in page
    assert f"/v/{certificate.verification_code}" in page
    assert "còn hiệu lực" in page.lower() or "có hiệu lực" in page.lower()
    assert "đã cấp" in page or "cấp" in page


def test_a_revoked_certificate_says_so_and_offers_no_sharing(signed_in, certificate, revoke):
    revoke(certificate)

    page = text_of(signed_in.get(reverse("wallet:certificate", args=[certificate.pk])))

    assert "thu hồi" in page.lower()
    assert NEW not in page
    assert reverse("wallet:ask", args=[certificate.pk]) not in page


def test_somebody_elses_certificate_does_not_exist(client, certificates, learners, registrar):
    addresses = [
        reverse("wallet:certificate", args=[certificates[0].pk]),
        reverse("wallet:ask", args=[certificates[0].pk]),
        reverse("wallet:credential", args=[certificates[0].pk, "jwt"]),
    ]
    for somebody in (learners[1], registrar):
        sign_in(client, somebody)
        assert {client.get(each).status_code for each in addresses} == {404}
        sign = reverse("wallet:sign", args=[certificates[0].pk])
        assert client.post(sign).status_code == 404


def test_the_list_costs_few_statements(signed_in, certificates, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        signed_in.get(MINE)


# --- sharing ----------------------------------------------------------------------------


def test_a_holder_makes_a_link_sees_it_again_and_withdraws_it(signed_in, client, typed):
    made = signed_in.post(NEW, typed)
    page = text_of(signed_in.get(made["Location"]))
    (address,) = set(re.findall(r'value="[^"]*(/w/[\w-]{24})"', page))

    assert made.status_code == 303
    assert "verdict valid" in text_of(signed_in.get(address))
    assert address in text_of(signed_in.get(made["Location"]))
    share = Share.objects.get()
    signed_in.post(reverse("wallet:withdraw", args=[share.pk]))
    assert signed_in.get(address).status_code == 404
    assert address not in text_of(signed_in.get(made["Location"]))


def test_a_double_click_makes_one_link(signed_in, typed):
    first, second = (signed_in.post(NEW, typed) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Share.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"certificates": []},
        {"purpose": ""},
        {"period": "400"},
        {"period": "until"},
        {"period": "until", "until": "01/01/2020"},
        {"period": "until", "until": "01/01/2099"},
        {"period": "until", "until": "không biết"},
        {"client_id": "x"},
    ],
    ids=str,
)
def test_what_cannot_be_a_link_comes_back_with_what_was_typed(signed_in, typed, change):
    page = text_of(signed_in.post(NEW, typed | change), 422)

    assert change.get("purpose", typed["purpose"]) in page
    assert not Share.objects.exists()


def test_a_chosen_day_counts_to_its_end(signed_in, typed):
    until = timezone.localdate() + timedelta(days=30)

    signed_in.post(NEW, typed | {"period": "until", "until": f"{until:%d/%m/%Y}"})

    expires = timezone.localtime(Share.objects.get().expires_at)
    assert (expires.date() - until).days == 1
    assert expires.hour == 0


def test_somebody_elses_certificate_cannot_be_ticked(signed_in, typed, certificates):
    others = typed | {"certificates": [certificates[1].pk]}

    assert signed_in.post(NEW, others).status_code == 422
    assert not Share.objects.exists()


def test_somebody_elses_link_does_not_exist(client, share, learners, registrar):
    for somebody in (learners[1], registrar):
        sign_in(client, somebody)
        assert client.get(reverse("wallet:share", args=[share.pk])).status_code == 404
        withdraw = reverse("wallet:withdraw", args=[share.pk])
        assert client.post(withdraw).status_code == 404
        assert share.purpose not in text_of(client.get(reverse("wallet:shares")))


def test_a_profile_is_offered_the_link_and_not_the_name(signed_in, typed, holder):
    made = signed_in.post(NEW, typed)

    page = text_of(signed_in.get(made["Location"]))

    (profile,) = re.findall(r'href="(https://www\.linkedin\.com[^"]+)"', page)
    assert "%2Fw%2F" in profile
    assert holder.full_name not in profile


# --- for wallets ----------------------------------------------------------------------------


def test_a_holder_has_it_signed_and_downloads_it(signed_in, certificate):
    page = reverse("wallet:certificate", args=[certificate.pk])
    download = reverse("wallet:credential", args=[certificate.pk, "json"])
    assert signed_in.get(download).status_code == 404
    assert download not in text_of(signed_in.get(page))

    signed_in.post(reverse("wallet:sign", args=[certificate.pk]))

    assert download in text_of(signed_in.get(page))
    response = signed_in.get(download)
    assert json.loads(response.content)["proof"]["cryptosuite"] == "ecdsa-jcs-2019"
    assert certificate.serial_number in response["Content-Disposition"]
    odd = reverse("wallet:credential", args=[certificate.pk, "exe"])
    assert signed_in.get(odd).status_code == 404


# --- who looked ----------------------------------------------------------------------------


def test_checks_are_written_in_one_statement_and_shown_to_the_holder(
    signed_in, certificates, registrar, django_assert_num_queries
):
    taken()
    key = AccessKey.objects.create(
        organisation="Sở Nội vụ", purpose="Tuyển dụng", public_part="KEY00001",
        secret_sha256="0" * 64, granted_by=registrar, granted_at=NOON,
    )  # fmt: skip
    for _ in range(3):
        note(certificates[0].pk, Way.PAGE)
    note(certificates[0].pk, Way.PROGRAM, key.pk)
    note(certificates[1].pk, Way.FILE)
    note(10**9, Way.PAGE)  # taken away meanwhile

    with django_assert_num_queries(1):
        assert write_checks() == 3
    note(certificates[0].pk, Way.PAGE)
    write_checks()

    assert CheckCount.objects.get(certificate=certificates[0], way="page").count == 4
    page = text_of(signed_in.get(reverse("wallet:checks")))
    assert "Sở Nội vụ" in page
    assert certificates[0].serial_number in page
    assert certificates[1].serial_number not in page


def test_a_check_by_its_code_reaches_the_holder(client, certificate, holder):
    taken()
    client.get(reverse("verification:code", args=[certificate.verification_code]))
    client.get(reverse("verification:code", args=["0" * 16]))
    write_checks()

    (counted,) = CheckCount.objects.all()
    assert (counted.certificate, counted.way, counted.count) == (certificate, "page", 1)
    page = text_of(sign_in(client, holder).get(reverse("wallet:checks")))
    assert "bằng mã" in page


def test_nothing_noted_costs_nothing(db, django_assert_num_queries):
    taken()

    with django_assert_num_queries(0):
        assert write_checks() == 0


def test_old_checks_are_forgotten(certificate):
    today = timezone.localdate()
    for days in (91, 90, 0):
        CheckCount.objects.create(
            certificate=certificate, checked_on=today - timedelta(days=days), way="page", count=1
        )

    forget_old_checks(0)

    assert CheckCount.objects.count() == 2


# --- corrections ----------------------------------------------------------------------------


def test_a_holder_asks_and_sees_that_it_waits(signed_in, certificate, wish):
    address = reverse("wallet:ask", args=[certificate.pk])

    asked = signed_in.post(address, wish)

    assert asked.status_code == 303
    page = text_of(signed_in.get(asked["Location"]))
    assert WISH.should_say in page
    assert "chờ trả lời" in page
    again = signed_in.post(address, wish | {"client_id": str(uuid4())})
    assert WISH.evidence in text_of(again, 422)


def test_a_request_without_evidence_comes_back(signed_in, certificate, wish):
    address = reverse("wallet:ask", args=[certificate.pk])

    page = text_of(signed_in.post(address, wish | {"evidence": ""}), 422)

    assert WISH.should_say in page
    assert not CorrectionRequest.objects.exists()


def test_a_registrar_answers_from_the_list(client, certificate, holder, registrar):
    made = request_correction(certificate, WISH, client_id=uuid4(), by=holder, at=NOON)
    sign_in(client, registrar)
    listed = text_of(client.get(reverse("wallet:requests")))
    address = reverse("wallet:answer", args=[made.pk])
    page = text_of(client.get(address))

    assert address in listed
    assert WISH.should_say in page
    assert reverse("credentials:correct", args=[certificate.pk]) in page
    assert client.post(address, {"answer": ""}).status_code == 422
    assert client.post(address, {"answer": "Giấy tờ không khớp"}).status_code == 303
    assert "Giấy tờ không khớp" in text_of(client.get(address))
    open_ones = client.get(reverse("wallet:requests"), {"state": "open"})
    assert certificate.serial_number not in text_of(open_ones)
    own = text_of(sign_in(client, holder).get(reverse("wallet:certificate", args=[certificate.pk])))
    assert "Giấy tờ không khớp" in own


def test_registrars_elsewhere_and_holders_find_no_requests(client, certificate, holder, stranger):
    made = request_correction(certificate, WISH, client_id=uuid4(), by=holder, at=NOON)
    address = reverse("wallet:answer", args=[made.pk])

    for somebody in (stranger, holder):
        sign_in(client, somebody)
        assert client.get(address).status_code == 404
        assert certificate.serial_number not in text_of(client.get(reverse("wallet:requests")))


def test_who_has_one_certificate_finds_it_ticked(signed_in, certificate):
    page = text_of(signed_in.get(reverse("wallet:new_share")))

    assert re.search(rf'name="certificates" value="{certificate.pk}"[^>]*checked', page)
