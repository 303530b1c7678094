"""What is not hot reaches a WSGI application whole, and so does its answer."""

import asyncio
import hashlib
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders

from exams.devices import ask
from hocvu.config.bridge import Bounds, Bridge
from hocvu.config.wsgi import application


def answered(app, method="GET", address="/", body=b"", headers=None, *, bounds=None, **more):
    async def run():
        bridge = Bridge(app, bounds)
        try:
            return await ask(bridge, method, address, body, headers, **more)
        finally:
            await bridge.close()

    return asyncio.run(run())


def seen_by_an_application(*args, **more):
    """The environment an application is given, its body read."""
    seen = {}

    def app(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("204 No Content", [])
        return []

    answered(app, *args, **more)
    return SimpleNamespace(**{name.replace(".", "_"): value for name, value in seen.items()})


# --- Requests ------------------------------------------------------------------------------------


def test_an_application_sees_what_was_asked_and_by_whom():
    seen = seen_by_an_application("GET", "/learners/?page=2")

    assert (seen.REQUEST_METHOD, seen.PATH_INFO, seen.QUERY_STRING) == (
        "GET",
        "/learners/",
        "page=2",
    )
    assert (seen.REMOTE_ADDR, seen.wsgi_url_scheme) == ("192.0.2.7", "http")
    assert (seen.SERVER_NAME, seen.SERVER_PORT, seen.SERVER_PROTOCOL) == (
        "127.0.0.1",
        "80",
        "HTTP/1.1",
    )


def test_a_vietnamese_address_arrives_as_bytes_in_latin_1():
    seen = seen_by_an_application("GET", "/l%E1%BB%9Bp/")

    assert seen.PATH_INFO.encode("latin-1").decode() == "/lớp/"


def test_headers_arrive_and_a_header_with_an_underscore_cannot_pass_for_one():
    headers = {"x-csrftoken": "real", "x_csrftoken": "forged", "content-type": "text/plain"}
    seen = seen_by_an_application("POST", "/", b"x", headers)

    assert (seen.HTTP_X_CSRFTOKEN, seen.CONTENT_TYPE) == ("real", "text/plain")


def test_a_length_that_was_promised_wrongly_is_corrected():
    seen = seen_by_an_application("POST", "/", b"four", {"content-length": "4000"})

    assert (seen.CONTENT_LENGTH, seen.body) == ("4", b"four")


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024 + 1, 9_000_000])
def test_a_body_of_any_size_arrives_whole(size):
    sent = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    seen = seen_by_an_application("POST", "/", sent)

    assert hashlib.sha256(seen.body).digest() == hashlib.sha256(sent).digest()


def test_what_was_read_before_comes_first():
    seen = {}

    def app(environ, start_response):
        seen["body"] = environ["wsgi.input"].read()
        start_response("204 No Content", [])
        return []

    async def run():
        bridge = Bridge(app)
        scope = {"type": "http", "method": "POST", "path": "/", "headers": []}

        async def receive():
            return {"type": "http.request", "body": b" end", "more_body": False}

        async def send(message):
            pass

        await bridge(scope, receive, send, begun=b"begun and", more=True)
        await bridge.close()

    asyncio.run(run())
    assert seen["body"] == b"begun and end"


# --- Answers -------------------------------------------------------------------------------------


def test_an_answer_in_many_parts_is_sent_whole_and_the_application_closed():
    closed = []

    class Content:
        def __iter__(self):
            return iter([b"a" * 100_000] * 30)

        def close(self):
            closed.append(True)

    def app(environ, start_response):
        start_response(
            "200 OK", [("X-Kind", "parts"), ("Set-Cookie", " a=1"), ("Set-Cookie", "b=2")]
        )
        return Content()

    reply = answered(app)

    assert (reply.status, len(reply.body), reply.headers["x-kind"]) == (200, 3_000_000, "parts")
    assert reply.headers["set-cookie"] == "a=1\nb=2"
    assert closed == [True]


def test_an_application_that_fails_midway_is_closed_and_says_so():
    closed = []

    class Content:
        def __iter__(self):
            yield b"a"
            raise RuntimeError("midway")

        def close(self):
            closed.append(True)

    def app(environ, start_response):
        start_response("200 OK", [])
        return Content()

    with pytest.raises(RuntimeError, match="midway"):
        answered(app)
    assert closed == [True]


