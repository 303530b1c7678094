"""The edge reads a body strictly: what it takes means the same to the form."""

from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from hocvu.exams.forms import AnswerForm
from hocvu.exams.hot.parsing import sent_in
from hocvu.exams.rules.passes import Holder, holder_of, pass_for

NAME = "0190a6b2-0000-4000-8000-000000000001"


def as_form(body):
    form = AnswerForm(QueryDict(body))
    return form.cleaned_data if form.is_valid() else None


def assert_the_form_agrees(body):
    sent = sent_in(body)
    if sent is None:
        return
    cleaned = as_form(body)
    assert cleaned is not None
    assert (sent.question_id, sent.sequence, sent.client_id) == (
        cleaned["question"],
        cleaned["sequence"],
        cleaned["client_id"],
    )
    assert list(sent.chosen) == sorted(cleaned["chosen"])


_names = st.sampled_from(["question", "chosen", "sequence", "client_id", "other", "q%75estion"])
_values = st.sampled_from(
    ["12", "0", "012", "1e3", "9" * 16, "-1", " 5", "", NAME, NAME.upper(), NAME.replace("-", "")]
) | st.text(max_size=8)


@given(st.lists(st.tuples(_names, _values), max_size=8))
def test_what_the_edge_takes_the_form_takes_too_and_alike(fields):
    assert_the_form_agrees(urlencode(fields).encode())


@given(st.binary(max_size=80))
def test_no_bytes_make_the_edge_take_what_the_form_refuses(noise):
    assert_the_form_agrees(noise)
    assert_the_form_agrees(b"question=1&sequence=1&client_id=" + NAME.encode() + b"&" + noise)
    assert_the_form_agrees(
        b"question=1&sequence=1&client_id=" + NAME.encode() + b"&chosen=" + noise
    )


@given(st.lists(st.text(min_size=1, max_size=30).filter(lambda t: t.isprintable()), max_size=5))
def test_lines_arrive_as_they_were_written(lines):
    fields = [("question", 3), ("sequence", 4), ("client_id", NAME)]
    sent = sent_in(urlencode([*fields, *(("chosen", line) for line in lines)]).encode())

    assert sent.chosen == tuple(sorted(lines))
    assert sent.client_id == UUID(NAME)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"question=1&sequence=1",
        f"question=1&question=2&sequence=1&client_id={NAME}".encode(),
        f"question=1&sequence=1&client_id={NAME}&chosen=".encode(),
        f"question=1&sequence=1&client_id={NAME}&chosen=%ff".encode(),
        f"question=1&sequence=1&client_id={NAME}&csrfmiddlewaretoken=x".encode(),
        f"question=1&sequence={10**16}&client_id={NAME}".encode(),
    ],
)
def test_what_is_not_in_the_plainest_form_is_left_to_the_view(body):
    assert sent_in(body) is None


# --- Passes --------------------------------------------------------------------------------------


def held(**other):
    given_to = {"session": "s1", "attempt_id": 7, "person_id": 3, "issued_at": 1000, **other}
    return pass_for(b"secret", **given_to)


def test_a_pass_says_who_holds_it_since_when():
    found = holder_of(held(), b"secret", session="s1", attempt_id=7)

    assert found == Holder(3, 1000)


@pytest.mark.parametrize(
    ("given_pass", "session", "attempt_id"),
    [
        (held(), "s2", 7),
        (held(), "s1", 8),
        (held(session=""), "", 7),
        (held().replace("3.", "4.", 1), "s1", 7),
        (held().replace(".1000.", ".1001."), "s1", 7),
        (held()[:-1], "s1", 7),
        ("", "s1", 7),
        ("3.1000.", "s1", 7),
        ("٣.1000.x", "s1", 7),
        (f"{'9' * 30}.1.x", "s1", 7),
    ],
)
def test_a_pass_is_worth_nothing_elsewhere_or_changed(given_pass, session, attempt_id):
    assert holder_of(given_pass, b"secret", session=session, attempt_id=attempt_id) is None


def test_a_pass_of_another_installation_is_worth_nothing():
    assert holder_of(held(), b"other secret", session="s1", attempt_id=7) is None
