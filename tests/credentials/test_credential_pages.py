import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from credentials.recognition_scene import NOON, TEXT, certify, sign_in, tamper
from hocvu.config.checking import verify_file_and_register
from hocvu.credentials.actions import issue_certificates, issue_decision, revoke_certificate
from hocvu.credentials.actions.decisions import fingerprint_of
from hocvu.credentials.models import Certificate, RecognitionDecision
from hocvu.credentials.queries.candidates import candidates_of
from hocvu.credentials.views import verification

VERIFY = reverse("credentials:verify")


def pdf(content, name="chung-nhan.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def typed(**changes):
    return {
        "number": 7,
        "symbol": "QĐ-TCT",
        "decided_on": "20/11/2026",
        "place": "Hải Phòng",
        "capacity": "",
        "signer_title": "Phó Hiệu trưởng",
        "signer_name": "Lương Khánh Bách",
        **changes,
    }


def text_of(response):
    return response.content.decode()


# --- anyone verifies --------------------------------------------------------------------------


def test_the_address_in_the_qr_code_answers_a_stranger(client, certificate):
    response = client.get(reverse("credentials:verify_code", args=[certificate.verification_code]))

    assert response.status_code == 200
    assert certificate.entry.full_name in text_of(response)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_a_stranger_sees_no_birth_date_no_identity_number_and_no_unit(client, certificate):
    person = certificate.entry.person
    type(person).objects.filter(pk=person.pk).update(identity_number="000180000001")

    page = text_of(
        client.get(reverse("credentials:verify_code", args=[certificate.verification_code]))
    )

    for private in ("1980", "000180000001", "Thủy Nguyên", "Chuyên viên", "VN.31"):
        assert private not in page


def test_a_code_is_typed_and_its_page_opens(client, certificate):
    spoken = certificate.verification_code.lower()

    response = client.post(VERIFY, {"code": f" {spoken[:8]}-{spoken[8:]} "}, follow=True)

    assert certificate.entry.full_name in text_of(response)


def test_the_address_from_the_qr_code_may_be_typed_instead(client, certificate, settings):
    address = f"{settings.SITE_ADDRESS}/v/{certificate.verification_code}/"

    response = client.post(VERIFY, {"code": address}, follow=True)

    assert certificate.entry.full_name in text_of(response)


@pytest.mark.parametrize("code", ["a/b", "../../etc", "%2e%2e", "ĐẶNG", "0"])
def test_whatever_is_typed_gets_an_answer(client, certificate, code):
    response = client.post(VERIFY, {"code": code}, follow=True)

    assert response.status_code in {200, 422}
    assert certificate.entry.full_name not in text_of(response)


def test_an_address_with_odd_characters_gets_an_answer(client, certificate):
    assert client.get("/v/%00/").status_code == 200
    assert client.get("/v/" + "9" * 3000 + "/").status_code == 200


def test_a_file_is_checked_and_nothing_is_kept(client, certificate):
    response = client.post(VERIFY, {"file": pdf(bytes(certificate.file))})

    assert response.status_code == 200
    assert certificate.entry.full_name in text_of(response)
    assert Certificate.objects.count() == 3


def test_a_changed_file_shows_no_name(client, certificate):
    changed = bytearray(certificate.file)
    changed[len(changed) // 3] ^= 1

    response = client.post(VERIFY, {"file": pdf(bytes(changed))})

    assert certificate.entry.full_name not in text_of(response)


def test_a_revoked_certificate_says_so_with_its_cause(client, certificate, registrar):
    revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)

    page = text_of(
        client.get(reverse("credentials:verify_code", args=[certificate.verification_code]))
    )

    assert "09/QĐ-TCT" in page


@pytest.mark.parametrize(
    "file",
    [
        pdf(b"Xin chao", "thu.txt"),
        pdf(b"PK\x03\x04", "bang.xlsx"),
        pdf(b""),
    ],
    ids=["text", "workbook", "empty"],
)
def test_a_file_that_cannot_be_ours_is_refused_in_a_sentence(client, trust, file):
    file.seek(0)

    response = client.post(VERIFY, {"file": file})

    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_a_file_of_25_mb_is_refused_in_a_sentence(client, trust):
    response = client.post(VERIFY, {"file": pdf(b"%PDF-" + b"\0" * (25 * 1024 * 1024))})

    assert response.status_code in {409, 422}  # by its announced size, or by the form
    assert "20 MB" in response.content.decode()


def test_neither_code_nor_file_is_refused_in_a_sentence(client, trust):
    response = client.post(VERIFY, {"code": ""})

    assert response.status_code == 422
    assert response.context["form"].non_field_errors()


def test_whoever_tries_codes_is_told_to_wait_and_others_are_not(client, trust, monkeypatch):
    monkeypatch.setattr(verification, "_CHECKS_A_MINUTE", 5)
    address = reverse("credentials:verify_code", args=["0000000000000000"])

    answers = [client.get(address).status_code for _ in range(6)]

    assert answers == [200, 200, 200, 200, 200, 429]
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_the_page_works_without_any_script(client, certificate):
    page = text_of(client.get(VERIFY))

    assert '<form method="post"' in page
    assert not re.search(r"\son[a-z]+=|javascript:", page)
    assert "style=" not in page


# --- a registrar ------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["candidates", "decide"])
def test_a_class_out_of_reach_does_not_exist(client, training_class, stranger, learners, page):
    address = reverse(f"credentials:{page}", args=[training_class.pk])

    for somebody in (stranger, learners[0]):
        assert sign_in(client, somebody).get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_the_candidates_page_says_who_and_why_not(
    client, training_class, registrar, django_assert_max_num_queries
):
    sign_in(client, registrar)

    with django_assert_max_num_queries(20):
        page = text_of(client.get(reverse("credentials:candidates", args=[training_class.pk])))

    assert "Vũ Văn Vắng" in page
    assert "0/2" in page


@pytest.mark.parametrize(("wanted", "count"), [("yes", 3), ("no", 1), ("", 4)])
def test_candidates_are_narrowed_by_what_they_earned(
    client, training_class, registrar, wanted, count
):
    address = reverse("credentials:candidates", args=[training_class.pk])

    page = text_of(sign_in(client, registrar).get(address, {"earned": wanted}))

    assert page.count("Phường Thủy Nguyên") == count


def test_one_press_issues_the_decision(client, training_class, registrar):
    address = reverse("credentials:decide", args=[training_class.pk])
    shown = sign_in(client, registrar).get(address).context["form"].initial["shown"]

    response = client.post(address, typed(shown=shown))

    decision = RecognitionDecision.objects.get()
    assert response["Location"] == reverse("credentials:decision", args=[decision.pk])
    assert decision.learner_count == 3


def test_after_a_stale_list_the_page_carries_the_new_one(client, training_class, registrar):
    address = reverse("credentials:decide", args=[training_class.pk])
    old = fingerprint_of(candidates_of(training_class)[:1])

    refused = sign_in(client, registrar).post(address, typed(shown=old))
    renewed = refused.context["form"].data["shown"]
    taken = client.post(address, typed(shown=renewed))

    assert refused.status_code == 422
    assert "Lương Khánh Bách" in text_of(refused)  # nothing that was typed is lost
    assert taken.status_code == 302
    assert RecognitionDecision.objects.count() == 1


def test_a_number_that_is_taken_is_said_beside_what_was_typed(
    client, training_class, next_class, registrar
):
    issue_decision(next_class, TEXT, by=registrar, at=NOON)
    address = reverse("credentials:decide", args=[training_class.pk])
    shown = sign_in(client, registrar).get(address).context["form"].initial["shown"]

    response = client.post(address, typed(shown=shown))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors()


def test_a_decision_shows_how_far_its_certificates_are(client, training_class, registrar):
    decision = issue_decision(training_class, TEXT, by=registrar, at=NOON)
    address = reverse("credentials:decision", args=[decision.pk])
    resume = reverse("credentials:resume", args=[decision.pk])

    before = text_of(sign_in(client, registrar).get(address))
    issue_certificates(decision, by=registrar, at=NOON)
    after = text_of(client.get(address))

    assert resume in before
    assert resume not in after
    assert "TCT-31-2026-000001" in after


def test_a_stranger_finds_neither_decision_nor_certificate(client, certificate, stranger):
    sign_in(client, stranger)
    decision = certificate.entry.decision_id

    for page, key in (
        ("decision", decision),
        ("resume", decision),
        ("certificate", certificate.pk),
        ("file", certificate.pk),
        ("revoke", certificate.pk),
    ):
        address = reverse(f"credentials:{page}", args=[key])
        assert client.get(address).status_code == 404, page
        assert client.post(address).status_code == 404, page


def test_a_holder_downloads_the_signed_file_byte_for_byte(client, certificate, learners):
    address = reverse("credentials:file", args=[certificate.pk])

    response = sign_in(client, learners[0]).get(address)

    assert response.content == bytes(certificate.file)
    assert sign_in(client, learners[1]).get(address).status_code == 404


def test_holders_find_their_certificates(client, certificates, learners, absentee):
    address = reverse("credentials:mine")

    assert "TCT-31-2026-000001" in text_of(sign_in(client, learners[0]).get(address))
    assert "TCT-31" not in text_of(sign_in(client, absentee).get(address))


def test_the_root_register_is_searched_without_marks(client, certificates, registrar):
    page = text_of(sign_in(client, registrar).get(reverse("credentials:register"), {"q": "dao"}))

    assert "Đặng Thu Đào" in page
    assert "Phạm Văn Ân" not in page


def test_the_root_register_leaves_as_a_workbook(client, certificates, registrar):
    response = sign_in(client, registrar).get(reverse("credentials:register"), {"format": "xlsx"})

    assert response.content.startswith(b"PK")


def test_a_registrar_revokes_with_a_cause_and_nobody_else_is_asked(
    client, certificate, registrar, learners
):
    address = reverse("credentials:revoke", args=[certificate.pk])

    assert sign_in(client, registrar).post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "QĐ 09/QĐ-TCT"}).status_code == 302
    assert certificate.register_entries.filter(event="revoke").exists()
    shown = text_of(
        sign_in(client, learners[0]).get(reverse("credentials:certificate", args=[certificate.pk]))
    )
    assert address not in shown


