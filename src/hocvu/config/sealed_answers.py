"""`hocvu check-answers`: stored answers held against their seals and the signed heads."""

from collections.abc import Callable, Iterable
from datetime import date

from hocvu.exams.models import Attempt, SealedDay
from hocvu.exams.queries.seals import Step, check_answers
from hocvu.exams.queries.sweeps import Swept, attempts_without_a_seal, sweep_day, sweep_unsealed

Tell = Callable[[str], None]

# As in `cli.Exit`.
_INTACT, _ALTERED, _UNDETERMINED = 0, 1, 4
_MOST_FINDINGS = 20
_HOLDS = {
    Step.DIGESTS: "Từng câu trả lời đúng như đã lưu. / Every answer is as it was saved.",
    Step.CHAINS: "Chuỗi các lần trả lời còn nguyên. / The chain of every answer is whole.",
    Step.SEAL: "Khớp với dấu niêm phong khi nộp. / They are what was sealed at the hand-in.",
    Step.DAY: "Khớp với gốc của ngày. / The seals lead to the root of the day.",
    Step.SIGNATURE: "Chữ ký của ngày đúng. / The signature of the day holds.",
}
_FAILS = {
    Step.DIGESTS: "Có câu trả lời bị sửa sau khi lưu. / An answer was changed after it was saved.",
    Step.CHAINS: "Chuỗi các lần trả lời bị đứt. / The chain of an answer is broken.",
    Step.SEAL: "Không khớp với dấu niêm phong khi nộp. / They are not what was sealed.",
    Step.DAY: "Không khớp với gốc của ngày. / The seals do not lead to the root of the day.",
    Step.SIGNATURE: "Chữ ký của ngày không đúng. / The signature of the day does not hold.",
}
_NO_KEY = (
    "Thiếu khóa công khai nên chưa kiểm tra được chữ ký. Xin khôi phục thư mục authority. / "
    "The public key is missing, so the signature was not checked. Restore the folder “authority”."
)


def check_attempt(attempt_id: int, *, tell: Tell) -> int:
    """One attempt to the last step that can be taken; an exit code of the command line."""
    attempt = Attempt.objects.filter(pk=attempt_id).first()
    if attempt is None:
        tell("Không có lượt làm bài này. / There is no such attempt.")
        return _UNDETERMINED
    found = check_answers(attempt)
    for step, holds in found.steps.items():
        tell(f"  {'✓' if holds else '≠'} {(_HOLDS if holds else _FAILS)[step]}")
    if not found.is_intact:
        tell("≠ ĐÃ BỊ SỬA / ALTERED")
        return _ALTERED
    if not found.receipt:
        tell("? Lượt này chưa có dấu niêm phong. / This attempt has no seal.")
        return _UNDETERMINED
    if not found.is_certain:
        tell(f"? {_NO_KEY}")
        return _UNDETERMINED
    if found.proof is None:
        tell("  · Ngày của lượt này chưa được ký. / The day of this attempt is not signed yet.")
    tell(f"✓ NGUYÊN VẸN / INTACT  {found.receipt}")
    return _INTACT


def check_days(only: date | None, *, tell: Tell) -> int:
    """Every sealed day, and what waits to be sealed; or one day. An exit code."""
    days = SealedDay.objects.order_by("day")
    if only is not None:
        days = days.filter(day=only)
        if not days.exists():
            tell(f"Ngày {only} chưa được niêm phong. / The day {only} is not sealed.")
            return _UNDETERMINED
    codes = {_told(sweep_day(sealed), tell) for sealed in days.iterator()}
    if only is None:
        codes.add(_told(sweep_unsealed(), tell))
        if missing := attempts_without_a_seal():
            tell(f"  · Không có dấu niêm phong: {missing} lượt. / Without a seal: {missing}.")
    return _ALTERED if _ALTERED in codes else max(codes, default=_INTACT)


def _told(swept: Swept, tell: Tell) -> int:
    name = str(swept.day) if swept.day else "Chưa niêm phong ngày / day not sealed yet"
    if swept.is_intact:
        tell(f"✓ {name}: {swept.attempts} lượt nguyên vẹn. / {swept.attempts} attempts intact.")
    else:
        tell(f"≠ {name}: ĐÃ BỊ SỬA / ALTERED")
        _tell_failing((step for step, holds in swept.steps.items() if not holds), tell)
    for attempt_id, steps in list(swept.broken.items())[:_MOST_FINDINGS]:
        tell(f"  Lượt / Attempt {attempt_id}:")
        _tell_failing(steps, tell)
    if (more := len(swept.broken) - _MOST_FINDINGS) > 0:
        tell(f"  Và {more} lượt nữa. / And {more} more.")
    if not swept.is_certain:
        tell(f"  ? {_NO_KEY}")
    if not swept.is_intact:
        return _ALTERED
    return _INTACT if swept.is_certain else _UNDETERMINED


def _tell_failing(steps: Iterable[Step], tell: Tell) -> None:
    for step in steps:
        tell(f"  · {_FAILS[step]}")
