"""What the edge does when a batch fails, the queue is full, the server stops, the database goes."""

import asyncio
import threading
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from exams.devices import (
    Living,
    connect,
    cookies_of,
    edge_of_tests,
    form_of,
    pass_of,
    post,
    signed_in,
)
from exams.scenes import MINUTE, enrol, person
from hocvu.exams.actions import start_attempt
from hocvu.exams.hot import AnswerPath
from hocvu.exams.models import Answer, Attempt, LateAnswer
from hocvu.exams.rules.passes import COOKIE, LIFE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def devices(sitting, training_class, commune):
    """Five learners of the class, each at an attempt under way."""
    now = timezone.now()
    sitting.opens_at, sitting.closes_at = now - MINUTE, now + 120 * MINUTE
    sitting.save()
    made = []
    for number in range(5):
        someone = person(f"Học Viên {number}")
        enrol(training_class, someone, commune)
        attempt = start_attempt(sitting, by=someone, at=now)
        session = signed_in(someone)
        held = pass_of(attempt, session, issued_at=int(now.timestamp()))
        made.append(
            SimpleNamespace(
                attempt=attempt,
                session=session,
                address=f"/tests/attempts/{attempt.pk}/answer/",
                cookies=cookies_of(session, held),
            )
        )
    return made


@pytest.fixture
def device(devices):
    return devices[0]


def through_the_edge(act, **more):
    async def run():
        async with Living(edge_of_tests(**more)) as edge:
            return await act(edge)

    return asyncio.run(run())


async def send(edge, device, asked, chosen=("b",), sequence=1, **headers):
    body = form_of(asked.pk, chosen, sequence, uuid4())
    return await post(edge, device.address, body, device.cookies, **headers)


@contextmanager
def another_connection():
    named = connection.settings_dict
    with psycopg.connect(
        dbname=named["NAME"], user=named["USER"], host=named["HOST"], port=named["PORT"] or None
    ) as opened:
        yield opened


# --- A batch -------------------------------------------------------------------------------------


def test_an_answer_is_committed_before_it_is_acknowledged(device, questions):
    async def act(edge):
        reply = await send(edge, device, questions[0])
        async with await connect() as other:
            rows = await (await other.execute("SELECT count(*) FROM exams_answer")).fetchone()
        return reply, rows

    reply, rows = through_the_edge(act)

    assert (reply.status, rows) == (200, (1,))
    assert reply.told["chosen"] == ["b"]


def test_what_waits_for_one_commit_shares_the_next(devices, questions):
    with another_connection() as busy:
        busy.execute("LOCK TABLE exams_answer")

        async def act(edge):
            first = asyncio.ensure_future(send(edge, devices[0], questions[0]))
            await asyncio.sleep(0.1)
            rest = [asyncio.ensure_future(send(edge, each, questions[0])) for each in devices[1:]]
            await asyncio.sleep(0.1)
            busy.commit()
            return await asyncio.gather(first, *rest)

        replies = through_the_edge(act)

    assert [reply.status for reply in replies] == [200] * 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM exams_answer")
        assert cursor.fetchone() == (2,)


def test_of_a_failing_batch_only_the_bad_row_is_refused(devices, questions):
    bad = devices[2]

    async def act(edge):
        first = await asyncio.gather(*(send(edge, each, questions[0]) for each in devices))
        await asyncio.to_thread(fill_up)
        return first, await asyncio.gather(
            *(send(edge, each, questions[0], ["a"], 2) for each in devices)
        )

    def fill_up():
        Answer.objects.filter(attempt=bad.attempt).update(earlier=bytes(160_000))
        connection.close()

    first, second = through_the_edge(act)

    assert [reply.status for reply in first] == [200] * 5
    assert [reply.status for reply in second] == [200, 200, 409, 200, 200]
    kept = {each.attempt_id: each.chosen for each in Answer.objects.all()}
    assert kept[bad.attempt.pk] == ["b"]
    assert sorted(kept.values()) == [["a"]] * 4 + [["b"]]


