"""`hocvu verify`: one file, and the whole register behind it. `hocvu check-keys`: what signs."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.utils import translation

from hocvu.credentials.models import RegisterEntry
from hocvu.inspection.queries.copies import copies_without_entry
from hocvu.inspection.queries.register import audit_register
from hocvu.inspection.queries.words import finding_sentence
from hocvu.kernel.vietnamese import vn_date
from hocvu.trust.models import KeyTrouble
from hocvu.trust.queries.key_states import key_states
from hocvu.verification.queries.files import check_file
from hocvu.verification.queries.words import steps_of, tampering_sentence, verdict_sentence
from hocvu.verification.rules.verdicts import Verdict

# As in `cli.Exit`.
_CODES = {
    Verdict.VALID: 0,
    Verdict.ALTERED: 1,
    Verdict.REVOKED: 3,
    Verdict.CORRECTED: 3,
    Verdict.UNKNOWN: 4,
}
_WORDS = {
    Verdict.VALID: "✓ HỢP LỆ / VALID",
    Verdict.ALTERED: "≠ ĐÃ BỊ SỬA / ALTERED",
    Verdict.REVOKED: "✕ ĐÃ THU HỒI / REVOKED",
    Verdict.CORRECTED: "↻ ĐÃ CẤP THAY THẾ / REPLACED",
    Verdict.UNKNOWN: "? KHÔNG XÁC ĐỊNH / CANNOT BE DETERMINED",
}
_MOST_FINDINGS = 20


def verify_file_and_register(file: Path | None, *, tell: Callable[[str], None]) -> int:
    """Check a file, then hold every row of the register against its signed log.

    A register that was touched anywhere vouches for nothing: the answer is then ALTERED, even if
    this file's own row is whole.
    """
    code = 0
    if file is not None:
        found = check_file(file.read_bytes())
        tell(_WORDS[found.verdict])
        tell(verdict_sentence(found))
        if located := tampering_sentence(found):
            tell(located)
        for sentence in steps_of(found):
            tell(f"  · {sentence}")
        code = _CODES[found.verdict]
    findings = audit_register()
    entries = RegisterEntry.objects.count()
    if before := copies_without_entry():
        tell(
            f"{before} bản sao được cấp trước khi bản sao được ghi vào nhật ký: không có mục để "
            f"đối chiếu. / {before} copies were issued before copies were entered in the log: "
            "there is no entry to hold them against."
        )
    if not findings:
        tell(f"Sổ gốc nguyên vẹn: {entries} mục. / Register whole: {entries} entries.")
        return code
    tell(f"SỔ GỐC ĐÃ BỊ CAN THIỆP / REGISTER TAMPERED WITH: {len(findings)}")
    for finding in findings[:_MOST_FINDINGS]:
        tell(f"  · {finding_sentence(finding)}")
    return 1


def check_keys(*, at: datetime, tell: Callable[[str], None]) -> int:
    """Try every key that `keys.toml` names; 1 where one of them could not sign now."""
    states = key_states(at)
    if not states:
        tell(
            "Chưa khai khóa nào: mọi chữ ký đều không có giá trị pháp lý. / "
            "No key is named: no signature has legal value."
        )
    for each in states:
        if each.trouble is not None:
            tell(f"✕ {each.name}: {_in_both_languages(each.trouble)}")
            tell(f"    {each.why_not}")
        elif each.valid_until is not None:
            day = vn_date(each.valid_until.date())
            tell(f"✓ {each.name}: dùng được đến {day} / valid until {day}")
    if not any(each.why_not for each in states):
        return 0
    tell(
        "Sửa xong thì chạy lại lệnh này; việc ký đang dừng tự tiếp tục. / "
        "Mend it and run this again; signing that has stopped goes on by itself."
    )
    return 1


def _in_both_languages(trouble: KeyTrouble) -> str:
    said = []
    for language in ("vi", "en"):
        with translation.override(language):
            said.append(str(trouble.label))
    return " / ".join(said)
