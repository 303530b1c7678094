"""The edge answers about certificates word for word as the view does, and never later than it."""

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from django.conf import settings as configured
from django.db import connections
from django.utils import timezone

from credentials.recognition_scene import NOON, tamper
from exams.devices import ask, connect
from hocvu.config.bridge import Bridge
from hocvu.config.edge import Edge, judge
from hocvu.config.sessions import OpenSessions
from hocvu.config.wsgi import application
from hocvu.credentials.actions import correct_certificate, revoke_certificate
from hocvu.credentials.rules.causes import Ruling
from hocvu.verification.actions import write_checks
from hocvu.verification.hot import VerdictPath
from hocvu.verification.models import CheckCount, SpentAllowance
from hocvu.verification.queries.published import publication_state
from hocvu.verification.rules import allowances
from hocvu.verification.views.rendering import page_of

pytestmark = pytest.mark.django_db(transaction=True)

NOBODYS = "0" * 16
MOST_TRIES = allowances.A_MINUTE // allowances.NOT_FOUND
LANGUAGE, TOKEN = configured.LANGUAGE_COOKIE_NAME, configured.CSRF_COOKIE_NAME


class Site:
    """The edge, and how often it left a question to Django."""

    def __init__(self, open_connection=connect, meanwhile=lambda: None, judged=lambda: None):
        self.asked_django = 0
        self._meanwhile = meanwhile
        self._after_judging = judged
        self._bridge = Bridge(self._django)
        self._path = VerdictPath(
            open_connection,
            configured.SECRET_KEY.encode(),
            published=publication_state,
            judge=self._judged,
            show=page_of,
        )
        self._edge = Edge([], self._bridge, OpenSessions(connect), self._now, readers=[self._path])

    def _judged(self, found):
        try:
            verdicts = judge(found)
            self._after_judging()
            return verdicts
        finally:
            connections.close_all()  # the thread ends with the test

    @staticmethod
    def _now():
        return timezone.now()  # the clock of the test, where it has one

    def _django(self, environ, start_response):
        self.asked_django += 1
        try:
            answer = application(environ, start_response)
            body = b"".join(answer)
            answer.close()  # what is written after an answer is written here as well
            self._meanwhile()
        finally:
            connections.close_all()
        return [body]

    async def get(self, address, cookie=None, *, by_view=False, method="GET", **headers):
        """As the edge answers, or as Django does at the same address."""
        app = self._bridge if by_view else self._edge
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await ask(app, method, address, b"", {"cookie": cookie, **named})

    async def hang_up(self):
        await self._edge.drain()


@asynccontextmanager
async def open_site(**more):
    site = Site(**more)
    try:
        yield site
    finally:
        await site.hang_up()


def address_of(certificate):
    return f"/v/{certificate.verification_code}"


def said_by(reply):
    return re.search(r'class="verdict (\w+)"', reply.body.decode())[1]


def elsewhere(act):
    """Something else happens meanwhile, on a connection of its own."""

    def done():
        try:
            act()
        finally:
            connections.close_all()

    return asyncio.to_thread(done)


def revoke(certificate, registrar):
    revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)


def correct(certificate, registrar):
    ruling = Ruling("11/QĐ-TCT", date(2026, 11, 20), "written_wrong", "ghi sai họ tên")
    says = replace(certificate.holder, full_name="Phạm Văn Ấn")
    correct_certificate(certificate, says, ruling=ruling, by=registrar, at=NOON)


def rewrite(certificate):
    """Somebody with the database's password gives the certificate to somebody else."""
    tamper(
        "UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE id = %s",
        [certificate.entry_id],
    )


@pytest.fixture
def verdicts(certificates, registrar):
    """An address for every verdict; of the first three certificates one stays in force."""
    valid, revoked, corrected = certificates
    revoke(revoked, registrar)
    correct(corrected, registrar)
    return {
        "verdict valid": address_of(valid),
        "verdict revoked": address_of(revoked),
        "verdict superseded": address_of(corrected),
        "verdict unknown": f"/v/{NOBODYS}",
    }


