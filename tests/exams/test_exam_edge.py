"""The edge does what the view does: same status, same JSON, same rows, whatever devices send."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.devices import (
    TOKEN,
    Living,
    cookies_of,
    edge_of_tests,
    form_of,
    pass_of,
    post,
    signed_in,
)
from exams.scenes import MINUTE, question
from hocvu.exams.actions import start_attempt
from hocvu.exams.models import Answer, Attempt, AttemptSeen, LateAnswer
from hocvu.questions.models import Question

pytestmark = pytest.mark.django_db(transaction=True)

CLIENT_IDS = [UUID(int=number, version=4) for number in range(1, 4)]


def address_of(attempt):
    return f"/tests/attempts/{attempt.pk}/answer/"


@pytest.fixture
def start():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def attempts(sitting, learner, classmate, start):
    """One attempt of each of two learners, and what their devices send along."""
    sitting.opens_at, sitting.closes_at = start, start + 120 * MINUTE
    sitting.save()
    made = [start_attempt(sitting, by=who, at=start) for who in (learner, classmate)]
    sessions = [signed_in(who) for who in (learner, classmate)]
    return [
        SimpleNamespace(
            pk=each.pk,
            person_id=each.person_id,
            session=session,
            session_data=Session.objects.get(pk=session).session_data,
            held=pass_of(each, session, issued_at=int(start.timestamp())),
            row=Attempt.objects.filter(pk=each.pk).values().get(),
        )
        for each, session in zip(made, sessions, strict=True)
    ]


# --- The same traffic through both ---------------------------------------------------------------

_deliveries = st.fixed_dictionaries(
    {
        "kind": st.just("deliver"),
        "attempt": st.integers(0, 1),
        "device": st.sampled_from(["own", "own", "own", "other", "forged", "no pass", "no token"]),
        "asked": st.integers(0, 3),  # the last one stands in another paper
        "chosen": st.sampled_from([["a"], ["b"], ["a", "b"], ["b", "a"], [], ["z"], ["a", "a"]]),
        "sequence": st.integers(1, 4),
        "client_id": st.sampled_from(CLIENT_IDS),
        "after": st.integers(0, 30),
    }
)
_events = st.lists(
    st.one_of(
        _deliveries,
        _deliveries,
        _deliveries,
        _deliveries,
        st.fixed_dictionaries({"kind": st.just("hand in"), "attempt": st.integers(0, 1)}),
        st.fixed_dictionaries({"kind": st.just("wait"), "minutes": st.sampled_from([1, 31])}),
        st.fixed_dictionaries({"kind": st.just("extend"), "attempt": st.integers(0, 1)}),
        st.fixed_dictionaries({"kind": st.just("sign out"), "attempt": st.integers(0, 1)}),
    ),
    max_size=14,
)


class Traffic:
    """Plays events one after the other by a clock of its own, from the same beginning."""

    def __init__(self, attempts, asked, start):
        self._attempts, self._asked, self._start = attempts, asked, start
        self.now = start
        self._client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)

    def begin(self):
        self.now = self._start
        with connection.cursor() as cursor:
            for table in ("answer", "lateanswer", "attemptseen"):
                cursor.execute(f"DELETE FROM exams_{table}")
            for each in self._attempts:
                cursor.execute("DELETE FROM exams_attempt WHERE id = %s", [each.pk])
                Attempt.objects.create(**each.row)
                Session.objects.update_or_create(
                    session_key=each.session,
                    defaults={
                        "session_data": each.session_data,
                        "expire_date": self._start + timedelta(days=1),
                    },
                )

    def cookies(self, event):
        own = self._attempts[event["attempt"]]
        other = self._attempts[1 - event["attempt"]]
        return {
            "own": cookies_of(own.session, own.held),
            "other": cookies_of(other.session, other.held),
            "forged": cookies_of(own.session, f"{own.person_id}.{2**31}.{'0' * 32}"),
            "no pass": cookies_of(own.session),
            "no token": cookies_of(own.session, own.held, **{configured.CSRF_COOKIE_NAME: "b"}),
        }[event["device"]]

    def body(self, event):
        asked = self._asked[event["asked"]].pk
        return form_of(asked, event["chosen"], event["sequence"], event["client_id"])

    def act(self, event):
        """What happens elsewhere meanwhile."""
        if event["kind"] == "wait":
            self.now += event["minutes"] * MINUTE
            Session.objects.update(expire_date=self.now + timedelta(days=1))  # nobody is idle
            return
        attempt = self._attempts[event["attempt"]]
        rows = Attempt.objects.filter(pk=attempt.pk, handed_in_at=None)
        if event["kind"] == "hand in":
            rows.update(handed_in_at=self.now)
        elif event["kind"] == "extend":
            rows.update(must_end_at=self._start + 100 * MINUTE)
        else:
            Session.objects.filter(pk=attempt.session).delete()

    def by_view(self, event):
        self._client.cookies.load(self.cookies(event))
        reply = self._client.post(
            address_of(self._attempts[event["attempt"]]),
            self.body(event),
            content_type="application/x-www-form-urlencoded",
            headers={"accept": "application/json", "x-csrftoken": TOKEN},
        )
        self._client.cookies.clear()
        return reply.status_code, reply.content if "json" in reply["content-type"] else b""

    async def by_edge(self, edge, event):
        address = address_of(self._attempts[event["attempt"]])
        reply = await post(edge, address, self.body(event), self.cookies(event))
        return reply.status, reply.body if "json" in reply.headers["content-type"] else b""


def what_is_kept():
    """Every row, with digests and links, but without the numbers of rows."""

    def rows(model):
        return sorted(
            [
                {name: value for name, value in row.items() if name != "id"}
                for row in model.objects.values()
            ],
            key=repr,
        )

    return rows(Answer), rows(LateAnswer), rows(AttemptSeen)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_events)
def test_the_edge_and_the_view_reply_and_store_the_same(
    attempts, questions, start, monkeypatch, events
):
    foreign = question_of_another_paper()
    traffic = Traffic(attempts, [*questions, foreign], start)
    monkeypatch.setattr(timezone, "now", lambda: traffic.now)

    traffic.begin()
    by_view = []
    for event in events:
        if event["kind"] == "deliver":
            traffic.now += timedelta(seconds=event["after"])
            by_view.append(traffic.by_view(event))
        else:
            traffic.act(event)
    kept_by_view = what_is_kept()

    traffic.begin()
    by_edge = asyncio.run(_through_the_edge(traffic, events))

    assert [status for status, _ in by_edge] == [status for status, _ in by_view]
    assert by_edge == by_view
    assert what_is_kept() == kept_by_view


def question_of_another_paper():
    return Question.objects.filter(code="Q9").first() or question("Q9", "single", "a b*", "1.2")


async def _through_the_edge(traffic, events):
    replies = []
    async with Living(edge_of_tests(clock=lambda: traffic.now)) as edge:
        for event in events:
            if event["kind"] == "deliver":
                traffic.now += timedelta(seconds=event["after"])
                replies.append(await traffic.by_edge(edge, event))
            else:
                await asyncio.to_thread(_acted, traffic, event)
    return replies


def _acted(traffic, event):
    """On a connection of its own: a thread's old one may have died with an earlier server."""
    connections.close_all()
    try:
        traffic.act(event)
    finally:
        connections.close_all()


# --- A burst -------------------------------------------------------------------------------------


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from("ab")), min_size=1, max_size=20))
def test_of_a_burst_sent_at_once_the_greatest_sequence_stands_and_each_is_answered_by_no_less(
    attempts, questions, start, sent
):
    traffic = Traffic(attempts, questions, start)
    traffic.begin()

    async def burst():
        async with Living(edge_of_tests()) as edge:
            return await asyncio.gather(
                *(
                    post(
                        edge,
                        address_of(attempts[0]),
                        form_of(questions[0].pk, [option], n, UUID(int=n * 1000 + ord(option))),
                        cookies_of(attempts[0].session, attempts[0].held),
                    )
                    for n, option in sent
                )
            )

    replies = asyncio.run(burst())

    standing = Answer.objects.get()
    assert (standing.sequence, standing.chosen) == (max(sent)[0], [max(sent)[1]])
    assert all(reply.status == 200 for reply in replies)
    assert all(reply.told["sequence"] >= n for reply, (n, _) in zip(replies, sent, strict=True))
