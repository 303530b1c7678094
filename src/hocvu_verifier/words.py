"""What the command says, in Vietnamese and in English."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from hocvu_verifier.credential import VerifiedCredential
from hocvu_verifier.refusals import NotVerified
from hocvu_verifier.statement import Statement
from hocvu_verifier.status import Answer, Standing
from hocvu_verifier.verification import VerifiedSignature


class Verdict(Enum):
    """The value is the exit status of the command; 2 is left to wrong arguments."""

    VALID = 0
    NOT_VERIFIED = 1
    NO_LONGER_VALID = 3  # genuine, but revoked, corrected, expired or not yet begun
    CANNOT_TELL = 4  # genuine, but nothing is known of a later revocation


@dataclass(frozen=True)
class Said:
    """A verdict and what stands below it: (Vietnamese, English, value)."""

    verdict: Verdict
    in_vietnamese: str
    in_english: str
    facts: tuple[tuple[str, str, str], ...] = ()

    def lines(self, language: str) -> list[str]:
        mark = {Verdict.VALID: "✓", Verdict.CANNOT_TELL: "?"}.get(self.verdict, "✕")
        both = {"vi": self.in_vietnamese, "en": self.in_english}
        titles = [both[each] for each in both if language in (each, "both")]
        said = [f"{mark} {' / '.join(titles)}"]
        for vietnamese, english, value in self.facts:
            names = {"vi": vietnamese, "en": english, "both": f"{vietnamese} / {english}"}
            said.append(f"  {names[language]}: {_shown(value)}")
        return said


def _shown(text: str) -> str:
    """Return what a terminal shows on one line as it is; a name may not write lines of its own."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def about_refusal(refusal: NotVerified) -> Said:
    return Said(
        Verdict.NOT_VERIFIED,
        f"KHÔNG XÁC NHẬN ĐƯỢC. {refusal.in_vietnamese}",
        f"NOT VERIFIED. {refusal.in_english}",
        (("Chi tiết", "detail", str(refusal)),),
    )


def about_file(found: VerifiedSignature) -> Said:
    facts = []
    for each in (found, *found.further):
        facts += [
            ("Bên ký", "signer", each.signer_name),
            ("Chứng thực bởi", "vouched for by", each.issuer_name),
            ("Thời gian ký", "signed", each.signed_at.isoformat(sep=" ")),
        ]
        if each.time_stamp:
            facts.append(("Dấu thời gian", "time stamp", each.time_stamp.at.isoformat(sep=" ")))
    facts += [("Lưu trữ", "archived", each.at.isoformat(sep=" ")) for each in found.archived]
    if found.awaits_another:
        facts.append(("Lưu ý", "note", "còn thiếu một chữ ký / a second signature is missing"))
    facts += [
        ("SHA-256", "SHA-256", found.sha256.hex()),
        (
            "Thu hồi",
            "revocation",
            "quét mã QR hoặc hỏi sổ gốc / scan its QR code or ask the register",
        ),
    ]
    return Said(
        Verdict.VALID,
        "CHỮ KÝ HỢP LỆ, TỆP CHƯA HỀ BỊ THAY ĐỔI",
        "SIGNATURE VALID, FILE UNCHANGED",
        tuple(facts),
    )


def about_statement(found: Statement, answer: Answer, at: datetime) -> Said:
    verdict, vietnamese, english = _standing(found, answer, at)
    facts = [
        ("Họ và tên", "name", found.holder_name),
        ("Số hiệu", "serial number", found.serial_number),
        ("Chương trình", "programme", found.programme_code),
        ("Ngày cấp", "issued", f"{found.issued_on:%d/%m/%Y}"),
        ("Nơi cấp", "issuer", found.issuer.name),
    ]
    if answer.as_of is not None:
        age = (at - answer.as_of).days
        told = f"{answer.as_of:%d/%m/%Y} ({age} ngày / days)"
        facts.append(("Danh sách thu hồi ngày", "revocations as of", told))
    facts.append(("Đối chiếu", "compare", "với bản giấy / with the paper"))
    return Said(verdict, vietnamese, english, tuple(facts))


def about_credential(found: VerifiedCredential, answer: Answer, at: datetime) -> Said:
    verdict, vietnamese, english = _standing(found, answer, at)
    facts = (
        ("Họ và tên", "name", found.holder_name or "(–)"),
        ("Số hiệu", "serial number", found.serial_number),
        ("Chương trình", "programme", found.achievement),
        ("Ngày cấp", "issued", f"{found.valid_from:%d/%m/%Y}"),
        ("Nơi cấp", "issuer", found.issuer.name),
    )
    return Said(verdict, vietnamese, english, facts)


def _standing(
    found: Statement | VerifiedCredential, answer: Answer, at: datetime
) -> tuple[Verdict, str, str]:
    if answer.standing is Standing.REVOKED:
        return Verdict.NO_LONGER_VALID, "ĐÃ BỊ THU HỒI", "REVOKED"
    if answer.standing is Standing.CORRECTED:
        sentence = "ĐÃ ĐƯỢC CHỈNH SỬA: có bản mới thay thế", "CORRECTED: a newer edition exists"
        return Verdict.NO_LONGER_VALID, *sentence
    if found.has_expired(at) or found.begins_after(at):
        expired, early = ("ĐÃ HẾT HẠN", "EXPIRED"), ("CHƯA ĐẾN NGÀY CÓ HIỆU LỰC", "NOT YET VALID")
        return Verdict.NO_LONGER_VALID, *(expired if found.has_expired(at) else early)
    if answer.is_outdated(at):
        return (
            Verdict.CANNOT_TELL,
            "MÃ LÀ THẬT, nhưng danh sách thu hồi mang theo đã quá hạn",
            "GENUINE, but the list of revocations is out of date",
        )
    if answer.standing is Standing.UNKNOWN:
        return (
            Verdict.CANNOT_TELL,
            "MÃ LÀ THẬT, nhưng chưa biết có bị thu hồi hay không",
            "GENUINE, but whether it was revoked is not known",
        )
    return Verdict.VALID, "HỢP LỆ", "VALID"