def test_two_answers_to_one_question_at_once_are_both_acknowledged(device, questions):
    async def act(edge):
        return await asyncio.gather(
            *(send(edge, device, questions[0], [option], n) for n, option in [(1, "a"), (2, "b")])
        )

    first, second = through_the_edge(act)

    assert (first.status, second.status) == (200, 200)
    assert Answer.objects.get().chosen == ["b"]
    assert len(Answer.objects.get().earlier) == 32


def test_an_answer_that_meets_a_hand_in_waits_for_it_and_is_kept_aside(device, questions):
    with another_connection() as supervisor:
        supervisor.execute(
            "SELECT FROM exams_attempt WHERE id = %s FOR UPDATE", [device.attempt.pk]
        )

        async def act(edge):
            answering = asyncio.ensure_future(send(edge, device, questions[0]))
            await asyncio.sleep(0.1)
            assert not answering.done()
            supervisor.execute(
                "UPDATE exams_attempt SET handed_in_at = now() WHERE id = %s", [device.attempt.pk]
            )
            supervisor.commit()
            return await answering

        reply = through_the_edge(act)

    assert (reply.status, reply.told["kept"]) == (202, True)
    assert "kết thúc" in reply.told["sentence"]
    assert LateAnswer.objects.get().chosen == ["b"]
    assert not Answer.objects.exists()


def test_an_attempt_that_somebody_holds_too_long_does_not_hold_up_the_others(devices, questions):
    with another_connection() as stuck:
        stuck.execute("SELECT FROM exams_attempt WHERE id = %s FOR UPDATE", [devices[0].attempt.pk])

        async def act(edge):
            return await asyncio.gather(*(send(edge, each, questions[0]) for each in devices))

        replies = through_the_edge(act)

    assert [reply.status for reply in replies] == [503, 200, 200, 200, 200]
    assert replies[0].headers["retry-after"]


# --- Too much ------------------------------------------------------------------------------------


def test_a_full_queue_says_so_in_the_persons_language_and_when_to_come_again(devices, questions):
    path = AnswerPath(connect, settings.SECRET_KEY.encode(), most_waiting=2)
    devices[4].cookies += f"; {settings.LANGUAGE_COOKIE_NAME}=en"
    with another_connection() as stuck:
        stuck.execute("LOCK TABLE exams_answer")

        async def act(edge):
            under_way = []
            for each in devices[:4]:  # two are being written, two wait
                under_way.append(asyncio.ensure_future(send(edge, each, questions[0])))
                await asyncio.sleep(0.02)
            refused = await send(edge, devices[4], questions[0])
            stuck.commit()
            return refused, await asyncio.gather(*under_way)

        refused, others = through_the_edge(act, path=path)

    assert (refused.status, refused.headers["retry-after"]) == (503, "2")
    assert refused.told["title"] == "Very many answers are arriving at this moment."
    statuses = [reply.status for reply in others]
    assert statuses.count(200) == Answer.objects.count() >= 2
    assert set(statuses) <= {200, 503}


# --- Stopping ------------------------------------------------------------------------------------


def test_what_was_taken_is_written_and_answered_before_the_server_stops(devices, questions):
    async def act():
        edge = edge_of_tests()
        async with Living(edge):
            sending = [asyncio.ensure_future(send(edge, each, questions[0])) for each in devices]
            await asyncio.sleep(0)
        return await asyncio.gather(*sending)

    replies = asyncio.run(act())

    assert [reply.status for reply in replies] == [200] * 5
    assert Answer.objects.count() == 5


# --- The database goes ---------------------------------------------------------------------------


