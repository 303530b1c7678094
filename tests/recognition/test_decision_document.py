"""The decision as a document that can be printed."""

import shutil
import subprocess
from datetime import date

import pytest

from credentials.recognition_scene import decide
from hocvu.recognition.queries.documents import decision_pdf, facts_of
from hocvu.recognition.rules.decree30 import decision_document


@pytest.fixture
def decision(training_class, registrar):
    return decide(training_class, registrar)


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
