"""A device at the edge: the ASGI application called as a server would, without a socket."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from psycopg import AsyncConnection

from hocvu.config.bridge import Bridge
from hocvu.config.edge import Edge
from hocvu.config.sessions import OpenSessions
from hocvu.config.wsgi import application
from hocvu.exams.hot import AnswerPath
from hocvu.exams.rules.passes import COOKIE, pass_for

TOKEN = "a" * 32  # what the page's cookie and header both say


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def told(self):
        return json.loads(self.body)


async def connect():
    """To the database of the tests."""
    named = connection.settings_dict
    return await AsyncConnection.connect(
        dbname=named["NAME"],
        user=named["USER"],
        host=named["HOST"],
        port=named["PORT"] or None,
        autocommit=True,
        options="-c lock_timeout=1s",
    )


def edge_of_tests(*, path=None, clock=None, bounds=None):
    path = path or AnswerPath(connect, settings.SECRET_KEY.encode())
    more = {"clock": clock} if clock else {}
    return Edge([path], Bridge(application, bounds), OpenSessions(connect), **more)


class Living:
    """`async with Living(edge):` starts it, and drains it at the end, as a server does."""

    def __init__(self, edge):
        self._edge = edge

    async def __aenter__(self):
        for path in self._edge._paths:
            await path.start()
        self._edge._sessions.start()
        return self._edge

    async def __aexit__(self, *_):
        await self._edge.drain()


def signed_in(person):
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person.account)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def cookies_of(session, held="", **more):
    named = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN, **more}
    if held:
        named[COOKIE] = held
    return "; ".join(f"{name}={value}" for name, value in named.items())


def pass_of(attempt, session, *, issued_at, person_id=None):
    return pass_for(
        settings.SECRET_KEY.encode(),
        session=session,
        attempt_id=attempt.pk,
        person_id=person_id or attempt.person_id,
        issued_at=issued_at,
    )


def form_of(asked, chosen, sequence, client_id):
    fields = [("question", asked), *(("chosen", line) for line in chosen)]
    return urlencode([*fields, ("sequence", sequence), ("client_id", client_id)]).encode()


async def post(edge, address, body, cookies, *, method="POST", **headers):
    return await ask(
        edge,
        method,
        address,
        body,
        {
            "content-type": "application/x-www-form-urlencoded",
            "x-csrftoken": TOKEN,
            "accept": "application/json",
            "cookie": cookies,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


async def ask(edge, method, address, body=b"", headers=None, *, chunk=64 * 1024):
    """One request to the edge, its body in chunks; the reply once all of it was sent."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("192.0.2.7", 50_000),
        "headers": [
            (name.encode(), value.encode("latin-1"))
            for name, value in {"host": "127.0.0.1", **(headers or {})}.items()
            if value is not None
        ],
    }
    parts = [body[at : at + chunk] for at in range(0, len(body), chunk)] or [b""]
    sent = []

    async def receive():
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message):
        sent.append(message)

    await edge(scope, receive, send)
    started, *bodies = sent
    assert [each.get("more_body", False) for each in bodies[:-1]] == [True] * (len(bodies) - 1)
    named: dict[str, str] = {}
    for name, value in started["headers"]:
        before = f"{named[name.decode()]}\n" if name.decode() in named else ""
        named[name.decode()] = before + value.decode("latin-1")
    return Reply(started["status"], named, b"".join(each["body"] for each in bodies))
