"""The chain an auditor checks: as pages, and as documents that can be printed."""

import shutil
import subprocess
from datetime import date, timedelta

import pytest
from django.urls import reverse

from credentials.recognition_scene import NOON, certify, decide, sign_in, tamper
from hocvu.credentials.queries.chain import chain_of_certificate, chain_of_decision
from hocvu.credentials.queries.documents import decision_pdf, facts_of
from hocvu.credentials.queries.runs import overdue_decisions
from hocvu.credentials.rules.deadlines import last_day_to_issue
from hocvu.credentials.rules.decree30 import decision_document

TODAY = NOON.date()


@pytest.fixture
def decision(training_class, registrar):
    return decide(training_class, registrar)


def missing(links):
    return {link.name: link.missing for link in links if link.missing}


def words_of(pdf, tmp_path):
    file = tmp_path / "document.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", file, "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    return " ".join(said.stdout.split())


def test_a_decision_shows_every_link_of_its_chain(training_class, registrar):
    tamper("UPDATE classes_trainingclass SET opening_decision = '100/QĐ-TCT'")
    certificates = certify(training_class, registrar)
    decision = certificates[0].entry.decision

    links = chain_of_decision(decision, TODAY)

    assert len(links) == 7
    assert "100/QĐ-TCT" in links[0].found
    assert missing(links) == {}


def test_what_is_missing_is_said_in_words(decision):
    found = missing(chain_of_decision(decision, TODAY))

    assert len(found) == 3  # no opening decision, not entered yet, not issued yet
    assert all(found.values())


def test_a_certificate_shows_the_chain_of_its_holder(certificate):
    links = chain_of_certificate(certificate, TODAY)

    assert "2" in links[1].found  # half days attended of those held
    assert certificate.serial_number in links[-1].found


def test_the_pages_of_the_chain_open_for_who_sees_certificates(
    client, certificate, registrar, stranger, learners
):
    pages = (
        reverse("credentials:decision_chain", args=[certificate.entry.decision_id]),
        reverse("credentials:certificate_chain", args=[certificate.pk]),
        reverse("credentials:decision_document", args=[certificate.entry.decision_id]),
        reverse("credentials:decisions"),
    )

    assert [sign_in(client, registrar).get(page).status_code for page in pages] == [200] * 4
    for somebody in (stranger, learners[0]):
        found = [sign_in(client, somebody).get(page).status_code for page in pages]
        assert found == [404, 404, 404, 200]


# --- deadlines --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "days"), [("completion", 15), ("certificate", 5)])
def test_a_certificate_is_due_so_many_days_after_its_decision(kind, days):
    assert last_day_to_issue(kind, TODAY) == TODAY + timedelta(days=days)


def test_before_the_first_rule_the_first_rule_holds():
    assert last_day_to_issue("certificate", date(2025, 1, 1)) == date(2025, 1, 6)


def test_a_registrar_is_told_what_is_overdue(decision, registrar, stranger, client):
    late = TODAY + timedelta(days=16)

    assert overdue_decisions(registrar, late) == [decision]
    assert overdue_decisions(registrar, TODAY) == []
    assert overdue_decisions(stranger, late) == []


# --- the decision as a document ---------------------------------------------------------------


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs Debian's poppler-utils")
def test_the_document_says_what_the_decree_asks_for(decision, tmp_path):
    words = words_of(decision_pdf(decision), tmp_path)

    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "TRƯỜNG CHÍNH TRỊ MẪU",
        "Số: 07/QĐ-TCT",
        "Hải Phòng, ngày 20 tháng 11 năm 2026",
        "Công nhận 3 học viên",
        "KT. HIỆU TRƯỞNG",
        "Lương Khánh Bách",
        "- Lưu: VT, hồ sơ lớp.",
        "Danh sách gồm 3 người.",
        "Phạm Văn Ân",
    ):
        assert said in words, said


@pytest.mark.parametrize(
    ("day", "law"), [(date(2025, 6, 30), "101/2017/NĐ-CP"), (date(2025, 7, 1), "171/2025/NĐ-CP")]
)
def test_a_decision_rests_on_the_law_of_its_day(decision, day, law):
    decision.decided_on = day

    facts = facts_of(decision)

    assert decision_document(facts, [])["grounds"][0].startswith(f"Căn cứ Nghị định số {law}")


def test_article_1_names_the_class_as_one(decision):
    for name, said in (("Lớp K1", "Lớp K1 (K1)"), ("Kỹ năng số", "lớp “Kỹ năng số” (K1)")):
        decision.class_name = name
        [article, *_] = decision_document(facts_of(decision), [])["articles"]
        assert f"Công nhận 3 học viên {said}, tổ chức" in article


def test_the_same_decision_gives_the_same_bytes(decision):
    assert decision_pdf(decision) == decision_pdf(decision)
