"""`hocvu`: the command line.

Exit codes: 0 done, genuine · 1 refused, altered · 2 wrong use · 3 revoked · 4 cannot be determined.
"""

import json
import os
import time
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from hocvu.config import start

app = typer.Typer(
    help="Học vụ: tổ chức phong trào Bình dân học vụ số. / Runs a popular education movement.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(soft_wrap=True)


def start_django() -> None:
    """A command prints its own sentences; what happened stands in the audit log."""
    os.environ.setdefault("HOCVU_LOG", "WARNING")
    start.set_up()


class Exit(IntEnum):
    DONE = 0
    REFUSED = 1
    WRONG_USE = 2
    REVOKED = 3
    UNDETERMINED = 4


@app.command(help="Chuẩn bị và mở trang web. / Set up and serve the site.")
def serve(
    port: Annotated[int, typer.Option(help="Cổng. / Port.")] = 8000,
    host: Annotated[str, typer.Option(help="Địa chỉ. / Address to listen on.")] = "127.0.0.1",
) -> None:
    start_django()
    from hocvu.config.serving import serve as run  # noqa: PLC0415 — Django is ready only now

    _set_up()
    console.print(f"http://{host}:{port}")
    _answering(lambda: run(host, port))


@app.command(help="Xử lý công việc nền. / Run background jobs.")
def worker(
    lane: Annotated[
        str,
        typer.Option(
            help="Làn: prompt (theo giờ), long (lâu), post (thư); để trống: mọi việc. / "
            "Lane: prompt (by the clock), long or post (messages); empty: every job."
        ),
    ] = "",
) -> None:
    os.environ.setdefault("HOCVU_LOG", "INFO")
    start_django()
    from hocvu.config.lanes import Lane, work  # noqa: PLC0415

    if lane and lane not in tuple(Lane):
        raise typer.BadParameter(", ".join(Lane), param_hint="--lane")
    work(Lane(lane) if lane else None)


@app.command(help="Diễn tập bốn sự kiện với nhân vật hư cấu. / Rehearse the four events.")
def rehearse(
    report: Annotated[Path | None, typer.Option(help="Ghi báo cáo. / Write what happened.")] = None,
) -> None:
    start_django()
    _set_up()
    _rehearse(report)


@app.command(help="Diễn tập rồi mở trang web. / Rehearse, then serve the site.")
def demo(
    port: Annotated[int, typer.Option(help="Cổng. / Port.")] = 8000,
) -> None:
    here = f"http://127.0.0.1:{port}"
    os.environ.setdefault("HOCVU_SITE", here)  # printed on certificates and in links of e-mails
    start_django()
    from hocvu.config.rehearsal import is_rehearsed  # noqa: PLC0415
    from hocvu.config.serving import serve as run  # noqa: PLC0415

    _set_up()
    if is_rehearsed():
        console.print(
            "Đã diễn tập từ trước, dữ liệu giữ nguyên. / Rehearsed before; nothing changed."
        )
    else:
        _rehearse(None)
    _tell_accounts(here)
    _answering(lambda: run("127.0.0.1", port))


@app.command(
    "import-roster", help="Nhập danh sách cán bộ của một đơn vị. / Import a unit's roster."
)
def import_roster(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".xlsx .xls .ods .csv")],
    unit: Annotated[str, typer.Option(help="Mã đơn vị. / Code of the unit.")],
    by: Annotated[str, typer.Option(help="Tài khoản người nhập. / Account of the officer.")],
    *,
    take: Annotated[
        bool, typer.Option("--take", help="Nhập thật, không chỉ xem. / Import, not only look.")
    ] = False,
) -> None:
    start_django()
    from hocvu.config.rosters import take_roster  # noqa: PLC0415

    _set_up()
    raise typer.Exit(_answering(lambda: take_roster(file, unit, by, take=take, tell=console.print)))


@app.command(help="Tỷ lệ đạt của một đơn vị. / Coverage of a unit and those below it.")
def coverage(
    unit: Annotated[str, typer.Argument(help="Mã đơn vị. / Code of the unit.")] = "VN",
) -> None:
    start_django()
    from hocvu.config.figures import coverage_table  # noqa: PLC0415

    _set_up()
    _answering(lambda: console.print(coverage_table(unit)))


@app.command(help="Kiểm tra tệp chứng chỉ và sổ gốc. / Verify a certificate file and the register.")
def verify(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="Tệp PDF. / PDF file.")
    ] = None,
) -> None:
    start_django()
    from hocvu.config.checking import verify_file_and_register  # noqa: PLC0415

    _set_up()
    raise typer.Exit(verify_file_and_register(file, tell=console.print))


