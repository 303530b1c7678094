"""The modules of the offline page, in the browser they are made for, on what Python writes.

Nothing is served: the browser asks for an address that does not exist, and is handed the files.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from playwright.sync_api import sync_playwright

import hocvu_verifier
from hocvu.portable.jose import write_tokens
from hocvu.portable.keys import PublicKey, key_set
from hocvu.portable.statement import StatementFacts, digits, statement_address, write_statements
from hocvu.portable.status import (
    PLACES,
    ListName,
    Purpose,
    encoded,
    status_list_credential,
    write_status_list,
)
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.refusals import NotVerified
from hocvu_verifier.statement import verify_statement
from hocvu_verifier.status import Snapshot
from verifier.statement_shapes import BROKEN_PAYLOADS, FROZEN_KEY, Writer

pytestmark = pytest.mark.browser

WEB = Path(hocvu_verifier.__file__).parent / "web"
SITE = "https://verifier.example.vn"
AT = datetime(2026, 2, 5, 12, 0, tzinfo=UTC)
UNTIL = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
REVOKED = ListName(SITE, Purpose.REVOCATION, 2)
FACTS = StatementFacts(
    "Nguyễn Thị Ánh Tuyết", "HVCTQG-2026-000123", "LQ-1", date(2026, 2, 5), 2 * PLACES + 7
)
RUN = """
async ([call, ...given]) => {
  const { beginsAfter, verifyStatement, readSnapshot } = await import("/verify.js");
  const calls = {
    statement: ([text, issuers]) => verifyStatement(text, issuers),
    early: async ([text, issuers, now]) =>
      beginsAfter(await verifyStatement(text, issuers), now),
    standing: async ([text, issuers, did, place]) =>
      (await readSnapshot(text, issuers)).standingOf(did, place),
  };
  try {
    return { said: JSON.parse(JSON.stringify(await calls[call](given))) };
  } catch (refusal) {
    return { reason: refusal.reason ?? `${refusal}` };
  }
}
"""


class Session:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, digests):
        return [self.key.sign(each, ec.ECDSA(Prehashed(hashes.SHA256()))) for each in digests]


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.fixture(scope="module")
def key(session):
    did = "did:web:verifier.example.vn"
    return PublicKey.of(session.key.public_key(), name="Trường mẫu", did=did)


@pytest.fixture(scope="module")
def run():
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    arguments += ["--disable-component-update", "--disable-sync"]
    chromium = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page()
        page.route(f"{SITE}/**", _handed)
        page.goto(f"{SITE}/")
        yield lambda *given: page.evaluate(RUN, list(given))
        browser.close()


def _handed(route):
    name = route.request.url.rpartition("/")[2]
    if name:
        route.fulfill(path=WEB / name, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>.</title>", content_type="text/html")


@pytest.fixture(scope="module")
def issuers(key):
    return json.dumps(key_set([key]))


def _stated(facts, session, key):
    (octets,) = write_statements([facts], session=session, key=key)
    return octets


def test_the_browser_reads_what_python_wrote(run, session, key, issuers):
    octets = _stated(replace(FACTS, expires_on=date(2027, 2, 5)), session, key)

    answer = run("statement", statement_address(f"{SITE}/v/0123456789ABCDEF", octets), issuers)

    assert answer["said"] == {
        "holderName": FACTS.holder_name,
        "serialNumber": FACTS.serial_number,
        "programmeCode": FACTS.programme_code,
        "issuedOn": "2026-02-05",
        "expiresAt": "2027-02-04T17:00:00.000Z",
        "statusIndex": FACTS.status_place,
        "issuer": {"name": key.name, "did": key.did},
    }


def test_a_day_of_issue_to_come_is_told_as_in_python(run, session, key, issuers):
    """It begins in Vietnam at 17:00 UTC of the day before; a day's difference does not count."""
    text = digits(_stated(FACTS, session, key))
    said = verify_statement(text, issuers=Issuers.read(issuers))
    moments = {0: False, 42: False, 43: False, 43.001: True, 60: True}  # hours before noon in UTC

    for before, early in moments.items():
        now = AT - timedelta(hours=before)
        assert run("early", text, issuers, now.timestamp() * 1000)["said"] is early
        assert said.begins_after(now) is early


@pytest.mark.parametrize("place", [None, 0, 23, 24, 255, 256, 65_536, 2**32, 2**53 - 1])
def test_every_width_of_number_is_read(run, session, key, issuers, place):
    octets = _stated(replace(FACTS, status_place=place), session, key)

    assert run("statement", digits(octets), issuers)["said"]["statusIndex"] == place