# --- in the terminal --------------------------------------------------------------------------


def verified(tmp_path, content=None):
    said = []
    file = None
    if content is not None:
        file = tmp_path / "given.pdf"
        file.write_bytes(content)
    return verify_file_and_register(file, tell=said.append), "\n".join(said)


def test_the_terminal_answers_with_a_code_for_every_verdict(certificates, registrar, tmp_path):
    genuine, revoked = (bytes(each.file) for each in certificates[:2])
    revoke_certificate(certificates[1], reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)
    changed = bytearray(genuine)
    changed[len(changed) // 3] ^= 1

    answers = [
        verified(tmp_path, content)[0]
        for content in (genuine, bytes(changed), revoked, b"%PDF-1.7 %%EOF")
    ]

    assert answers == [0, 1, 3, 4]


def test_the_terminal_without_a_file_holds_the_whole_register_to_its_log(certificates, tmp_path):
    code, said = verified(tmp_path)

    assert code == 0
    assert "3" in said


def test_a_register_that_was_touched_vouches_for_nothing(
    certificates, registrar, next_class, tmp_path
):
    certify(next_class, registrar, replace(TEXT, number=8))
    tamper("UPDATE credentials_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")

    code, said = verified(tmp_path, bytes(certificates[0].file))

    assert code == 1
    assert "TCT-31-2026-000002" in said
