"""A witness of another institution over HTTP, and an outsider's audit over HTTP."""

import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest

from hocvu.register import commands
from hocvu.register.cosignature import WitnessKey, cosignatures_on
from hocvu.register.fetching import NotReachable, Site
from hocvu.register.merkle import consistency_proof
from hocvu.register.note import KeyIsMalformed, NoteIsForged, SignedNote, SigningKey
from hocvu.register.publishing import publish_cosignatures
from hocvu.register.witness import AddCheckpoint, Witness
from hocvu.register.witness_client import (
    KnownWitness,
    WitnessKnowsMore,
    WitnessRefused,
    WitnessSawAnotherHistory,
    ask_to_cosign,
    remembered_by,
)
from hocvu.register.witness_server import serving
from register.log_scene import LOG_KEY, NOON, ORIGIN, Log, static_site

TRUSTED = [LOG_KEY.verifier]
LOG_KEY_TEXT = LOG_KEY.verifier.to_text()
KEY = SigningKey.generate("witness.example/w1")


@pytest.fixture
def told():
    return []


@pytest.fixture
def witness(tmp_path, told):
    """A witness that listens, as its operator hands it out."""
    own = Witness(tmp_path / "witness", KEY, TRUSTED)
    with serving(own, now=lambda: NOON, tell=told.append) as address:
        yield KnownWitness(WitnessKey.of(KEY), address)


@contextmanager
def answering(*, status=200, content_type="text/plain", body=b""):
    """Something that is no witness."""

    class Odd(SimpleHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield KnownWitness(WitnessKey.of(KEY), f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def ask(witness, log):
    return ask_to_cosign(witness, log.note, log.tree)


def post(witness, path, body):
    """The bare answer: status, type, text."""
    parts = urlsplit(witness.address)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=5)
    connection.request("POST", path, body=body)
    answer = connection.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read().decode()
    connection.close()
    return found


# --- the protocol -----------------------------------------------------------------------------


def test_a_log_is_cosigned_as_it_grows(witness):
    log = Log.of(5)
    for by in (0, 3, 300):
        log = log.grown(by)

        cosigned = ask(witness, log)

        note = SignedNote.from_text(log.note).with_signatures([cosigned.line])
        assert [each.at for each in cosignatures_on(note, [witness.key])] == [NOON]
        assert cosigned.at == NOON


def test_what_the_witness_saw_last_is_there_for_anybody(witness):
    assert remembered_by(witness, ORIGIN) is None

    ask(witness, Log.of(5))

    assert remembered_by(witness, ORIGIN).startswith(f"{ORIGIN}\n5\n")


def test_the_answers_are_those_of_the_protocol(witness):
    log = Log.of(5)
    ask(witness, log)
    grown, stranger = log.grown(2), Log.of(5, key=SigningKey.generate("other.example"))
    forged = Log.of(5, key=SigningKey.generate(ORIGIN))

    def status(log, old_size=0, proof=()):
        body = AddCheckpoint(old_size, proof, log.note).to_text().encode()
        return post(witness, "/add-checkpoint", body)

    assert status(grown) == (409, "text/x.tlog.size", "5\n")
    assert status(grown, 5)[0] == 422
    assert status(log.rewritten(2), 5)[0] == 422
    assert status(stranger)[0] == 404
    assert status(forged)[0] == 403
    assert status(Log.of(3), 5)[0] == 400
    assert post(witness, "/add-checkpoint", b"\xff")[0] == 400
    assert post(witness, "/add-checkpoint", b"x" * 70_000)[0] == 400
    assert post(witness, "/other", b"")[0] == 404
    proof = consistency_proof(grown.tree, 5)
    answered = status(grown, 5, proof)
    assert answered[:2] == (200, "text/plain; charset=utf-8")
    assert answered[2].startswith("— witness.example/w1 ")


def test_refusals_are_told_to_the_operator_of_the_witness(witness, told):
    with pytest.raises(WitnessRefused):
        ask(witness, Log.of(5, key=SigningKey.generate("other.example")))

    assert told == ["404 This witness does not watch the log other.example."]


def test_nothing_but_what_was_cosigned_can_be_read(witness, tmp_path):
    ask(witness, Log.of(5))
    with Site(witness.address) as site:
        for path in ("witness.key", "../witness.key", "", "%2e%2e/x", "0" * 64 + "/checkpoint"):
            assert site.ask("GET", path).status == 404, path


# --- what the log learns from its witnesses ---------------------------------------------------


def test_a_log_whose_tail_was_cut_is_told_that_the_witness_knows_more(witness):
    ask(witness, Log.of(300))

    with pytest.raises(WitnessKnowsMore, match="300 leaves; here are only 299"):
        ask(witness, Log.of(299))


def test_a_log_that_was_rewritten_is_told_that_the_witness_saw_another_history(witness):
    log = Log.of(300)
    ask(witness, log)

    for rewritten in (log.rewritten(7), log.rewritten(7).grown(50)):
        with pytest.raises(WitnessSawAnotherHistory):
            ask(witness, rewritten)


def test_a_witness_that_is_down_is_not_reachable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = KnownWitness(WitnessKey.of(KEY), f"http://127.0.0.1:{taken.getsockname()[1]}")

        with pytest.raises(NotReachable):
            ask(nobody, Log.of(5))


def test_the_cosignature_of_somebody_else_is_not_taken_for_the_witness_s(witness):
    impostor = KnownWitness(WitnessKey.of(SigningKey.generate(KEY.name)), witness.address)

    with pytest.raises(WitnessRefused):
        ask(impostor, Log.of(5))


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ({"status": 500, "body": b"?"}, WitnessRefused),
        ({"status": 302}, WitnessRefused),
        ({"status": 409, "body": b"12\n"}, NotReachable),
        ({"status": 409, "content_type": "text/x.tlog.size", "body": b"012\n"}, NotReachable),
        ({"status": 409, "content_type": "text/x.tlog.size", "body": b"2\n"}, NotReachable),
        ({"status": 409, "content_type": "text/x.tlog.size", "body": b"9\n"}, WitnessKnowsMore),
    ],
)
def test_odd_answers_are_no_cosignatures(answer, refusal):
    with answering(**answer) as odd, pytest.raises(refusal):
        ask(odd, Log.of(5))