def test_a_changed_statement_is_refused_as_in_python(run, session, key, issuers):
    """A byte in every place: both halves refuse, or (a byte of the name) neither reads the same."""
    octets = _stated(FACTS, session, key)
    trusted = Issuers.of([IssuerKey.read(key.as_jwk())])
    for position in range(0, len(octets), 5):
        changed = bytearray(octets)
        changed[position] ^= 0x41
        text = digits(bytes(changed))

        assert "reason" in run("statement", text, issuers), position
        with pytest.raises(NotVerified):
            verify_statement(text, issuers=trusted)


@pytest.mark.parametrize("payload", BROKEN_PAYLOADS.values(), ids=BROKEN_PAYLOADS.keys())
def test_a_signed_payload_of_another_form_is_refused(run, payload):
    issuers = json.dumps({"keys": [FROZEN_KEY]})

    assert run("statement", Writer().text(payload), issuers) == {"reason": "no_statement"}


def test_the_statement_written_by_hand_is_read(run):
    issuers = json.dumps({"keys": [FROZEN_KEY]})

    assert run("statement", Writer().text(), issuers)["said"]["holderName"] == "Lê Thị Na"


@pytest.mark.parametrize(
    ("writer", "key", "reason"),
    [
        (Writer(secret=2), FROZEN_KEY, "stranger"),
        (Writer(), {**FROZEN_KEY, "exp": 1}, "key_not_in_use"),
        (Writer(), {**FROZEN_KEY, "crv": "P-384"}, "bad_list"),
        (Writer(), {**FROZEN_KEY, "x": "AAAA"}, "bad_list"),
    ],
    ids=["a stranger", "a key of another time", "another curve", "no point"],
)
def test_a_key_that_does_not_count_is_refused(run, writer, key, reason):
    assert run("statement", writer.text(), json.dumps({"keys": [key]})) == {"reason": reason}


@pytest.mark.parametrize("text", ["", "https://example.vn/", "1" * 300, "0" * 300])
def test_other_texts_are_named_so(run, issuers, text):
    assert run("statement", text, issuers) == {"reason": "no_statement"}


def test_a_snapshot_is_read_as_in_python(run, session, key, issuers):
    about = {"session": session, "key": key}
    lines = [
        write_status_list(REVOKED, [2 * PLACES, 2 * PLACES + 9], at=AT, valid_until=UNTIL, **about),
        write_status_list(
            replace(REVOKED, purpose=Purpose.REFRESH), [2 * PLACES + 9], at=AT, **about
        ),
    ]
    text = "\n".join(lines)
    snapshot = Snapshot.read(text, issuers=Issuers.read(issuers))

    for place in (None, 0, 2 * PLACES, 2 * PLACES + 1, 2 * PLACES + 9, 3 * PLACES):
        answer = run("standing", text, issuers, key.did, place)["said"]
        expected = snapshot.standing_of(key.did, place)
        assert answer["standing"] == expected.standing.value
        assert _moment(answer["asOf"]) == expected.as_of
        assert _moment(answer["goodUntil"]) == expected.good_until


def _moment(text):
    return None if text is None else datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda credential: credential.pop("credentialSubject"),
        lambda credential: credential.pop("type"),
        lambda credential: credential.update(validFrom="2026-02-05T12:00:00"),
        lambda credential: credential.update(id="none"),
        lambda credential: credential.update({"@context": []}),
        lambda credential: credential["credentialSubject"].update(statusPurpose="message"),
        lambda credential: credential["credentialSubject"].update(statusSize=2),
        lambda credential: credential["credentialSubject"].update(encodedList=encoded(bytes(9))),
        lambda credential: credential["credentialSubject"].update(
            encodedList=encoded(bytes(1 << 20))
        ),
        lambda credential: credential["credentialSubject"].update(encodedList="uAAAA"),
        lambda credential: credential.update(issuer="did:web:other.example.vn"),
    ],
)
def test_a_signed_list_of_another_form_is_refused(run, session, key, issuers, change):
    credential = status_list_credential(REVOKED, [], issuer_did=key.did, at=AT)
    change(credential)
    (token,) = write_tokens([credential], session=session, key=key)

    assert run("standing", token, issuers, key.did, 0) == {"reason": "bad_list"}


def test_a_list_signed_after_the_end_of_a_key_s_use_is_refused(run, session, key):
    token = write_status_list(REVOKED, [], at=AT, session=session, key=key)
    ended = json.dumps(key_set([replace(key, ends_at=AT - timedelta(days=1))]))

    assert run("standing", token, ended, key.did, 0) == {"reason": "bad_list"}


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "eyJ9.e30.AA"])
def test_what_is_no_snapshot_is_refused(run, issuers, key, text):
    assert run("standing", text, issuers, key.did, 0) == {"reason": "bad_list"}


def test_a_list_of_another_signer_is_refused(run, issuers, key):
    token = write_status_list(REVOKED, [], at=AT, session=Session(), key=key)

    assert run("standing", token, issuers, key.did, 0) == {"reason": "bad_list"}