# --- Bounds --------------------------------------------------------------------------------------


def hello(environ, start_response):
    start_response("200 OK", [])
    return [b"hello"]


def test_a_body_beyond_the_bound_is_refused_in_words():
    reply = answered(hello, "POST", "/", b"x" * 200, bounds=Bounds(body=100), chunk=50)

    assert reply.status == 413
    assert "quá lớn" in reply.body.decode()


def test_bodies_that_together_are_too_large_are_asked_to_come_later():
    reply = answered(hello, "POST", "/", b"x" * 200, bounds=Bounds(bodies=100))

    assert (reply.status, reply.headers["retry-after"]) == (503, "3")


def test_what_was_held_for_one_request_is_free_for_the_next():
    async def run():
        bridge = Bridge(hello, Bounds(bodies=100))
        replies = [await ask(bridge, "POST", "/", b"x" * 90) for _ in range(3)]
        await bridge.close()
        return [reply.status for reply in replies]

    assert asyncio.run(run()) == [200, 200, 200]


def test_more_requests_than_may_wait_are_asked_to_come_later():
    go_on = threading.Event()

    def slow(environ, start_response):
        go_on.wait(5)
        start_response("200 OK", [])
        return [b""]

    async def run():
        bridge = Bridge(slow, Bounds(threads=1, waiting=1))
        taken = [asyncio.ensure_future(ask(bridge, "GET", "/")) for _ in range(2)]
        await asyncio.sleep(0.05)
        refused = await ask(bridge, "GET", "/")
        go_on.set()
        replies = await asyncio.gather(*taken)
        await bridge.close()
        return refused.status, [reply.status for reply in replies]

    assert asyncio.run(run()) == (503, [200, 200])


def test_devices_that_never_finish_sending_hold_neither_place_nor_thread():
    async def run():
        bridge = Bridge(hello, Bounds(threads=1, waiting=0))
        scope = {"type": "http", "method": "POST", "path": "/", "headers": []}

        async def never():
            await asyncio.sleep(60)

        async def ignore(message):
            pass

        slow = [asyncio.ensure_future(bridge(scope, never, ignore)) for _ in range(5)]
        await asyncio.sleep(0)
        started = time.perf_counter()
        reply = await ask(bridge, "GET", "/")
        took = time.perf_counter() - started
        for each in slow:
            each.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        await bridge.close()
        return reply.status, took

    status, took = asyncio.run(run())
    assert status == 200
    assert took < 5


@pytest.mark.parametrize("bounds", [Bounds(between=0.02), Bounds(arriving=0.1)])
def test_a_body_that_comes_too_slowly_is_refused_in_words(bounds):
    async def run():
        bridge = Bridge(hello, bounds)
        scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
        sent = []

        async def drop_by_drop():
            await asyncio.sleep(0.04)
            return {"type": "http.request", "body": b"x", "more_body": True}

        async def send(message):
            sent.append(message)

        await bridge(scope, drop_by_drop, send)
        await bridge.close()
        return sent

    started, body = asyncio.run(run())
    assert started["status"] == 408
    assert "gửi lại khi mạng tốt hơn" in body["body"].decode()


def test_who_goes_away_while_sending_is_let_go():
    async def run():
        bridge = Bridge(hello)
        scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
        sent = []

        async def gone():
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await bridge(scope, gone, send)
        await bridge.close()
        return sent[0]["status"]

    assert asyncio.run(run()) == 400


# --- Django behind it ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_page_of_the_site_comes_through():
    reply = answered(application, headers={"accept": "text/html"})

    assert (reply.status, reply.headers["content-language"]) == (200, "vi")
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert b"</html>" in reply.body


def test_static_files_come_through():
    reply = answered(application, address="/static/exams/css/exams.css")

    assert reply.body == Path(finders.find("exams/css/exams.css")).read_bytes()
    assert reply.headers["content-type"].startswith("text/css")


def test_a_head_has_no_body():
    reply = answered(application, "HEAD", "/static/exams/css/exams.css")

    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["content-length"]) > 0
