"""Vectors: the texts of the tests of transparency-dev/formats (proof/tlog_proof_test.go)."""

from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.register.cosignature import WitnessKey, sign_cosignature
from hocvu.register.entries import EntryIsMalformed, RegisterEntry
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import NothingToProve, ProofDoesNotHold, leaf_hash
from hocvu.register.note import NoteIsForged, SignedNote, SigningKey
from hocvu.register.proof import (
    LogProof,
    LogProofIsMalformed,
    TooFewWitnesses,
    prove,
    verify_entry,
    verify_proof,
)
from hocvu.register.tiles import PublishedTree
from register.log_scene import LOG_KEY, NOON, Log

H1, H2 = sha256(b"hash1").digest(), sha256(b"hash2").digest()
PUBLISHED = [
    (
        LogProof(5, (H1, H2), "test checkpoint\n"),
        "c2sp.org/tlog-proof@v1\nindex 5\n{h1}\n{h2}\n\ntest checkpoint\n",
    ),
    (
        LogProof(10, (H1,), "checkpoint data\n", b"extra information"),
        (
            "c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{h1}\n\n"
            "checkpoint data\n"
        ),
    ),
    (LogProof(0, (), "checkpoint\n"), "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"),
]

LOG = Log.of(300)
TRUSTED = [LOG_KEY.verifier]
KEYS = [SigningKey.generate(f"witness.example/w{number}") for number in range(3)]
WITNESSES = [WitnessKey.of(key) for key in KEYS]


def cosigned(note, keys):
    signatures = [
        sign_cosignature(SignedNote.from_text(note).text, key, at=NOON + timedelta(days=1))
        for key in keys
    ]
    return SignedNote.from_text(note).with_signatures(signatures).to_text()


def proof_of(index, *, note=LOG.note, extra=None):
    return prove(LOG.tree, index, note, LOG.entries[index] if extra is None else extra)


@pytest.mark.parametrize(("proof", "text"), PUBLISHED)
def test_the_published_proofs_are_written_and_read_as_published(proof, text):
    text = text.format(h1=to_text(H1), h2=to_text(H2))

    assert proof.to_text() == text
    assert LogProof.from_text(text) == proof


def to_text(hash_):
    from base64 import b64encode

    return b64encode(hash_).decode()


@given(st.integers(0, 299))
def test_a_holder_s_proof_is_checked_from_its_text_alone(index):
    text = proof_of(index).to_text()

    entry, logged = verify_entry(LogProof.from_text(text), TRUSTED)

    assert entry == RegisterEntry.from_bytes(LOG.entries[index])
    assert (logged.index, logged.checkpoint) == (index, LOG.head)


def test_a_proof_from_published_tiles_is_the_same(tmp_path):
    LOG.publish(tmp_path)
    tree = PublishedTree(tmp_path, LOG.head.head)

    assert prove(tree, 123, LOG.note).to_text() == proof_of(123, extra=b"").to_text()


def test_a_proof_says_which_witnesses_have_seen_the_tree():
    proof = proof_of(7, note=cosigned(LOG.note, KEYS[:2]))

    logged = verify_proof(proof, LOG.leaves[7], TRUSTED, witness_keys=WITNESSES, quorum=2)

    assert [each.witness for each in logged.cosignatures] == WITNESSES[:2]


def test_too_few_witnesses_are_refused():
    proof = proof_of(7, note=cosigned(LOG.note, KEYS[:1]))

    with pytest.raises(TooFewWitnesses, match="1 of 2"):
        verify_proof(proof, LOG.leaves[7], TRUSTED, witness_keys=WITNESSES, quorum=2)


def test_a_witness_that_signs_twice_counts_once():
    proof = proof_of(7, note=cosigned(cosigned(LOG.note, KEYS[:1]), KEYS[:1]))

    with pytest.raises(TooFewWitnesses):
        verify_proof(proof, LOG.leaves[7], TRUSTED, witness_keys=WITNESSES, quorum=2)


def test_another_entry_beside_a_genuine_proof_is_refused():
    with pytest.raises(ProofDoesNotHold):
        verify_entry(proof_of(7, extra=LOG.entries[8]), TRUSTED)


def test_a_proof_at_another_place_is_refused():
    proof = proof_of(7)

    with pytest.raises(ProofDoesNotHold):
        verify_entry(LogProof(8, proof.inclusion, proof.note, proof.extra), TRUSTED)


def test_a_proof_under_another_head_is_refused():
    with pytest.raises(ProofDoesNotHold):
        verify_entry(proof_of(7, note=LOG.grown(1).note), TRUSTED)


def test_a_proof_of_a_log_that_is_not_trusted_is_refused():
    with pytest.raises(NoteIsForged):
        verify_entry(proof_of(7), [SigningKey.generate(LOG_KEY.name).verifier])


def test_a_proof_without_its_entry_proves_no_entry():
    with pytest.raises(LogProofIsMalformed):
        verify_entry(proof_of(7, extra=b""), TRUSTED)


def test_what_is_in_the_log_and_is_no_entry_is_refused():
    log = Log([b"no entry"])
    proof = prove(log.tree, 0, log.note, b"no entry")

    assert verify_proof(proof, leaf_hash(b"no entry"), TRUSTED).index == 0
    with pytest.raises(EntryIsMalformed):
        verify_entry(proof, TRUSTED)


def test_nothing_is_proved_of_the_empty_log():
    empty = Log()

    with pytest.raises(NothingToProve):
        prove(empty.tree, 0, empty.note)
    with pytest.raises(ProofDoesNotHold):
        verify_proof(LogProof(0, (), empty.note), LOG.leaves[0], TRUSTED)


@given(st.data())
def test_any_changed_character_is_noticed_or_changes_nothing_that_matters(data):
    text = proof_of(123).to_text()
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.characters(codec="ascii")) + text[at + 1 :]

    try:
        found = verify_entry(LogProof.from_text(changed), TRUSTED)
    except RegisterRefusal:
        return
    assert found == verify_entry(LogProof.from_text(text), TRUSTED)


GENUINE = proof_of(7).to_text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        GENUINE.replace("@v1", "@v2"),
        GENUINE.replace("index 7", "index 07"),
        GENUINE.replace("index 7", "index -7"),
        GENUINE.replace("index 7", "index seven"),
        GENUINE.replace("extra ", "extra  "),
        GENUINE.replace("extra ", "extra !"),
        GENUINE.replace("index 7\n", "index 7\nAAAA\n"),
        GENUINE.replace("index 7\n", f"index 7\n{'A' * 43}\n"),
        GENUINE.replace("index 7\n", "index 7\n" + f"{to_text(H1)}\n" * 64),
        GENUINE.replace("\n", "\r\n"),
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        "x" * 300_000,
    ],
)
def test_a_text_that_is_no_proof_is_refused(text):
    with pytest.raises(LogProofIsMalformed):
        LogProof.from_text(text)