# Each of these tests commits to the database, which the edge reads on connections of its own.

# --- The same answers ----------------------------------------------------------------------------


def test_the_edge_and_the_view_give_the_same_answers_byte_for_byte(verdicts):
    everything = [
        (f"{address}{ending}", cookie)
        for address in verdicts.values()
        for ending in ("", "/", "?lang=vi", "?lang=en")
        for cookie in (None, f"{LANGUAGE}=en", f"{LANGUAGE}=vi; {TOKEN}={'a' * 32}")
    ]

    async def compared():
        async with open_site() as site:
            pairs = []
            for address, cookie in everything:
                shown = await site.get(address, cookie, by_view=True)
                for held in (None, shown.headers["etag"], '"another"'):
                    expected = await site.get(address, cookie, by_view=True, if_none_match=held)
                    for _ in range(2):
                        given = await site.get(address, cookie, if_none_match=held)
                        pairs.append((expected, given))
                await elsewhere(SpentAllowance.objects.all().delete)
            pages = {said: await site.get(address) for said, address in verdicts.items()}
            return pairs, site.asked_django, pages

    pairs, asked_django, pages = asyncio.run(compared())

    for expected, given in pairs:
        assert given == expected
    assert {expected.status for expected, _ in pairs} == {200, 304}
    assert {expected.headers["content-language"] for expected, _ in pairs} == {"vi", "en"}
    for said, page in pages.items():
        assert f'class="{said}"' in page.body.decode()
    by_this_test = len(everything) * 4
    each_kind_once = 2 * 2  # in both languages, with cookies and without
    assert asked_django == by_this_test + each_kind_once


def test_many_at_once_get_what_each_asked_for(certificates):
    async def asked():
        async with open_site() as site:
            await asyncio.gather(*(site.get(address_of(each)) for each in certificates))
            return await asyncio.gather(*(site.get(address_of(each)) for each in certificates * 9))

    replies = asyncio.run(asked())

    for certificate, reply in zip(certificates * 9, replies, strict=True):
        assert certificate.serial_number in reply.body.decode()


def test_certificates_never_seen_before_are_answered_without_django_and_as_by_it(
    certificates, registrar
):
    revoke(certificates[2], registrar)
    addresses = [f"{address_of(each)}{ending}" for each in certificates for ending in ("", "/")]

    async def asked():
        async with open_site() as site:
            await site.get(f"/v/{NOBODYS}")
            given = await asyncio.gather(*(site.get(address) for address in addresses))
            asked_django = site.asked_django
            expected = [await site.get(address, by_view=True) for address in addresses]
            return given, expected, asked_django

    given, expected, asked_django = asyncio.run(asked())

    assert given == expected
    assert {said_by(reply) for reply in given} == {"valid", "revoked"}
    assert asked_django == 1  # what stands around a page is heard once


def test_every_look_is_counted_once_for_the_holder_and_for_who_asks(certificates):
    async def asked():
        async with open_site() as site:
            for _ in range(3):
                await asyncio.gather(*(site.get(address_of(each)) for each in certificates))

    asyncio.run(asked())

    write_checks()
    looks = CheckCount.objects.values_list("certificate_id", "count")
    assert dict(looks) == dict.fromkeys((each.pk for each in certificates), 3)
    assert SpentAllowance.objects.get().spent == 9 * allowances.FOUND


# --- Never later ---------------------------------------------------------------------------------