def test_a_cosignature_over_another_tree_is_refused(witness):
    line = ask(witness, Log.of(4)).line.to_line().encode()

    with answering(body=line) as odd, pytest.raises(NoteIsForged):
        ask(odd, Log.of(5))


@pytest.mark.parametrize(
    "line",
    ["", "key", "a b c", f"{LOG_KEY_TEXT} http://x"],
    ids=["empty", "no address", "three words", "key of a log"],
)
def test_a_line_that_names_no_witness_is_refused(line):
    with pytest.raises(KeyIsMalformed):
        KnownWitness.from_line(line)


@pytest.mark.parametrize("address", ["", "ftp://x", "file:///etc", "http://", "https://x/?y=1"])
def test_only_addresses_of_the_web_are_asked(address):
    with pytest.raises(NotReachable):
        Site(address)


def test_a_connection_that_was_closed_meanwhile_is_opened_again(tmp_path):
    Log.of(5).publish(tmp_path)
    with static_site(tmp_path) as address, Site(address) as site:
        first = site.ask("GET", "checkpoint")
        site._of_thread.connection.sock.shutdown(socket.SHUT_RDWR)

        assert site.ask("GET", "checkpoint") == first


# --- commands of other institutions -----------------------------------------------------------


@pytest.fixture
def published(tmp_path):
    return tmp_path / "published"


def look(tmp_path, place, told, *, at=NOON):
    return commands.cosign(
        tmp_path / "own", "own.example", [LOG_KEY_TEXT], place, at=at, tell=told.append
    )


def test_an_institution_without_a_server_cosigns_what_is_published(published, tmp_path, told):
    log = Log.of(300).publish(published)
    with static_site(published) as address:
        assert look(tmp_path, address, told) == commands.DONE
        log.grown(700).publish(published)
        assert look(tmp_path, address, told, at=NOON + timedelta(days=1)) == commands.DONE

    (kept,) = (tmp_path / "own").glob("*/checkpoint")
    note = SignedNote.from_text(kept.read_text())
    (found,) = cosignatures_on(note, [commands.key_of_witness(tmp_path / "own")])
    assert (note.text, found.at) == (log.grown(700).head.to_text(), NOON + timedelta(days=1))


def test_an_institution_does_not_cosign_a_rewritten_log(published, tmp_path, told):
    log = Log.of(300)
    look(tmp_path, str(_folder(tmp_path / "before", log)), told)

    for other in (log.rewritten(7), log.rewritten(7).grown(9), Log.of(299)):
        place = _folder(tmp_path / f"after{len(told)}", other)
        assert look(tmp_path, str(place), told) == commands.REFUSED
        assert "Not cosigned" in told[-1]


def _folder(path, log):
    log.publish(path)
    return path