@app.command("check-keys", help="Thử mọi khóa ký đã khai. / Try every signing key that is named.")
def check_keys() -> None:
    start_django()
    from hocvu.config.checking import check_keys as check  # noqa: PLC0415

    raise typer.Exit(check(at=datetime.now(UTC), tell=console.print))


@app.command(
    "check-answers",
    help="Kiểm tra câu trả lời đã niêm phong. / Check answers against their seals.",
)
def check_answers(
    attempt: Annotated[
        int | None, typer.Option(min=1, help="Số của một lượt làm bài. / Number of one attempt.")
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Một ngày đã niêm phong. / One sealed day."),
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Mọi lượt làm bài. / Every attempt.")
    ] = False,
) -> None:
    if (attempt is not None) + (day is not None) + everything != 1:
        console.print(
            "Chọn một trong ba: --attempt, --day, --all. / Give one of --attempt, --day, --all."
        )
        raise typer.Exit(Exit.WRONG_USE)
    start_django()
    from hocvu.config import sealed_answers  # noqa: PLC0415

    _set_up()
    if attempt is not None:
        raise typer.Exit(sealed_answers.check_attempt(attempt, tell=console.print))
    only = day.date() if day is not None else None
    raise typer.Exit(sealed_answers.check_days(only, tell=console.print))


@app.command(
    help="Chứng kiến sổ gốc của nơi khác. / Watch and cosign another institution's register."
)
def witness(
    folder: Annotated[
        Path,
        typer.Argument(file_okay=False, help="Thư mục bên chứng kiến. / Folder of the witness."),
    ],
    name: Annotated[str, typer.Option(help="Tên, như một địa chỉ. / Its name, like an address.")],
    log: Annotated[
        list[str],
        typer.Option(help="Khóa công khai của nhật ký. / Public key of the log, or a file."),
    ],
    *,
    once: Annotated[
        str, typer.Option(help="Xem và ký một lần: địa chỉ hoặc thư mục. / Look once and cosign.")
    ] = "",
    host: Annotated[str, typer.Option(help="Địa chỉ. / Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng. / Port.")] = 8090,
) -> None:
    from hocvu.register import commands  # noqa: PLC0415 — other commands need none of it

    if once:
        at = datetime.now(UTC)
        raise typer.Exit(commands.cosign(folder, name, log, once, at=at, tell=console.print))
    raise typer.Exit(
        commands.run_witness(folder, name, log, host=host, port=port, tell=console.print)
    )


@app.command(
    "audit-register",
    help="Tải và kiểm tra nhật ký đã công bố. / Download a published log and check it.",
)
def audit_register(
    place: Annotated[str, typer.Argument(help="Địa chỉ hoặc thư mục. / Address or folder.")],
    log: Annotated[
        list[str],
        typer.Option(help="Khóa công khai của nhật ký. / Public key of the log, or a file."),
    ],
    witness: Annotated[
        list[str] | None, typer.Option(help="«khóa địa-chỉ» của bên chứng kiến. / 'key address'.")
    ] = None,
    memory: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Ghi nhớ cho lần sau. / Remembers the head for next time."
        ),
    ] = None,
    *,
    hashes_only: Annotated[
        bool, typer.Option(help="Không công bố mục. / The log publishes no entries.")
    ] = False,
    lists: Annotated[
        str,
        typer.Option(
            help="Nơi có danh sách trạng thái, nếu không ở cạnh nhật ký. / "
            "Address or folder of the status lists, where they are not beside the log."
        ),
    ] = "",
    issuers: Annotated[
        str,
        typer.Option(
            help="Khóa của nơi cấp: tệp issuers.json đã giữ, hoặc địa chỉ. / "
            "Keys of the issuers: a kept issuers.json, or its address."
        ),
    ] = "",
) -> None:
    from hocvu.register import commands  # noqa: PLC0415 — other commands need none of it

    raise typer.Exit(
        commands.audit_register(
            place,
            log,
            witnesses=witness or (),
            memory=memory,
            has_entries=not hashes_only,
            lists=commands.StatusLists(datetime.now(UTC), lists, issuers),
            tell=console.print,
        )
    )


@app.command(
    "rotate-register-key",
    help="Thay khóa ký sổ gốc; khóa cũ vẫn được tin. / Sign the register with a new key.",
)
def rotate_key() -> None:
    start_django()
    from django.utils import timezone  # noqa: PLC0415 — Django is ready only now

    from hocvu.trust.actions import rotate_register_key  # noqa: PLC0415

    _set_up()
    console.print(rotate_register_key(by=None, at=timezone.now()).to_text())


