from dataclasses import replace

from django.urls import reverse

from credentials.recognition_scene import (
    NOON,
    TEXT,
    approver_of,
    certify,
    decide,
    propose,
    sign_in,
    tamper,
)
from hocvu.config.checking import verify_file_and_register
from hocvu.credentials.actions import issue_certificates, revoke_certificate, settle_question
from hocvu.credentials.models import Certificate, QuestionedCertificate


def text_of(response):
    return response.content.decode()


# --- a registrar ------------------------------------------------------------------------------


def test_a_line_is_previewed_before_approval(client, training_class, registrar):
    proposal = propose(training_class, registrar)
    line = proposal.result_record.lines.first()

    response = sign_in(client, approver_of(training_class)).get(
        reverse("credentials:preview_page", args=[proposal.pk, line.pk])
    )

    assert response.content.startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"


def test_a_decision_shows_how_far_its_certificates_are(client, training_class, registrar):
    decision = decide(training_class, registrar)
    address = reverse("recognition:decision", args=[decision.pk])
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
        ("recognition:decision", decision),
        ("credentials:resume", decision),
        ("credentials:certificate", certificate.pk),
        ("credentials:file", certificate.pk),
        ("credentials:revoke", certificate.pk),
    ):
        address = reverse(page, args=[key])
        assert client.get(address).status_code == 404, page
        assert client.post(address).status_code == 404, page


def test_a_holder_downloads_the_signed_file_byte_for_byte(client, certificate, learners):
    address = reverse("credentials:file", args=[certificate.pk])

    response = sign_in(client, learners[0]).get(address)

    assert response.content == bytes(certificate.file)
    assert sign_in(client, learners[1]).get(address).status_code == 404


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

    ruling = {"decision_number": "09/QĐ-TCT", "decided_on": "20/11/2026", "cause": "lent"}

    without = sign_in(client, registrar).post(address, {**ruling, "cause": ""})
    assert without.status_code == 422
    assert client.post(address, ruling).status_code == 303
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
    tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")

    code, said = verified(tmp_path, bytes(certificates[0].file))

    assert code == 1
    assert "TCT-31-2026-000002" in said


# --- what changes later -----------------------------------------------------------------------


def test_a_correction_is_made_by_the_page_and_leads_to_the_new_edition(
    client, certificate, registrar
):
    address = reverse("credentials:correct", args=[certificate.pk])
    page = sign_in(client, registrar).get(address)
    typed_in = {
        **page.context["form"].initial,
        "full_name": "Phạm Văn Ẩn",
        "decision_number": "10/QĐ-TCT",
        "decided_on": "20/11/2026",
        "cause": "written_wrong",
    }

    wrong_date = client.post(address, {**typed_in, "birth_text": "31/02/1980"})
    unchanged = client.post(address, {**typed_in, "full_name": certificate.holder.full_name})
    taken = client.post(address, typed_in)

    edition = Certificate.objects.get(edition=2)
    assert (wrong_date.status_code, unchanged.status_code) == (422, 422)
    assert taken["Location"] == reverse("credentials:certificate", args=[edition.pk])
    shown = text_of(client.get(taken["Location"]))
    assert "Phạm Văn Ẩn" in shown
    assert certificate.serial_number in shown


def test_a_revocation_is_taken_back_by_the_page(client, certificate, registrar):
    revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)
    address = reverse("credentials:reinstate", args=[certificate.pk])

    assert sign_in(client, registrar).post(address, {"reason": "x"}).status_code == 422
    client.post(address, {"decision_number": "11/QĐ-TCT", "reason": "Nhầm người"})

    assert certificate.register_entries.filter(event="reinstate").exists()


def test_everybody_reads_what_was_revoked_and_nobody_whose_it_was(client, certificate, registrar):
    address = reverse("credentials:revoke", args=[certificate.pk])
    ruling = {
        "decision_number": "09/QĐ-TCT",
        "decided_on": "20/11/2026",
        "cause": "lent",
        "explanation": "Cho ông Phạm Văn Mượn dùng",
    }
    sign_in(client, registrar).post(address, ruling)
    client.logout()

    page = text_of(client.get(reverse("credentials:published")))

    for said in (certificate.serial_number, "09/QĐ-TCT", "đ) Để cho người khác sử dụng"):
        assert said in page
    for private in (certificate.holder.full_name, "Phạm Văn Mượn"):
        assert private not in page


def test_the_holder_finds_what_became_of_a_certificate(client, certificate, registrar, learners):
    revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)
    address = reverse("credentials:told")

    assert certificate.serial_number in text_of(sign_in(client, learners[0]).get(address))
    assert certificate.serial_number not in text_of(sign_in(client, learners[1]).get(address))


def test_a_questioned_certificate_is_kept_by_the_page(client, certificate, registrar, learners):
    question = QuestionedCertificate.objects.create(
        certificate=certificate, reasons="not_passed", noted_at=NOON
    )
    address = reverse("credentials:settle", args=[question.pk])

    assert sign_in(client, learners[0]).get(address).status_code == 404
    listed = text_of(sign_in(client, registrar).get(reverse("credentials:questions")))
    assert address in listed
    assert client.post(address, {"explanation": ""}).status_code == 422
    client.post(address, {"explanation": "Đã thi lại"})

    question.refresh_from_db()
    assert question.outcome == "kept"


def test_the_ruling_on_a_questioned_certificate_can_be_read_again(
    client, certificate, registrar, learners
):
    question = QuestionedCertificate.objects.create(
        certificate=certificate, reasons="not_passed", noted_at=NOON
    )
    settle_question(question, explanation="Đã thi lại", by=registrar, at=NOON)
    address = reverse("credentials:certificate", args=[certificate.pk])

    ruling = "giữ hiệu lực – Đã thi lại"
    assert ruling in text_of(sign_in(client, registrar).get(address))
    assert ruling in text_of(client.get(reverse("credentials:settle", args=[question.pk])))
    assert ruling not in text_of(sign_in(client, learners[0]).get(address))
