"""Whatever a log, a witness or a holder is sent: it is read, or refused as a `RegisterRefusal`."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.register.auditing import audit
from hocvu.register.checkpoint import Checkpoint, open_checkpoint
from hocvu.register.cosignature import WitnessKey, cosignatures_on, sign_cosignature
from hocvu.register.entries import RegisterEntry
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import consistency_proof
from hocvu.register.note import KeyIsMalformed, SignedNote, SigningKey, VerifierKey
from hocvu.register.proof import LogProof, prove, verify_entry
from hocvu.register.tiles import Folder, bundle_of, entries_in
from hocvu.register.witness import AddCheckpoint, verify_growth
from hocvu.register.witness_client import KnownWitness
from register.log_scene import LOG_KEY, NOON, Log

KEY = SigningKey.generate("witness.example/w1")
WITNESS = WitnessKey.of(KEY)
TRUSTED = [LOG_KEY.verifier]
OLD, LOG = Log.of(100), Log.of(300)
NOTE = (
    SignedNote.from_text(LOG.note)
    .with_signatures([sign_cosignature(LOG.head.to_text(), KEY, at=NOON)])
    .to_text()
)
GROWTH = AddCheckpoint(100, consistency_proof(LOG.tree, 100), LOG.note).to_text()
PROOF = prove(LOG.tree, 5, NOTE, LOG.entries[5]).to_text()
ODD = ["", "\0", "\n", "\n\n", "-", "9" * 5_000, "— ", "é", "\ud800", "٣", "\x85", "=", "+", "\r"]
PARTS = {
    "note": (SignedNote.from_text, NOTE),
    "signed head": (lambda text: open_checkpoint(text, TRUSTED), NOTE),
    "head": (Checkpoint.from_text, LOG.head.to_text()),
    "cosigned": (lambda text: cosignatures_on(SignedNote.from_text(text), [WITNESS]), NOTE),
    "key of a log": (VerifierKey.from_text, LOG_KEY.verifier.to_text()),
    "key of a witness": (WitnessKey.from_text, WITNESS.to_text()),
    "a known witness": (KnownWitness.from_line, f"{WITNESS.to_text()} https://w.example"),
    "request": (AddCheckpoint.from_text, GROWTH),
    "growth": (lambda text: verify_growth(OLD.note, text, TRUSTED), GROWTH),
    "proof": (lambda text: verify_entry(LogProof.from_text(text), TRUSTED), PROOF),
    "bundle": (entries_in, bundle_of(LOG.entries[:9])),
    "entry": (RegisterEntry.from_bytes, LOG.entries[3]),
}


@st.composite
def spoilt(draw, good):
    start = draw(st.integers(0, len(good)))
    end = draw(st.integers(start, min(len(good), start + 40)))
    other = st.binary(max_size=8) if isinstance(good, bytes) else st.sampled_from(ODD)
    between = draw(st.one_of(other, st.just(good[start:end] * 2)))
    return good[:start] + between + good[end:]


@pytest.mark.parametrize(("read", "good"), PARTS.values(), ids=PARTS.keys())
@settings(max_examples=40)
@given(data=st.data())
def test_any_part_is_read_or_refused(read, good, data):
    assert read(good) is not None

    with suppress(RegisterRefusal):
        read(data.draw(spoilt(good)))


def test_a_key_whose_name_cannot_be_written_is_refused():
    with pytest.raises(KeyIsMalformed):
        VerifierKey.from_text(LOG_KEY.verifier.to_text().replace("register", "regis\ud800ter"))


@settings(max_examples=15)
@given(data=st.data())
def test_any_spoilt_tile_or_bundle_is_found_by_an_audit_that_comes_to_its_end(
    tmp_path_factory, data
):
    folder = tmp_path_factory.mktemp("log")
    LOG.publish(folder)
    files = sorted(each for each in folder.rglob("tile/**/*") if each.is_file())
    path = data.draw(st.sampled_from(files))
    whole = path.read_bytes()
    path.write_bytes(data.draw(st.one_of(spoilt(whole), st.just(b""), st.binary(max_size=99))))

    found = audit(Folder(folder), TRUSTED)

    assert found.is_whole == (path.read_bytes() == whole)