@app.command(
    help="Tình hình gửi thư; nhận thư bị trả lại. / E-mails sent and failed; take returned."
)
def deliveries(
    returned: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            allow_dash=True,
            help="Thư báo không gửi được. / Reports of mail servers that a message came back.",
        ),
    ] = None,
) -> None:
    start_django()
    from hocvu.config.deliveries import deliveries_table, take_returned  # noqa: PLC0415

    _set_up()
    if returned:
        take_returned(returned, tell=console.print)
        return
    table, is_silent = deliveries_table()
    console.print(table)
    raise typer.Exit(Exit.REFUSED if is_silent else Exit.DONE)


@app.command(help="Tạo tài khoản quản trị. / Make an administrator.")
def createadmin(
    username: Annotated[str, typer.Argument(help="Tên đăng nhập. / Name to sign in with.")],
    name: Annotated[str, typer.Option(prompt="Họ và tên / Full name")],
    password: Annotated[
        str, typer.Option(prompt="Mật khẩu / Password", hide_input=True, confirmation_prompt=True)
    ],
) -> None:
    start_django()
    from hocvu.config.admins import create_admin  # noqa: PLC0415

    _set_up()
    raise typer.Exit(_answering(lambda: create_admin(username, name, password)))


@app.command("reset-password", help="Cấp lại mật khẩu một lần. / Issue a one-time password.")
def reset_password(
    username: Annotated[str, typer.Argument(help="Tên đăng nhập. / Name to sign in with.")],
) -> None:
    start_django()
    from hocvu.config.admins import issue_password  # noqa: PLC0415

    raise typer.Exit(_answering(lambda: console.print(issue_password(username))))


def _set_up() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from hocvu.config.installation import set_up  # noqa: PLC0415

    with console.status("…") as status:
        set_up(at=timezone.now(), tell=lambda sentence: status.update(f"{sentence} …"))


def _rehearse(report_file: Path | None) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from hocvu.config.rehearsal import rehearse as play  # noqa: PLC0415
    from hocvu.config.rehearsal import report_of  # noqa: PLC0415

    started = time.monotonic()
    with _progress() as bars:
        tasks: dict[int, TaskID] = {}

        def show(sentence: str, done: int, of: int) -> None:
            if of not in tasks:
                tasks[of] = bars.add_task(sentence, total=of)
            bars.update(tasks[of], description=sentence, completed=done)

        play(at=timezone.now(), progress=show)
    report = report_of(seconds=time.monotonic() - started)
    _print_report(report.as_dict())
    if report_file is not None:
        report_file.write_text(json.dumps(report.as_dict(), indent=2) + "\n", encoding="utf-8")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=console,
    )


_REPORT_LABELS = {
    "provinces": "Tỉnh, thành phố / Provinces and cities",
    "communes": "Xã, phường, đặc khu / Communes, wards, special zones",
    "people": "Người (hư cấu) / People (fictional)",
    "classes": "Lớp / Classes",
    "bridge_points": "Điểm cầu / Bridge points",
    "roll_marks": "Lượt điểm danh / Roll marks",
    "attempts": "Lượt làm bài / Attempts",
    "certificates": "Chứng chỉ đã ký / Certificates signed",
    "certificates_verified": "Chứng chỉ kiểm tra hợp lệ / Certificates verified",
    "units_with_coverage": "Đơn vị có số liệu / Units with coverage",
    "seconds": "Số giây / Seconds",
}


def _print_report(report: dict[str, float]) -> None:
    table = Table(title="Diễn tập / Rehearsal")
    table.add_column("")
    table.add_column("", justify="right")
    for key, value in report.items():
        table.add_row(_REPORT_LABELS[key], f"{value:,}".replace(",", "."))
    console.print(table)


def _tell_accounts(address: str) -> None:
    from django.utils.translation import gettext, override  # noqa: PLC0415

    from hocvu.config.rehearsal.cast import accounts, password  # noqa: PLC0415
    from hocvu.config.rehearsal.samples import write_samples  # noqa: PLC0415

    table = Table(title=f"{address}  ·  mật khẩu / password: {password()}")
    table.add_column("Tài khoản / Account")
    table.add_column("Vai / Part")
    for username, plays in accounts():
        with override("vi"):
            vietnamese = gettext(plays)
        table.add_row(username, f"{vietnamese} / {plays}")
    console.print(table)
    console.print(f"Danh sách mẫu để thử nhập / A sample roster to import: {write_samples()}")


def _answering(act: object) -> Exit:
    """Run an act; a refusal becomes its sentence and exit code 1."""
    from hocvu.kernel.errors import Refused  # noqa: PLC0415

    assert callable(act)  # noqa: S101 — for the type checker
    try:
        answer = act()
    except Refused as refused:
        console.print(str(refused), style="red")
        raise typer.Exit(Exit.REFUSED) from refused
    return Exit(answer) if isinstance(answer, int) else Exit.DONE


def main() -> None:
    app()
