"""Vectors: the log, requests and proofs of the tests of FiloSottile/torchwood (litewitness)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.register.cosignature import WitnessKey, cosignatures_on
from hocvu.register.merkle import ProofDoesNotHold, consistency_proof
from hocvu.register.note import NoteSignature, SignedNote, SigningKey, VerifierKey
from hocvu.register.witness import (
    AddCheckpoint,
    AnotherHistory,
    LogDidNotSign,
    LogIsUnknown,
    NotTheLastSize,
    RequestIsMalformed,
    Witness,
    WitnessCannotSign,
    WitnessRefusal,
    verify_growth,
)
from register.log_scene import LOG_KEY, NOON, ORIGIN, Log

KEY = SigningKey.generate("witness.example/w1")

SIGSUM = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
SIGSUM_KEY = VerifierKey(
    SIGSUM,
    bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"),
)
OF_ONE = f"""\
old 0

{SIGSUM}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— {SIGSUM} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
"""  # noqa: E501
TO_THREE = f"""\
old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

{SIGSUM}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— {SIGSUM} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
"""  # noqa: E501
TO_FIVE = f"""\
old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=
KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

{SIGSUM}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— {SIGSUM} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
"""  # noqa: E501


@pytest.fixture
def witness(tmp_path):
    return Witness(tmp_path / "witness", KEY, [LOG_KEY.verifier, SIGSUM_KEY])


def request(log, old_size=0, proof=None):
    if proof is None:
        proof = consistency_proof(log.tree, old_size) if old_size else ()
    return AddCheckpoint(old_size, tuple(proof), log.note).to_text()


def shown(witness, log, old_size=0, *, at=NOON):
    """Submit; what the witness said of the head, verified."""
    line = witness.add_checkpoint(request(log, old_size), at=at)
    answered = SignedNote(log.head.to_text(), (NoteSignature.from_line(line.rstrip("\n")),))
    (cosignature,) = cosignatures_on(answered, [witness.public_key])
    return cosignature


def size_remembered(witness, origin=ORIGIN):
    note = witness.last_note(origin)
    return note and int(note.split("\n")[1])


# --- the published requests -------------------------------------------------------------------


def test_the_published_requests_are_cosigned_one_after_the_other(witness):
    for body, size in ((OF_ONE, 1), (TO_FIVE, 5)):
        line = witness.add_checkpoint(body, at=NOON)

        assert line.startswith("— witness.example/w1 ")
        assert size_remembered(witness, SIGSUM) == size


def test_the_published_race_ends_without_a_rollback(witness):
    witness.add_checkpoint(OF_ONE, at=NOON)
    witness.add_checkpoint(TO_FIVE, at=NOON)

    with pytest.raises(NotTheLastSize) as refused:
        witness.add_checkpoint(TO_THREE, at=NOON)

    assert refused.value.size == 5
    assert size_remembered(witness, SIGSUM) == 5


def test_more_than_63_hashes_are_no_proof(witness):
    body = OF_ONE.replace("old 0\n", "old 0\n" + f"{TO_FIVE.splitlines()[1]}\n" * 64)

    with pytest.raises(RequestIsMalformed, match="63"):
        witness.add_checkpoint(body, at=NOON)


# --- what is cosigned -------------------------------------------------------------------------


def test_a_first_head_is_taken_as_it_is_and_later_ones_must_continue_it(witness):
    log = Log.of(7)

    first = shown(witness, log)
    second = shown(witness, log.grown(400), 7, at=NOON + timedelta(hours=1))

    assert (first.at, second.at) == (NOON, NOON + timedelta(hours=1))
    assert size_remembered(witness) == 407


def test_the_same_head_may_be_cosigned_again_with_a_new_time(witness):
    log = Log.of(7)
    shown(witness, log)

    assert shown(witness, log, 7, at=NOON + timedelta(days=1)).at == NOON + timedelta(days=1)


def test_the_empty_log_is_cosigned_and_may_grow(witness):
    shown(witness, Log.of(0))
    shown(witness, Log.of(0))

    shown(witness, Log.of(3))

    assert size_remembered(witness) == 3


def test_what_is_remembered_can_be_shown_to_anybody(witness):
    log = Log.of(7)
    shown(witness, log)

    note = SignedNote.from_text(witness.last_note(ORIGIN))

    assert note.text == log.head.to_text()
    assert [each.name for each in note.signatures] == [ORIGIN, KEY.name]
    assert cosignatures_on(note, [WitnessKey.of(KEY)])


def test_a_witness_that_starts_again_remembers(witness):
    log = Log.of(7)
    shown(witness, log)

    again = Witness(witness.folder, KEY, [LOG_KEY.verifier])

    with pytest.raises(NotTheLastSize):
        shown(again, log.grown(3))
    shown(again, log.grown(3), 7)


def test_every_log_is_remembered_by_itself(witness):
    shown(witness, Log.of(7))

    witness.add_checkpoint(OF_ONE, at=NOON)

    assert size_remembered(witness) == 7
    assert size_remembered(witness, SIGSUM) == 1


def test_after_a_change_of_the_log_s_key_both_are_known(tmp_path):
    next_key = SigningKey.generate(ORIGIN)
    witness = Witness(tmp_path, KEY, [LOG_KEY.verifier, next_key.verifier])
    log = Log.of(7)
    shown(witness, log)

    shown(witness, Log(log.grown(2).entries, next_key), 7)

    assert size_remembered(witness) == 9


@settings(deadline=None, max_examples=20)
@given(sizes=st.lists(st.integers(1, 600), min_size=2, max_size=4, unique=True).map(sorted))
def test_any_growth_is_followed(tmp_path_factory, sizes):
    witness = Witness(tmp_path_factory.mktemp("witness"), KEY, [LOG_KEY.verifier])
    log, old_size = Log(), 0

    for size in sizes:
        log = log.grown(size - len(log.entries))
        shown(witness, log, old_size)
        old_size = size

    assert size_remembered(witness) == sizes[-1]


def test_of_many_requests_at_once_none_rolls_back_and_one_wins(witness):
    log = Log.of(10)
    shown(witness, log)
    grown = [log.grown(by) for by in range(1, 9)]

    def submit(each):
        try:
            shown(witness, each, 10)
        except NotTheLastSize:
            return 0
        return len(each.entries)

    with ThreadPoolExecutor(8) as threads:
        won = [size for size in threads.map(submit, grown) if size]

    assert won == [size_remembered(witness)]


# --- growth between any two heads -------------------------------------------------------------


@settings(deadline=None, max_examples=20)
@given(sizes=st.tuples(st.integers(0, 300), st.integers(0, 300)).map(sorted))
def test_any_two_heads_of_a_log_are_proved_to_continue_each_other(sizes):
    old, new = (Log.of(size) for size in sizes)

    assert verify_growth(old.note, request(new, sizes[0]), [LOG_KEY.verifier]) == new.head


def test_a_rewritten_log_is_proved_to_continue_nothing():
    log = Log.of(20)

    with pytest.raises(ProofDoesNotHold):
        verify_growth(log.note, request(log.rewritten(3).grown(5), 20), [LOG_KEY.verifier])


def test_another_log_continues_nothing():
    other = Log.of(20, key=SigningKey.generate("other.example"))

    with pytest.raises(ProofDoesNotHold):
        verify_growth(Log.of(10).note, request(other, 10), [LOG_KEY.verifier, other.key.verifier])


# --- what is refused --------------------------------------------------------------------------


def refused(witness, body, refusal, *, at=NOON):
    before = witness.last_note(ORIGIN)
    with pytest.raises(refusal) as raised:
        witness.add_checkpoint(body, at=at)
    assert witness.last_note(ORIGIN) == before
    return raised.value


def test_a_rollback_is_refused_and_told_the_size(witness):
    shown(witness, Log.of(300))

    refusal = refused(witness, request(Log.of(299)), NotTheLastSize)

    assert (refusal.size, refusal.status) == (300, HTTPStatus.CONFLICT)


def test_a_smaller_tree_from_the_right_size_is_refused(witness):
    shown(witness, Log.of(300))

    refused(witness, request(Log.of(299), 300, proof=()), RequestIsMalformed)


def test_a_split_view_of_one_size_is_refused_and_kept_as_evidence(witness):
    log = Log.of(300)
    shown(witness, log)
    other = log.rewritten(7)

    refusal = refused(witness, request(other, 300, proof=()), AnotherHistory)

    assert refusal.status == HTTPStatus.UNPROCESSABLE_ENTITY
    (kept,) = witness.folder.glob("*/refused/*")
    assert kept.read_text() == other.note


def test_a_rewritten_history_has_no_proof(witness):
    log = Log.of(300)
    shown(witness, log)
    rewritten = log.rewritten(7).grown(100)

    refused(witness, request(rewritten, 300), AnotherHistory)

    (kept,) = witness.folder.glob("*/unproved/*")
    assert kept.read_text() == rewritten.note


def test_nobody_crowds_out_evidence_by_spoiling_proofs_of_an_honest_log(witness, monkeypatch):
    """Heads are public; anyone may send one with a proof that does not hold."""
    monkeypatch.setattr("hocvu.register.witness._MOST_REFUSED", 2)
    log = Log.of(20)
    shown(witness, log)
    for more in range(1, 5):
        refused(witness, request(log.grown(more), 20, proof=(bytes(32),)), AnotherHistory)

    refused(witness, request(log.rewritten(3), 20, proof=()), AnotherHistory)

    (kept,) = witness.folder.glob("*/refused/*")
    assert kept.read_text() == log.rewritten(3).note
    assert len(list(witness.folder.glob("*/unproved/*"))) == 2
    shown(witness, log.grown(2), 20)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda proof: proof[1:],
        lambda proof: (*proof, bytes(32)),
        lambda proof: (bytes(32), *proof[1:]),
        lambda _proof: (),
    ],
)
def test_a_bad_proof_is_refused(witness, spoil):
    log = Log.of(300)
    shown(witness, log)
    grown = log.grown(33)
    proof = spoil(consistency_proof(grown.tree, 300))

    refused(witness, request(grown, 300, proof=proof), AnotherHistory)


def test_nothing_is_proved_from_the_empty_tree(witness):
    refused(witness, request(Log.of(3), 0, proof=(bytes(32),)), AnotherHistory)


def test_an_empty_tree_with_leaves_is_another_history(witness):
    text = f"{ORIGIN}\n0\n{'A' * 43}=\n"
    signature = NoteSignature(ORIGIN, LOG_KEY.verifier.key_id, LOG_KEY.private.sign(text.encode()))
    note = SignedNote(text, (signature,)).to_text()

    refused(witness, AddCheckpoint(0, (), note).to_text(), AnotherHistory)


def test_a_log_nobody_asked_to_watch_is_refused(witness):
    other = Log.of(3, key=SigningKey.generate("other.example"))

    refusal = refused(witness, request(other), LogIsUnknown)

    assert refusal.status == HTTPStatus.NOT_FOUND


def test_a_head_signed_by_another_key_of_that_name_is_refused(witness):
    forged = Log.of(3, key=SigningKey.generate(ORIGIN))

    refusal = refused(witness, request(forged), LogDidNotSign)

    assert refusal.status == HTTPStatus.FORBIDDEN


def test_a_signature_of_the_log_under_another_head_is_refused(witness):
    note = SignedNote(Log.of(4).head.to_text(), SignedNote.from_text(Log.of(3).note).signatures)

    refused(witness, AddCheckpoint(0, (), note.to_text()).to_text(), LogDidNotSign)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 0\n",
        "old 0\n\n",
        request(Log.of(3)).replace("old 0", "old 00"),
        request(Log.of(3)).replace("old 0", "old -1"),
        request(Log.of(3)).replace("old 0", "new 0"),
        request(Log.of(3)).replace("old 0\n", "old 0\nAAAA\n"),
        request(Log.of(3)).replace("old 0\n", f"old 0\n{'A' * 42}B=\n"),
        request(Log.of(3)).rstrip("\n"),
        request(Log.of(3)).replace("\n3\n", "\n3\nan extension\n"),
        request(Log.of(3)) + "— name AAAA\n",
        "x" * 70_000,
    ],
)
def test_what_is_no_request_is_refused(witness, body):
    refusal = refused(witness, body, (RequestIsMalformed, LogDidNotSign))

    assert refusal.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN)


def test_a_clock_that_went_back_stops_the_witness(witness):
    log = Log.of(3)
    shown(witness, log, at=NOON)

    refusal = refused(witness, request(log, 3), WitnessCannotSign, at=NOON - timedelta(hours=1))

    assert refusal.status == HTTPStatus.INTERNAL_SERVER_ERROR


def test_a_memory_that_was_altered_stops_the_witness(witness):
    log = Log.of(300)
    shown(witness, log)
    state = witness.folder / sha256(ORIGIN.encode()).hexdigest() / "checkpoint"
    state.write_text(state.read_text().replace("\n300\n", "\n200\n"))

    with pytest.raises(WitnessCannotSign):
        witness.add_checkpoint(request(log.grown(1), 200), at=NOON)


def test_a_crash_after_remembering_costs_a_request_but_no_truth(witness, monkeypatch):
    log = Log.of(3)
    monkeypatch.setattr(NoteSignature, "to_line", _power_cut_when_answering())
    with pytest.raises(KeyboardInterrupt):
        witness.add_checkpoint(request(log), at=NOON)
    monkeypatch.undo()

    assert shown(witness, log, 3).at == NOON


def _power_cut_when_answering():
    calls, to_line = iter(range(10)), NoteSignature.to_line

    def until_the_answer(self):
        if self.name == KEY.name and next(calls) == 1:  # 0: into the memory; 1: to the log
            raise KeyboardInterrupt
        return to_line(self)

    return until_the_answer


def test_evidence_does_not_fill_the_disk(witness, monkeypatch):
    monkeypatch.setattr("hocvu.register.witness._MOST_REFUSED", 2)
    log = Log.of(20)
    shown(witness, log)

    for number in range(5):
        refused(witness, request(log.rewritten(number), 20, proof=()), AnotherHistory)

    assert len(list(witness.folder.glob("*/refused/*"))) == 2


def test_every_refusal_has_its_status():
    statuses = {each.status for each in WitnessRefusal.__subclasses__()}

    assert statuses == {400, 403, 404, 409, 422, 500}


def test_times_come_from_whoever_calls(witness):
    assert shown(witness, Log.of(1), at=datetime(2030, 1, 1, tzinfo=UTC)).at.year == 2030
