"""A certificate's QR code, checked by a phone-sized browser whose network is off."""

import json
import re
import shutil
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accessibility import violations_on
from hocvu.portable.keys import PublicKey, key_set
from hocvu.portable.statement import StatementFacts, digits, write_statements
from hocvu.portable.status import ListName, Purpose, write_status_list
from hocvu.verification.views.offline import PARTS

SITE = "https://hocvu.example.vn"
DID = "did:web:hocvu.example.vn"
GOOD, REVOKED, CORRECTED = 7, 8, 9

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Issuer:
    """A P-256 key, as `hocvu.portable` signs with it."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = PublicKey.of(self.key.public_key(), name="Trường Chính trị mẫu", did=DID)

    def sign(self, digests):
        return [self.key.sign(each, ec.ECDSA(Prehashed(hashes.SHA256()))) for each in digests]

    def states(self, certificate, place, *, issued_on=None):
        """The digits in the QR code of this certificate."""
        facts = StatementFacts(
            holder_name=certificate.entry.full_name,
            serial_number=certificate.serial_number,
            programme_code="leadership",
            issued_on=issued_on or certificate.entry.decision.decided_on,
            status_place=place,
        )
        (octets,) = write_statements([facts], session=self, key=self.public)
        return digits(octets)


@pytest.fixture
def issuer(settings, certificates):
    """Keys and lists as they are published; two places are no longer in force."""
    issuer = Issuer()
    published(settings, issuer, at=timezone.now())
    return issuer


def published(settings, issuer, *, at):
    keys = key_set([issuer.public])
    (settings.AUTHORITY_FOLDER / "issuers.json").write_text(json.dumps(keys), encoding="utf-8")
    shutil.rmtree(settings.REGISTER_FOLDER / "status", ignore_errors=True)
    lists = {Purpose.REVOCATION: [REVOKED, CORRECTED], Purpose.REFRESH: [CORRECTED]}
    for purpose, places in lists.items():
        folder = settings.REGISTER_FOLDER / "status" / purpose.value
        folder.mkdir(parents=True, exist_ok=True)
        name = ListName(SITE, purpose, 0)
        text = write_status_list(name, places, at=at, session=issuer, key=issuer.public)
        (folder / "0").write_text(text, encoding="utf-8")


@pytest.fixture
def phone(chromium):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
    yield context
    context.close()


@pytest.fixture
def prepared(phone, live_server, issuer):
    """The page was opened once with a network, and everything it needs is kept."""
    tab = phone.new_page()
    tab.goto(live_server.url + reverse("verification:offline"))
    for _ in range(300):
        if tab.evaluate("navigator.serviceWorker.controller !== null"):
            return tab
        tab.wait_for_timeout(100)
    raise TimeoutError("The worker does not keep the page.")


def address(live_server, certificate, statement):
    path = reverse("verification:code", args=[certificate.verification_code])
    return f"{live_server.url}{path}#{statement}"


def result(tab, kind):
    return expect(tab.locator(f"offline-check .verdict.{kind}"))


def test_a_scanned_code_is_checked_with_the_network_off(
    prepared, phone, live_server, issuer, certificate
):
    phone.set_offline(True)

    prepared.goto(address(live_server, certificate, issuer.states(certificate, GOOD)))

    result(prepared, "valid").to_be_visible()
    said = prepared.locator("offline-check").inner_text()
    assert certificate.entry.full_name in said
    assert certificate.serial_number in said
    assert "Trường Chính trị mẫu" in said
    assert prepared.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_carried_lists_are_asked_too(prepared, phone, live_server, issuer, certificate):
    phone.set_offline(True)

    for place, kind in ((REVOKED, "revoked"), (CORRECTED, "superseded")):
        prepared.goto(address(live_server, certificate, issuer.states(certificate, place)))

        result(prepared, kind).to_be_visible()


def test_a_changed_or_foreign_statement_is_not_believed(
    prepared, phone, live_server, issuer, certificate
):
    phone.set_offline(True)
    genuine = issuer.states(certificate, GOOD)
    changed = str(int(genuine) ^ 1)

    prepared.goto(address(live_server, certificate, changed))
    result(prepared, "altered").to_be_visible()
    prepared.goto(address(live_server, certificate, Issuer().states(certificate, GOOD)))
    result(prepared, "unknown").to_be_visible()


def test_a_list_that_is_too_old_makes_nothing_valid(
    phone, live_server, issuer, certificate, settings
):
    published(settings, issuer, at=timezone.now() - timedelta(days=60))
    tab = phone.new_page()

    tab.goto(address(live_server, certificate, issuer.states(certificate, GOOD)))

    result(tab, "unknown").to_be_visible()
    expect(tab.locator("offline-check")).to_contain_text(re.compile("60 ngày"))


def test_what_was_issued_on_a_day_to_come_is_not_valid_yet(prepared, phone, issuer, certificate):
    phone.set_offline(True)
    to_come = timezone.localdate() + timedelta(days=3)
    statement = issuer.states(certificate, GOOD, issued_on=to_come)

    prepared.get_by_label("Dán nội dung của mã QR").fill(statement)
    prepared.get_by_role("button", name="Kiểm tra trên thiết bị này").click()

    result(prepared, "unknown").to_contain_text("chưa đến ngày cấp")


def test_with_a_network_both_answers_stand_side_by_side(phone, live_server, issuer, certificates):
    tab = phone.new_page()
    own, other = certificates[0], certificates[1]

    tab.goto(address(live_server, own, issuer.states(own, GOOD)))
    result(tab, "valid").to_be_visible()
    expect(tab.locator("main > div > .verdict.valid")).to_be_visible()

    tab.goto("about:blank")
    tab.goto(address(live_server, own, issuer.states(other, GOOD)))  # a code glued on another paper
    result(tab, "altered").to_be_visible()


def test_what_a_code_holds_may_be_pasted(prepared, phone, issuer, certificate):
    phone.set_offline(True)
    statement = issuer.states(certificate, GOOD)

    prepared.get_by_label("Dán nội dung của mã QR").fill("Xin chào")
    prepared.get_by_role("button", name="Kiểm tra trên thiết bị này").click()
    expect(prepared.locator("[data-part=said]")).not_to_be_empty()
    prepared.get_by_label("Dán nội dung của mã QR").fill(f"{SITE}/v/X#{statement}")
    prepared.get_by_role("button", name="Kiểm tra trên thiết bị này").click()

    result(prepared, "valid").to_be_visible()


def test_nothing_of_a_statement_leaves_the_device(prepared, live_server, issuer, certificate):
    asked = []
    prepared.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    statement = issuer.states(certificate, GOOD)

    prepared.get_by_label("Dán nội dung của mã QR").fill(f"{SITE}/v/X#{statement}")
    prepared.get_by_role("button", name="Kiểm tra trên thiết bị này").click()
    result(prepared, "valid").to_be_visible()

    assert asked
    assert all(url.startswith(live_server.url) for url in asked)
    assert not any(statement[:40] in url for url in asked)


@pytest.mark.parametrize("width", [390, 1920])
def test_the_result_is_accessible(chromium, live_server, issuer, certificate, width):
    tab = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
    for language in ("vi", "en"):
        tab.goto(live_server.url + reverse("verification:offline") + f"?lang={language}")
        tab.locator("textarea").fill(f"{SITE}/v/X#{issuer.states(certificate, GOOD)}")
        tab.locator("[data-do=paste] button").click()
        result(tab, "valid").to_be_visible()

        assert violations_on(tab) == []
    tab.context.close()


def test_the_worker_keeps_every_part_the_page_is_made_of(client, db):
    page = client.get(reverse("verification:offline")).content.decode()

    asked = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page))

    assert asked - set(PARTS) == set()
