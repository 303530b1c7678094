"""A recognition decision as an official document: its wording, in the order of the decree.

Decree 30/2020/NĐ-CP, annex I (layout, numbers, days) and annex III (form of a decision): each
ground ends with a semicolon and the last with a full stop; articles; recipients, the last of them
the file copy; the annex names the same number of people as article 1.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from hocvu.kernel.dated import in_force, rules_in
from hocvu.kernel.vietnamese import vn_date, vn_long_date, vn_number
from hocvu.recognition.rules.decision_text import DecisionText

_GROUNDS = Path(__file__).with_name("grounds.toml")
_SEX = {"male": "Nam", "female": "Nữ"}
_FOR_THE_HEAD = "KT."
_WHO_CARRIES_OUT = (
    "Các đơn vị có liên quan và các học viên có tên tại Điều 1 chịu trách nhiệm thi hành "
    "Quyết định này./."
)
_THINGS = {"completion": "giấy chứng nhận", "certificate": "chứng chỉ"}


@dataclass(frozen=True)
class Ground:
    """The law that decisions from a day on name first (`grounds.toml`)."""

    effective_from: date
    text: str


@dataclass(frozen=True)
class AnnexLine:
    """One line of the annexed list, as it read on that day."""

    position: int
    full_name: str
    birth_text: str
    sex: str
    post_title: str
    unit_name: str
    grade: str


@dataclass(frozen=True)
class DecisionFacts:
    """What the document says; `opening_decision` and `results_on` are "" and None where unknown."""

    text: DecisionText
    kind: str
    issuer_name: str
    superior_name: str  # of the agency directly above it; "" where there is none
    programme: str
    class_name: str
    class_code: str
    starts_on: date
    ends_on: date
    opening_decision: str
    results_on: date | None
    learner_count: int


def decision_document(facts: DecisionFacts, lines: list[AnnexLine]) -> dict[str, object]:
    """The whole document as plain values, ready to be set."""
    text = facts.text
    people = vn_number(facts.learner_count)
    completed = f"hoàn thành chương trình “{facts.programme}” (có danh sách kèm theo)"
    period = f"tổ chức từ ngày {vn_date(facts.starts_on)} đến ngày {vn_date(facts.ends_on)}"
    return {
        "superior": facts.superior_name.upper(),
        "agency": facts.issuer_name.upper(),
        "number": f"Số: {text.number_and_symbol}",
        "place_and_day": f"{text.place}, {vn_long_date(text.decided_on)}",
        "subject": f"Về việc công nhận hoàn thành chương trình “{facts.programme}”",
        "authority": _head_of_office(text),
        "grounds": _grounds(facts),
        "articles": [
            f"Công nhận {people} học viên {_class_in_words(facts)}, {period}, đã {completed}.",
            f"Các học viên có tên trong danh sách được cấp {_THINGS[facts.kind]} theo quy định.",
            _WHO_CARRIES_OUT,
        ],
        "recipients": ["- Như Điều 3;", "- Lưu: VT, hồ sơ lớp."],
        "capacity": text.capacity,
        "signer_title": text.signer_title.upper(),
        "signer_name": text.signer_name,
        "annex_title": f"Học viên được công nhận hoàn thành chương trình “{facts.programme}”",
        "annex_note": f"Danh sách gồm {vn_number(len(lines))} người.",
        "rows": [_row(line) for line in lines],
    }


def _head_of_office(text: DecisionText) -> str:
    """Whose decision it is: who signs for the head (KT.) names the head in front."""
    return text.capacity.removeprefix(_FOR_THE_HEAD).strip().upper() or text.signer_title.upper()


def _class_in_words(facts: DecisionFacts) -> str:
    """`lớp “Kỹ năng lãnh đạo” (LDQL40-K1)`; a class may call itself one already."""
    if not facts.class_code:
        return facts.programme
    name, says_so = facts.class_name, facts.class_name.casefold().startswith("lớp")
    return f"{name} ({facts.class_code})" if says_so else f"lớp “{name}” ({facts.class_code})"


@cache
def _laws() -> tuple[Ground, ...]:
    return tuple(Ground(**each) for each in rules_in(_GROUNDS, "ground"))


def _grounds(facts: DecisionFacts) -> list[str]:
    grounds = [f"Căn cứ {in_force(_laws(), facts.text.decided_on).text}"]
    if facts.opening_decision:
        grounds.append(f"Căn cứ Quyết định số {facts.opening_decision} về việc mở lớp")
    if facts.results_on:
        grounds.append(f"Căn cứ kết quả của lớp được duyệt {vn_long_date(facts.results_on)}")
    return [*(f"{each};" for each in grounds[:-1]), f"{grounds[-1]}."]


def _row(line: AnnexLine) -> list[str]:
    return [
        str(line.position),
        line.full_name,
        line.birth_text,
        _SEX.get(line.sex, ""),
        line.post_title,
        line.unit_name,
        line.grade,
    ]