def test_answers_are_turned_away_while_the_database_is_gone_and_taken_when_it_is_back(
    devices, questions
):
    gone = threading.Event()

    async def connect_unless_gone():
        if gone.is_set():
            raise psycopg.OperationalError("connection refused")
        return await connect()

    async def act(edge):
        before = await send(edge, devices[0], questions[0])
        gone.set()
        with another_connection() as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND query LIKE '%exams_answer%'"
            )
        meanwhile = [await send(edge, each, questions[0]) for each in devices[1:3]]
        gone.clear()
        return before, meanwhile, await send(edge, devices[3], questions[0])

    path = AnswerPath(connect_unless_gone, settings.SECRET_KEY.encode())
    before, meanwhile, after = through_the_edge(act, path=path)

    assert (before.status, after.status) == (200, 200)
    assert [reply.status for reply in meanwhile] == [503, 503]
    kept = set(Answer.objects.values_list("attempt", flat=True))
    assert kept == {devices[0].attempt.pk, devices[3].attempt.pk}


# --- Passes and sessions -------------------------------------------------------------------------


def test_an_old_pass_goes_through_django_which_gives_a_new_one(device, questions):
    old = pass_of(device.attempt, device.session, issued_at=int(timezone.now().timestamp()) - LIFE)
    device.cookies = cookies_of(device.session, old)

    reply = through_the_edge(lambda edge: send(edge, device, questions[0]))

    assert reply.status == 200
    given = reply.headers["set-cookie"]
    assert f"{COOKIE}=" in given
    assert f"Path={device.address}" in given
    assert "HttpOnly" in given


def test_whoever_answers_stays_signed_in(device, questions):
    soon = timezone.now() + timedelta(minutes=1)
    Session.objects.update(expire_date=soon)

    reply = through_the_edge(lambda edge: send(edge, device, questions[0]))

    assert reply.headers["set-cookie"].startswith(
        f"{settings.SESSION_COOKIE_NAME}={device.session}; HttpOnly; Max-Age=900"
    )
    moved_on = Session.objects.get(pk=device.session).expire_date
    assert moved_on > soon + timedelta(minutes=10)
    assert Session.objects.exclude(pk=device.session).filter(expire_date=soon).count() == 4


def test_the_cookie_is_sent_once_a_minute(device, questions):
    async def act(edge):
        return [await send(edge, device, questions[0], sequence=n) for n in (1, 2)]

    first, second = through_the_edge(act)

    assert "set-cookie" in first.headers
    assert "set-cookie" not in second.headers


def test_whoever_has_signed_out_is_sent_to_the_sign_in_page(device, questions):
    Session.objects.all().delete()

    reply = through_the_edge(lambda edge: send(edge, device, questions[0]))

    assert reply.status == 302
    assert not Answer.objects.exists()


def test_a_form_of_another_site_is_refused(device, questions):
    reply = through_the_edge(
        lambda edge: send(edge, device, questions[0], origin="http://elsewhere.example")
    )

    assert reply.status == 403
    assert not Answer.objects.exists()


def test_a_request_for_another_host_is_refused(device, questions):
    reply = through_the_edge(lambda edge: send(edge, device, questions[0], host="elsewhere"))

    assert reply.status == 400


def test_the_form_of_a_drawn_paper_is_the_attempts_own(device, questions):
    Attempt.objects.filter(pk=device.attempt.pk).delete()
    row = device.attempt
    row.form = [questions[1].pk]
    row.save(force_insert=True)

    async def act(edge):
        return [await send(edge, device, asked, ["a"]) for asked in questions[:2]]

    assert [reply.status for reply in through_the_edge(act)] == [409, 200]


def test_a_page_that_is_loaded_again_hears_what_stands(device, questions):
    through_the_edge(lambda edge: send(edge, device, questions[0], sequence=7))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(device.attempt.person.account)

    told = client.get(device.address).json()

    assert [(each["question"], each["chosen"], each["sequence"]) for each in told["answers"]] == [
        (questions[0].pk, ["b"], 7)
    ]
    assert told["left"] > 0
