#!/usr/bin/env python3
"""Pictures of the main pages into docs/screenshots/, from a fresh rehearsal.

    python scripts/screenshots.py                 rehearse in a throwaway folder, then take pictures
    python scripts/screenshots.py --home FOLDER   use a folder that was rehearsed before
    python scripts/screenshots.py --only teacher  the pages of one part, or of several

Everybody in the pictures is fictional. A name ends in the width: `coverage-nation-390.png`.
"""

import argparse
import io
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = ROOT / "docs" / "screenshots"
PHONE, DESK, WALL = 390, 1280, 1920
HEIGHTS: Final = {PHONE: 844, DESK: 800, WALL: 1080}
TALLEST: Final = {PHONE: 1700, DESK: 1500, WALL: 1080}
COLOURS: Final = 96
CHROMIUM: Final = "/usr/bin/chromium"
QUIET: Final = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--lang=vi",
]
STARTING_UP: Final = 60.0


@dataclass
class Studio:
    """Where pages are, who may see them, and a window for each person and width."""

    browser: Browser
    address: str
    password: str
    windows: dict[tuple[str, int, bool], BrowserContext] = field(default_factory=dict)

    def window(self, account: str, width: int, *, dark: bool = False) -> BrowserContext:
        """A window of this width, signed in unless `account` is empty."""
        key = (account, width, dark)
        if key not in self.windows:
            self.windows[key] = self.browser.new_context(
                viewport={"width": width, "height": HEIGHTS[width]},
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            if account:
                self._sign_in(self.windows[key], account)
        return self.windows[key]

    def _sign_in(self, window: BrowserContext, account: str) -> None:
        page = window.new_page()
        page.goto(f"{self.address}/sign-in/")
        page.fill("input[name=username]", account)
        page.fill("input[name=password]", self.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/home/")
        page.close()

    def picture(
        self,
        name: str,
        path: str,
        account: str = "",
        *,
        widths: tuple[int, ...] = (PHONE, DESK),
        dark: bool = False,
        first: Callable[[Page], object] = lambda _page: None,
    ) -> None:
        """Take `<name>-<width>.png` of a page, after `first` was done there."""
        for width in widths:
            page = self.window(account, width, dark=dark).new_page()
            answer = page.goto(self.address + path)
            if answer is None or not answer.ok:
                tell(f"  ✕ {name}: {path} answered {answer.status if answer else 'nothing'}")
            first(page)
            page.wait_for_load_state("networkidle")
            save(shot(page, width), f"{name}{'-dark' if dark else ''}-{width}")
            page.close()


def tell(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


def shot(page: Page, width: int) -> bytes:
    """The page from the top, as far down as a picture is still looked at."""
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    height = max(min(height, TALLEST[width]), HEIGHTS[width])
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("scrollTo(0, 0)")
    return page.screenshot()


def save(taken: bytes, name: str) -> None:
    """Few colours are enough for a page, and make a picture ten times smaller."""
    with Image.open(io.BytesIO(taken)) as image:
        small = image.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    PICTURES.mkdir(parents=True, exist_ok=True)
    file = PICTURES / f"{name}.png"
    small.save(file, optimize=True)
    tell(f"  {file.name}  {file.stat().st_size / 1024:.0f} KiB")


# --- The pages, person by person ---------------------------------------------------------------


def take(studio: Studio, ids: dict[str, Any], parts: list[str]) -> None:
    """The pages of these parts; of all of them when none is named."""
    for name, pictures in PARTS.items():
        if name in (parts or PARTS):
            pictures(studio, ids)


def _citizen(studio: Studio, ids: dict[str, Any]) -> None:
    studio.picture("front", "/")
    studio.picture("front", "/", widths=(DESK,), dark=True)
    studio.picture("verify", "/verify/")
    studio.picture("verdict-valid", f"/v/{ids['code']}/")
    studio.picture("verdict-unknown", "/v/KHONGCOTRENDOI00/", widths=(PHONE,))
    studio.picture("offline", "/v/", widths=(PHONE,))
    studio.picture("verify-many", "/verify/many/", widths=(DESK,))
    studio.picture("verify-programs", "/verify/programs/", widths=(DESK,))
    studio.picture("sign-in", "/sign-in/", widths=(PHONE,))


def _coordinator(studio: Studio, ids: dict[str, Any]) -> None:
    roll = f"/rolls/{ids['roll']}/"

    def open_roll(page: Page) -> None:
        opening = page.locator(f"form[action='{roll}open/'] button")
        if opening.count():
            opening.first.click()
            page.wait_for_load_state("networkidle")

    studio.picture("home-coordinator", "/home/", "dieuphoi")
    studio.picture("duties", "/rolls/", "dieuphoi", widths=(PHONE,))
    studio.picture("roll", roll, "dieuphoi", first=open_roll)
    studio.picture("roll-code", f"{roll}code/", "dieuphoi", widths=(WALL,))
    studio.picture("roll-close", f"{roll}close/", "dieuphoi", widths=(PHONE,))


def _learner(studio: Studio, ids: dict[str, Any]) -> None:
    right = ids["right_answers"]

    def answer(page: Page, how_many: int) -> None:
        """Right answers to the first questions, in the order in which this learner sees them."""
        names = page.eval_on_selector_all("input[name^='q-']", "all => all.map(each => each.name)")
        for name in list(dict.fromkeys(names))[:how_many]:
            for option in right[int(name.removeprefix("q-"))]:
                page.locator(f"input[name='{name}'][value='{option}']").check()
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)

    studio.picture("home-learner", "/home/", "hocvien")
    studio.picture("home-learner", "/home/", "hocvien", widths=(PHONE,), dark=True)
    studio.picture("check-in", "/check-in/", "hocvien", widths=(PHONE,))
    sitting = f"/tests/sittings/{ids['sitting']}/"
    studio.picture("test-start", sitting, "hocvien")
    page = studio.window("hocvien", PHONE).new_page()
    page.goto(studio.address + sitting)
    page.locator("main form button").last.click()
    page.wait_for_url("**/tests/attempts/**")
    attempt = page.url.removeprefix(studio.address)
    studio.picture("test", attempt, "hocvien", first=lambda page: answer(page, 3))
    page.goto(studio.address + attempt)
    answer(page, len(right) - 2)
    page.goto(f"{studio.address}{attempt}hand-in/")
    save(shot(page, PHONE), f"test-hand-in-{PHONE}")
    page.locator("main form button").first.click()
    page.wait_for_url("**/result/")
    page.close()
    studio.picture("test-result", f"{attempt}result/", "hocvien")
    studio.picture("skills", "/skills/", "hocvien")
    studio.picture("certificates", "/certificates/", "hocvien", widths=(PHONE,))
    own = f"/certificates/mine/{ids['own_certificate']}/"
    studio.picture("my-certificate", own, "hocvien", widths=(PHONE,))
    page = studio.window("hocvien", PHONE).new_page()
    page.goto(f"{studio.address}/shares/new/")
    page.locator("input[name=certificates]").first.check()
    page.fill("[name=purpose]", "Hồ sơ dự tuyển")
    page.locator("main form button").last.click()
    page.wait_for_url("**/shares/*/")
    share = page.url.removeprefix(studio.address)
    link = re.search(r"/w/[A-Za-z0-9_-]{24}", page.content())
    page.close()
    studio.picture("share", share, "hocvien", widths=(PHONE,))
    if link:
        studio.picture("shared", link[0], widths=(PHONE,))
    studio.picture("notices", "/notices/", "hocvien", widths=(PHONE,))


def _training_officer(studio: Studio, ids: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "danh-sach-can-bo.xlsx"
        file.write_bytes(_roster_as_agencies_make_them())
        page = studio.window("daotao", DESK).new_page()
        page.goto(f"{studio.address}/rosters/upload/?unit={ids['ward']}")
        page.set_input_files("input[type=file]", str(file))
        page.locator("main form button").last.click()
        page.wait_for_url("**/rosters/*/")
        preview = page.url.removeprefix(studio.address)
        page.close()
    studio.picture("roster-upload", "/rosters/upload/", "daotao", widths=(DESK,))
    studio.picture("roster-preview", preview, "daotao")
    studio.picture("people", "/people/", "daotao")
    studio.picture("classes", "/classes/", "daotao")
    studio.picture("class", f"/classes/{ids['class_today']}/", "daotao")
    studio.picture("class-open", "/classes/open/", "daotao", widths=(DESK,))
    studio.picture(
        "class-learners", f"/classes/{ids['class_today']}/learners/", "daotao", widths=(DESK,)
    )
    studio.picture("class-list-print", f"/classes/{ids['class_done']}/learners/print/", "daotao")
    studio.picture("session-board", f"/sessions/{ids['session']}/", "daotao.quocgia")
    studio.picture(
        "test-results", f"/tests/sittings/{ids['sitting_done']}/results/", "daotao", widths=(DESK,)
    )


def _registrar(studio: Studio, ids: dict[str, Any]) -> None:
    studio.picture("recognition", "/recognition/", "vanthu", widths=(DESK,))
    waiting = f"/recognition/{ids['class_waiting']}/"
    studio.picture("recognition-class", waiting, "vanthu")
    page = studio.window("vanthu", DESK).new_page()
    page.goto(studio.address + waiting)
    approval = page.locator(f"form[action$='{waiting}results/'] button")
    if approval.count():
        approval.click()
        page.wait_for_load_state("networkidle")
    studio.picture("recognition-decide", f"{waiting}decide/", "vanthu")
    page.goto(f"{studio.address}{waiting}decide/")
    for name, text in _DECISION.items():
        page.fill(f"[name={name}]", text)
    page.locator("main form button").last.click()
    page.wait_for_url("**/proposals/*/")
    proposal = page.url.removeprefix(studio.address)
    page.close()
    studio.picture("proposals", "/proposals/", "lanhdao", widths=(DESK,))
    studio.picture("proposal", proposal, "lanhdao")
    page = studio.window("lanhdao", DESK).new_page()
    page.goto(studio.address + proposal)
    preview = page.locator("a[href*='/preview/']").first.get_attribute("href")
    page.close()
    studio.picture("preview", str(preview), "lanhdao")
    studio.picture("decision", f"/decisions/{ids['decision']}/", "vanthu", widths=(DESK,))
    studio.picture("chain", f"/decisions/{ids['decision']}/chain/", "thanhtra", widths=(DESK,))
    studio.picture("register", "/register/", "vanthu", widths=(DESK,))
    studio.picture("number-formats", "/register/numbers/", "vanthu", widths=(DESK,))
    studio.picture("archive", "/register/archive/", "vanthu", widths=(DESK,))
    studio.picture("correct", f"/certificates/{ids['certificate']}/correct/", "vanthu")
    studio.picture("templates", "/stationery/templates/", "vanthu", widths=(DESK,))
    studio.picture("template-version", f"/stationery/versions/{ids['design']}/", "lanhdao")
    studio.picture("blanks", "/stationery/blanks/", "vanthu", widths=(DESK,))
    studio.picture("certificate", f"/certificates/{ids['certificate']}/", "vanthu")
    _certificate_itself(studio, ids)


_DECISION: Final = {
    "number": "41",
    "symbol": "QĐ-TCT",
    "place": "Hải Phòng",
    "signer_title": "Phó Hiệu trưởng",
    "signer_name": "Lương Khánh Bách",
}


def _certificate_itself(studio: Studio, ids: dict[str, Any]) -> None:
    """The signed file as a PDF reader shows it."""
    window = studio.window("vanthu", DESK)
    answer = window.request.get(f"{studio.address}/certificates/{ids['certificate']}/file/")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pdf"
        file.write_bytes(answer.body())
        subprocess.run(  # noqa: S603 — our own file
            ["pdftoppm", "-png", "-r", "110", "-singlefile", file, file.with_suffix("")],  # noqa: S607
            check=True,
        )
        save(file.with_suffix(".png").read_bytes(), "certificate-file")


def _leader(studio: Studio, ids: dict[str, Any]) -> None:
    studio.picture("coverage-nation", f"/coverage/{ids['nation']}/", "lanhdao")
    studio.picture(
        "coverage-nation", f"/coverage/{ids['nation']}/", "lanhdao", widths=(DESK,), dark=True
    )
    studio.picture("coverage-province", f"/coverage/{ids['city']}/", "lanhdao")
    studio.picture("coverage-commune", f"/coverage/{ids['ward']}/", "lanhdao")
    studio.picture("coverage-missing", f"/coverage/{ids['ward']}/missing/", "lanhdao")


def _inspector_and_administrator(studio: Studio, ids: dict[str, Any]) -> None:
    studio.picture("home-inspector", "/home/", "thanhtra", widths=(DESK,))
    studio.picture("units", "/units/", "quantri", widths=(DESK,))
    studio.picture("deliveries", "/deliveries/", "quantri", widths=(DESK,))
    studio.picture("unit", f"/units/{ids['ward']}/", "daotao")
    studio.picture("person", f"/people/{ids['person']}/", "quantri")
    studio.picture("grant-role", f"/people/{ids['person']}/roles/", "quantri", widths=(DESK,))


# --- Tests, cases and skills -------------------------------------------------------------------


def _test_of_every_kind(studio: Studio, ids: dict[str, Any]) -> None:
    """A test under way, with the kinds of questions that are not only chosen."""
    studio.picture("tests", "/tests/", "hocvien", widths=(PHONE,))
    studio.picture("test-room", f"/tests/sittings/{ids['sitting_rooms']}/", "hocvien")
    page = studio.window("hocvien", PHONE).new_page()
    page.goto(f"{studio.address}/tests/sittings/{ids['sitting_desk']}/")
    page.locator("main form button").last.click()
    page.wait_for_url("**/tests/attempts/**")
    attempt = page.url.removeprefix(studio.address)
    page.close()
    studio.picture("test-kinds", attempt, "hocvien")


def _supervisor(studio: Studio, ids: dict[str, Any]) -> None:
    studio.picture("room-board", f"/tests/rooms/{ids['room']}/", "dieuphoi")
    studio.picture("rooms", f"/tests/sittings/{ids['sitting_rooms']}/rooms/", "daotao.quocgia")


def _teacher(studio: Studio, ids: dict[str, Any]) -> None:
    studio.picture("bank", "/questions/", "giangvien")
    studio.picture("bank-question", f"/questions/{ids['question']}/", "giangvien")
    studio.picture("bank-editor", "/questions/new/matching/", "giangvien")
    studio.picture("bank-import", f"/questions/files/{ids['bank_file']}/", "giangvien")
    studio.picture("paper-blueprint", f"/tests/papers/{ids['paper']}/", "giangvien")
    studio.picture("paper-make", "/tests/papers/make/", "giangvien", widths=(DESK,))
    studio.picture("quality", "/question-quality/", "giangvien")
    studio.picture(
        "question-quality", f"/question-quality/{ids['question_of_figures']}/", "giangvien"
    )
    studio.picture("scale", f"/scales/{ids['scale']}/", "giangvien", widths=(DESK,))
    studio.picture("marking", "/tests/marking/", "giangvien")


def _case(studio: Studio, ids: dict[str, Any]) -> None:
    """A case from its first page to its debrief, and what officers see of it."""
    exercise = f"/situations/exercises/{ids['exercise']}/"
    studio.picture("case-start", exercise, "hocvien", widths=(PHONE,))
    page = studio.window("hocvien", PHONE).new_page()
    page.goto(studio.address + exercise)
    page.locator("main form button").last.click()
    page.wait_for_url("**/situations/runs/**")
    run = page.url.removeprefix(studio.address)
    studio.picture("case", run, "hocvien")
    while "/debrief/" not in page.url:
        _decide(page, ids["decisions"])
    debrief = page.url.removeprefix(studio.address)
    page.close()
    studio.picture("case-debrief", debrief, "hocvien")
    studio.picture("case-preview", f"/situations/cases/{ids['case']}/", "daotao.quocgia")
    studio.picture("case-results", f"{exercise}results/", "daotao.quocgia", widths=(DESK,))


def _decide(page: Page, decisions: dict[str, str]) -> None:
    """One step on: start the clock, write, or decide."""
    if page.locator("textarea").count():
        page.fill("textarea", "Báo cáo cấp trên, phát phiếu tiếp nhận giấy, hẹn giờ trả kết quả.")
    elif page.locator("input[name=decision]").count():
        decision = decisions[page.locator("input[name=node]").first.input_value()]
        page.locator(f"input[name=decision][value='{decision}']").check()
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("situation-run form button").last.click()


def _skills_test(studio: Studio, ids: dict[str, Any]) -> None:
    sitting = f"/skills-tests/sittings/{ids['skills_sitting']}/"
    studio.picture("skills-test-start", sitting, "hocvien", widths=(PHONE,))
    page = studio.window("hocvien", PHONE).new_page()
    page.goto(studio.address + sitting)
    page.locator("main form button").last.click()
    page.wait_for_url("**/skills-tests/runs/**")
    studio.picture("skills-test", page.url.removeprefix(studio.address), "hocvien")
    number = 0
    while "/result/" not in page.url:
        number += 1
        name = page.locator("input[name^='seen-']").first.get_attribute("name") or ""
        options = ids["keys"][int(name.removeprefix("seen-"))] if number % 4 else []
        for option in options:
            page.locator(f"input[name^='q-'][value='{option}']").check()
        page.locator(f"button[value={'answer' if options else 'unknown'}]").click()
        page.wait_for_load_state("networkidle")
    result = page.url.removeprefix(studio.address)
    page.close()
    studio.picture("skills-test-result", result, "hocvien")
    studio.picture("skills-test-results", f"{sitting}results/", "daotao.quocgia")


PARTS: Final[dict[str, Callable[[Studio, dict[str, Any]], None]]] = {
    "citizen": _citizen,
    "coordinator": _coordinator,
    "learner": _learner,
    "officer": _training_officer,
    "registrar": _registrar,
    "leader": _leader,
    "inspector": _inspector_and_administrator,
    "test": _test_of_every_kind,
    "supervisor": _supervisor,
    "teacher": _teacher,
    "case": _case,
    "skills": _skills_test,
}


def _roster_as_agencies_make_them() -> bytes:
    from hocvu.spreadsheets import write_table  # noqa: PLC0415 — only once the house is set up

    headings = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Chức vụ", "Đơn vị")
    rows = (
        (1, "Đặng Thị Hòa", "05/02/1987", "Nữ", "000187900001", "Công chức Văn phòng", ""),
        (2, "NGUYỄN VĂN LỄ", "1979", "Nam", "000079900002", "Phó Chủ tịch UBND", ""),
        (3, "Trần Quốc Bình", "31/02/1990", "Nam", "000090900003", "Công chức Tư pháp", ""),
        (4, "Lê Thị Thu Hà", "12/7/93", "Nữ", "000193900004", "Công chức Địa chính", ""),
        (5, "Phạm Minh Đức", "20/11/1985", "Nam", "85900005", "Công chức Kế toán", ""),
        (6, "Vũ Thị Hồng", "08/03/1991", "Nam", "000191900006", "Công chức Văn hóa", ""),
        (7, "Bùi Anh Tuấn", "15/09/1988", "Nam", "000088900007", "Chuyên viên", "Xã Không Có"),
    )
    return write_table("DANH SÁCH CÁN BỘ, CÔNG CHỨC", headings, rows, sheet_name="Danh sách")


def found_ids() -> dict[str, Any]:
    """The things of the rehearsal that the pictures show."""
    from hocvu.classes.models import ClassSession, Roll, TrainingClass  # noqa: PLC0415
    from hocvu.config.rehearsal import cast  # noqa: PLC0415
    from hocvu.credentials.models import Certificate  # noqa: PLC0415
    from hocvu.exams.models import Sitting  # noqa: PLC0415
    from hocvu.people.models import Person  # noqa: PLC0415
    from hocvu.recognition.models import RecognitionDecision  # noqa: PLC0415
    from hocvu.stationery.models import TemplateVersion  # noqa: PLC0415
    from hocvu.units.models import Unit  # noqa: PLC0415

    today = TrainingClass.objects.get(code="AI-TDH-K2")
    done = TrainingClass.objects.get(code="AI-TDH-K1")
    nationwide = TrainingClass.objects.get(code="CNKT-XPDK-K1")
    certificate = Certificate.objects.order_by("pk").first()
    assert certificate is not None  # noqa: S101 — a rehearsal issues some
    sitting = Sitting.objects.get(training_class=today, paper__code=today.programme.paper_code)
    point = today.bridge_points.get(unit__code=cast.WARD)
    return {
        "class_today": today.pk,
        "class_done": done.pk,
        "class_waiting": TrainingClass.objects.get(code="LDQL40-K2").pk,
        "session": ClassSession.objects.filter(training_class=nationwide).earliest("number").pk,
        "roll": Roll.objects.filter(bridge_point=point).earliest("session__number").pk,
        "sitting": sitting.pk,
        "right_answers": _right_answers(sitting),
        "sitting_done": Sitting.objects.get(training_class=done).pk,
        "certificate": certificate.pk,
        "own_certificate": Certificate.objects.filter(entry__person__account__username="hocvien")
        .latest("pk")
        .pk,
        "code": certificate.verification_code,
        "decision": RecognitionDecision.objects.earliest("pk").pk,
        "design": TemplateVersion.objects.earliest("pk").pk,
        "nation": Unit.objects.get(code="VN").pk,
        "city": Unit.objects.get(code=cast.CITY).pk,
        "ward": Unit.objects.get(code=cast.WARD).pk,
        "person": Person.objects.get(account__username=cast.COORDINATOR).pk,
        **_ids_of_tests(),
    }


def _ids_of_tests() -> dict[str, Any]:
    from hocvu.config.rehearsal import cast  # noqa: PLC0415
    from hocvu.exams.models import ExamRoom, Sitting  # noqa: PLC0415
    from hocvu.measurement.models import AdaptiveSitting, QuestionQuality, Scale  # noqa: PLC0415
    from hocvu.questions.models import BankImport, Question  # noqa: PLC0415
    from hocvu.situations.models import Exercise  # noqa: PLC0415

    rooms = Sitting.objects.get(is_supervised=True)
    exercise = Exercise.objects.get(mode="individual")
    return {
        "sitting_rooms": rooms.pk,
        "sitting_desk": Sitting.objects.get(paper__code="commune-desk").pk,
        "room": ExamRoom.objects.get(sitting=rooms, bridge_point__unit__code=cast.WARD).pk,
        "paper": rooms.paper_id,
        "question": Question.objects.get(code="CD-02", version=1).pk,
        "question_of_figures": QuestionQuality.objects.earliest("pk").question_id,
        "scale": Scale.objects.get(code="circular-02-2025").pk,
        "bank_file": BankImport.objects.earliest("pk").pk,
        "exercise": exercise.pk,
        "case": exercise.case_id,
        "decisions": _decisions_to_make(exercise.case.written),
        "skills_sitting": AdaptiveSitting.objects.earliest("pk").pk,
        "keys": {each.pk: _right_options(each) for each in Question.objects.all()},
    }


def _decisions_to_make(case: Any) -> dict[str, str]:
    """The expert's decision at every node, but for the last one: a debrief is to show both ways."""
    best = {
        node.id: max(node.decisions, key=lambda each: each.credit or 0)
        for node in case.nodes.values()
        if node.decisions
    }
    *_, last = (node for node in case.nodes.values() if len(node.decisions) > 1)
    worst = min(last.decisions, key=lambda each: 1 if each.credit is None else each.credit)
    return {node: decision.id for node, decision in {**best, last.id: worst}.items()}


def _right_answers(sitting: Any) -> dict[int, list[str]]:
    """Question → right options, so that the learner in the pictures passes."""
    from hocvu.papers.models import PaperQuestion  # noqa: PLC0415

    asked = PaperQuestion.objects.filter(paper=sitting.paper).select_related("question")
    return {each.question_id: _right_options(each.question) for each in asked}


def _right_options(question: Any) -> list[str]:
    return [option["id"] for option in question.options if option["right"]]


# --- A house to take pictures of ---------------------------------------------------------------


@contextmanager
def rehearsed(home: str | None) -> Iterator[Path]:
    """The folder given, or a fresh one in which the rehearsal has just been played."""
    if home is not None:
        yield Path(home)
        return
    with tempfile.TemporaryDirectory(prefix="hocvu-pictures-") as folder:
        environment = {**os.environ, "HOCVU_HOME": folder}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "hocvu", "rehearse"]
        subprocess.run(command, env=environment, check=True)  # noqa: S603 — ourselves
        yield Path(folder)


@contextmanager
def served() -> Iterator[str]:
    """The address of the site of this process's data folder, served until the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "hocvu", "serve", "--port", str(port)]
    environment = {**os.environ, "HOCVU_SITE": address}
    server = subprocess.Popen(command, env=environment)  # noqa: S603 — ourselves
    try:
        _wait_for(port)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(port: int) -> None:
    give_up_at = time.monotonic() + STARTING_UP
    while time.monotonic() < give_up_at:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no server after {STARTING_UP:.0f} seconds")


@contextmanager
def chromium() -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        own = CHROMIUM if Path(CHROMIUM).exists() else None
        browser = playwright.chromium.launch(
            args=[*QUIET, *sandbox],
            executable_path=own,
            env={**os.environ, "LANGUAGE": "vi", "LANG": "vi_VN.UTF-8"},
        )
        yield browser
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", help="a data folder that was rehearsed before")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[], help="only these parts")
    asked = parser.parse_args()
    with rehearsed(asked.home) as home:
        os.environ["HOCVU_HOME"] = str(home.resolve())
        os.environ.setdefault("HOCVU_LOG", "WARNING")
        from hocvu.config import start  # noqa: PLC0415 — the folder has to be named first

        start.set_up()
        ids = found_ids()
        password = (home / "demo-password").read_text().strip()
        with served() as address, chromium() as browser:
            take(Studio(browser, address, password), ids, asked.only)
    total = sum(file.stat().st_size for file in PICTURES.glob("*.png"))
    tell(f"{total / 2**20:.1f} MiB in {PICTURES.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