def test_what_happens_to_a_certificate_shows_with_the_next_question(
    certificates, registrar, settings
):
    revoked, corrected, rewritten = certificates
    root = settings.AUTHORITY_FOLDER / "root.crt"

    async def asked():
        async with open_site() as site:

            async def twice(certificate):
                return [said_by(await site.get(address_of(certificate))) for _ in range(2)]

            before = [await twice(each) for each in certificates]
            await elsewhere(lambda: revoke(revoked, registrar))
            await elsewhere(lambda: correct(corrected, registrar))
            await elsewhere(lambda: rewrite(rewritten))
            after = [await twice(each) for each in certificates]
            page = await site.get(address_of(rewritten))
            root.rename(root.with_suffix(".lost"))
            return before, after, page, await twice(revoked)

    before, after, rewritten_page, without_keys = asyncio.run(asked())

    assert before == [["valid"] * 2] * 3
    assert after == [["revoked"] * 2, ["superseded"] * 2, ["altered"] * 2]
    assert "Kẻ Gian" not in rewritten_page.body.decode()
    assert without_keys == ["unknown"] * 2


@pytest.mark.parametrize("overtaken", ["meanwhile", "judged"])
def test_a_verdict_that_was_overtaken_while_it_was_made_is_not_given_again(
    certificates, registrar, overtaken
):
    """By Django, whose answer to the first question is passed on; then by the edge itself."""
    happened = []
    certificate = certificates[1 if overtaken == "judged" else 0]

    def revoked_meanwhile():
        if not happened:
            happened.append(True)
            revoke(certificate, registrar)

    async def asked():
        async with open_site(**{overtaken: revoked_meanwhile}) as site:
            if overtaken == "judged":
                await site.get(address_of(certificates[0]))
            said = [said_by(await site.get(address_of(certificate))) for _ in range(2)]
            return said, site.asked_django

    assert asyncio.run(asked()) == (["valid", "revoked"], 1)


# --- Limits --------------------------------------------------------------------------------------


def test_whoever_tries_codes_is_told_to_wait_one_by_one_and_in_a_burst(
    trust, settings, monkeypatch
):
    clock = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])

    async def tried():
        async with open_site() as site:
            tries = [await site.get(f"/v/{number:016}") for number in range(MOST_TRIES)]
            refused = [await site.get(f"/v/{NOBODYS}") for _ in range(3)]
            by_view = await site.get(f"/v/{NOBODYS}", by_view=True)
            clock[0] += timedelta(minutes=1)
            burst = (site.get(f"/v/{number:016}") for number in range(MOST_TRIES + 20))
            burst = await asyncio.gather(*burst)
            behind = await site.get(f"/v/{NOBODYS}", x_forwarded_for="203.0.113.9")
            return tries, refused, by_view, burst, behind

    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    tries, refused, by_view, burst, behind = asyncio.run(tried())

    assert {reply.status for reply in tries} == {200}
    assert by_view.status == 429
    assert refused == [by_view] * 3
    statuses = [reply.status for reply in burst]
    assert statuses.count(200) == MOST_TRIES
    assert statuses.count(429) == 20
    assert behind.status == 200  # another person behind the same proxy


# --- What it leaves to Django --------------------------------------------------------------------


def test_whatever_is_not_plain_is_left_to_django(certificate):
    odd = [
        {"cookie": f"{configured.SESSION_COOKIE_NAME}=abc"},
        {"cookie": "messages=abc"},
        {"cookie": f"{TOKEN}=abc"},
        {"address": "?lang=fr"},
        {"address": "?lang=vi&lang=en"},
        {"host": "evil.example"},
        {"method": "HEAD"},
        {"method": "OPTIONS"},
    ]

    async def asked():
        async with open_site() as site:
            await site.get(address_of(certificate))
            before = site.asked_django
            for each in odd:
                where = address_of(certificate) + each.pop("address", "")
                for _ in range(2):
                    await site.get(where, **each)
            return site.asked_django - before

    assert asyncio.run(asked()) == 2 * len(odd)


def test_without_its_database_connection_it_leaves_everything_to_django(certificate):
    async def out_of_reach():
        raise psycopg.OperationalError

    async def asked():
        async with open_site(open_connection=out_of_reach) as site:
            said = [said_by(await site.get(address_of(certificate))) for _ in range(2)]
            return said, site.asked_django

    assert asyncio.run(asked()) == (["valid", "valid"], 2)