def test_a_witness_of_its_own_process_answers_until_it_is_asked_to_end(tmp_path):
    program = (
        "import sys; from pathlib import Path; from hocvu.register.commands import run_witness; "
        "sys.exit(run_witness(Path(sys.argv[1]), 'own.example', [sys.argv[2]], host='127.0.0.1', "
        "port=0, tell=lambda line: print(line, flush=True)))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path / "own", LOG_KEY_TEXT],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        key = process.stdout.readline().split(": ")[1]
        process.stdout.readline()  # the log it watches
        listening = KnownWitness.from_line(f"{key} {process.stdout.readline()}")
        cosigned = ask(listening, Log.of(5))
        process.terminate()

        assert process.wait(timeout=10) == 0
    assert cosigned.line.name == "own.example"


def test_where_nothing_is_published_nothing_is_cosigned(tmp_path, told):
    assert look(tmp_path, str(tmp_path / "nothing"), told) == commands.UNDETERMINED


def test_the_key_of_a_witness_is_made_once(tmp_path):
    first = commands.open_witness(tmp_path, "own.example", [LOG_KEY_TEXT])
    again = commands.open_witness(tmp_path, "own.example", [f"{LOG_KEY_TEXT}\n"])

    assert first.public_key == again.public_key == commands.key_of_witness(tmp_path)


def audit(place, told, **options):
    return commands.audit_register(place, [LOG_KEY_TEXT], tell=told.append, **options)


def test_anybody_audits_a_log_over_http(published, told):
    Log.of(3000).publish(published)
    with static_site(published) as address:
        assert audit(address, told) == commands.DONE

    assert "3.000 mục / entries" in told[0]
    assert told[-1] == "✓ Nhật ký nguyên vẹn. / The log is whole."


def test_an_audit_remembers_and_finds_what_was_rewritten_since(published, tmp_path, told):
    memory = tmp_path / "memory"
    log = Log.of(300).publish(published)
    assert audit(str(published), told, memory=memory) == commands.DONE
    rewritten = _folder(tmp_path / "rewritten", log.rewritten(7).grown(9))

    assert audit(str(rewritten), told, memory=memory) == commands.REFUSED

    assert "History was rewritten between these sizes: 0 – 300" in told[-1]
    assert memory.read_text() == log.note


def test_an_audit_asks_the_witnesses_what_they_have_seen(published, witness, tmp_path, told):
    log = Log.of(300)
    ask(witness, log)
    rewritten = _folder(tmp_path / "rewritten", log.rewritten(7))

    assert audit(str(rewritten), told, witnesses=[witness.to_line()]) == commands.REFUSED

    assert "0 – 300 (witness.example/w1)" in told[-1]


def test_an_audit_names_the_witnesses_that_cosigned(published, witness, told):
    log = Log.of(300).publish(published)
    publish_cosignatures(published, log.note, [ask(witness, log).line], TRUSTED)

    assert audit(str(published), told, witnesses=[witness.to_line()]) == commands.DONE

    assert any(line.startswith("  · witness.example/w1 ") for line in told)


def test_a_witness_that_is_down_does_not_stop_an_audit(published, told):
    Log.of(3).publish(published)
    down = KnownWitness(WitnessKey.of(KEY), "http://127.0.0.1:1")

    assert audit(str(published), told, witnesses=[down.to_line()]) == commands.DONE

    assert told[0].startswith("? witness.example/w1")


def test_a_memory_that_is_not_genuine_is_named(published, tmp_path, told):
    Log.of(3).publish(published)
    memory = tmp_path / "memory"
    memory.write_text(Log.of(3, key=SigningKey.generate(ORIGIN)).note)

    assert audit(str(published), told, memory=memory) == commands.REFUSED


def test_a_log_that_cannot_be_reached_cannot_be_judged(told):
    assert audit("http://127.0.0.1:1", told) == commands.UNDETERMINED


@pytest.mark.parametrize(
    "text", ["", "no key", LOG_KEY_TEXT[:-2]], ids=["empty", "words", "cut off"]
)
def test_a_mistyped_key_is_wrong_use(text, tmp_path, told):
    place = str(tmp_path)

    assert commands.cosign(tmp_path, "own.example", [text], place, at=NOON, tell=told.append) == 2
    assert commands.audit_register(place, [text], tell=told.append) == 2
    assert audit(place, told, witnesses=[text]) == 2
    assert "Not a key" in told[-1]


def test_keys_of_a_log_may_stand_in_a_file(published, tmp_path, told):
    Log.of(3).publish(published)
    keys = tmp_path / "register.vkey"
    keys.write_text(f"{SigningKey.generate(ORIGIN).verifier.to_text()}\n{LOG_KEY_TEXT}\n")

    assert commands.audit_register(str(published), [str(keys)], tell=told.append) == commands.DONE


def test_every_trouble_has_a_sentence():
    from hocvu.register.auditing import Finding, Trouble

    for trouble in Trouble:
        vietnamese, english = commands.sentence_of(Finding(trouble, "where")).split(" / ")
        assert vietnamese
        assert english.endswith(": where")
