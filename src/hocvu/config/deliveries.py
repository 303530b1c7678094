"""`hocvu deliveries`: what became of e-mails, and which of them came back."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils import timezone
from rich.table import Table

from hocvu.notices.actions import take_returned_mail
from hocvu.notices.queries.ledger import late_count, ledger_days
from hocvu.ui.templatetags.figures import day, number

_STANDARD_INPUT = Path("-")


def deliveries_table() -> tuple[Table, bool]:
    """The notices of the last days by what became of them, and whether e-mails are overdue."""
    now = timezone.now()
    late = late_count(now)
    table = Table(
        title="Thông báo / Notices",
        caption=f"Quá hạn hơn một giờ / Overdue by more than an hour: {number(late)}",
    )
    table.add_column("Ngày / Day")
    for heading in ("Đã báo / Told", "Chờ / Waiting", "Đã gửi / Sent", "Không gửi được / Failed",
                    "Không địa chỉ / No address", "Đã đọc / Read"):  # fmt: skip
        table.add_column(heading, justify="right")
    for each in ledger_days(now):
        counts = (each.told, each.waiting, each.sent, each.failed, each.without_address, each.read)
        table.add_row(day(each.day), *(number(count) for count in counts))
    return table, late > 0


def take_returned(reports: Sequence[Path], *, tell: Callable[[str], None]) -> None:
    """Take over reports that messages came back: files, or `-` for what a mail server pipes in."""
    taken = sum(_is_taken(each) for each in reports)
    tell(f"Thư bị trả lại / Messages that came back: {number(taken)}")


def _is_taken(report: Path) -> bool:
    content = sys.stdin.buffer.read() if report == _STANDARD_INPUT else report.read_bytes()
    return take_returned_mail(content, at=timezone.now())
