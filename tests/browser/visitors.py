"""Somebody at a browser, and a sharp eye on every page they open."""

import io
import os
from pathlib import Path

import zxingcpp
from browser_scene import player
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from PIL import Image
from playwright.sync_api import expect

from accessibility import violations_on
from hocvu.config.rehearsal import cast

PHONE, DESK = 390, 1280
HEIGHT = {PHONE: 844, DESK: 800, 360: 740, 1920: 1080}
_RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
_LEAST_TARGET = 44  # px, what a thumb hits
_EDGES = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
    && getComputedStyle(each).position !== "absolute")
  .map((each) => each.outerHTML.slice(0, 120)).slice(0, 3)"""
_SMALL = """(least) => [...document.querySelectorAll("main .button, main button, summary")]
  .filter((each) => each.checkVisibility() && !each.closest(".visually-hidden"))
  .map((each) => [each.getBoundingClientRect(), each])
  .filter(([box, each]) => box.width > 2
    && (box.height < least - 0.5 || (each.tagName !== "SUMMARY" && box.width < least - 0.5)))
  .map(([box, each]) => `${Math.round(box.width)}×${Math.round(box.height)} ${each.innerText}`)"""


class Visitor:
    """One person's browser at one width. `complaints` is what its console and network said."""

    def __init__(self, context, address):
        self.context, self.address = context, address
        self.complaints = []
        self._lost_network = False
        context.on("console", self._hear_console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("response", self._hear_response)
        self.page = context.new_page()

    def _hear_console(self, message):
        is_an_answer = "status of 422" in message.text  # a form that says what to put right
        is_known = self._lost_network and "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type in {"error", "warning"} and not is_an_answer and not is_known:
            self.complaints.append(f"console: {message.text} at {message.page.url}")

    def _hear_response(self, response):
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.complaints.append(f"{response.status}: {response.url}")

    # --- what a person does

    def opens(self, path):
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        assert answer.status < 500, f"{path}: {answer.status}"
        return self.page

    def signs_in(self, username):
        self.page.get_by_label("Tên đăng nhập").fill(username)
        self.page.get_by_label("Mật khẩu").fill(cast.password())
        self.presses("Đăng nhập")

    def is_signed_in_as(self, username):
        """Without the form, which one test walks through."""
        account = player(username).account
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        self.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session.session_key,
                    "url": self.address,
                }
            ]
        )
        return self

    def reads(self, language):
        """Choose the language of the pages."""
        self.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.address}]
        )
        return self

    def presses(self, name):
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def follows(self, name):
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()

    def sees(self, *texts):
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def loses_network(self):
        """From now on the browser may say so itself, late as well."""
        self._lost_network = True
        self.context.set_offline(True)

    def finds_network(self):
        self.context.set_offline(False)

    # --- what is true of every page

    def looks(self, name="", *, width=None):
        """The page stands up to a sharp eye: nothing is broken, hidden, too small or too wide."""
        if width:
            self.page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        _keep_picture(self.page, name)
        found = violations_on(self.page, **_RULES)
        where = f"{name} {self.page.url}"
        assert not found, "\n".join([where, *found])
        self.has_no_complaints(where)
        self.fits(where)

    def fits(self, where=""):
        page = self.page
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, f"{where} scrolls sideways: {page.evaluate(_EDGES)}"
        if page.viewport_size["width"] <= PHONE:
            small = page.evaluate(_SMALL, _LEAST_TARGET)
            assert not small, f"{where} has targets too small for a thumb: {small}"

    def has_no_complaints(self, where=""):
        assert not self.complaints, f"{where}: {self.complaints}"


def qr_codes_in(picture: bytes) -> list[str]:
    """What a camera reads in a picture."""
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def _keep_picture(page, name) -> None:
    """For whoever wants to look for themselves: HOCVU_PICTURES names a folder."""
    if name and (folder := os.environ.get("HOCVU_PICTURES")):
        width = page.viewport_size["width"]
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
