"""Vectors: the key and note of golang.org/x/mod/sumdb/note, on which C2SP signed-note rests."""

import base64
import re
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.register.checkpoint import (
    Checkpoint,
    CheckpointIsMalformed,
    open_checkpoint,
    sign_checkpoint,
)
from hocvu.register.merkle import EMPTY_ROOT, TreeHead, leaf_hash
from hocvu.register.note import (
    KeyIsMalformed,
    NoteIsForged,
    NoteIsMalformed,
    SigningKey,
    VerifierKey,
)

REFERENCE_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
REFERENCE_SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
REFERENCE_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
REFERENCE_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM=\n"
)

ORIGIN = "register.example/2026"
KEY = SigningKey.generate(ORIGIN)
CHECKPOINT = Checkpoint(ORIGIN, 3321, leaf_hash(b"root"))
SIGNED = sign_checkpoint(CHECKPOINT, KEY)


def signed_by(key, text):
    """A note over any text at all, as a careless or hostile holder of the key might make it."""
    signature = key.verifier.key_id + key.private.sign(text.encode())
    return f"{text}\n— {key.name} {base64.b64encode(signature).decode()}\n"


def test_the_reference_keys_are_read_and_written_as_published():
    signer = SigningKey.from_text(REFERENCE_SIGNER)

    assert signer.to_text() == REFERENCE_SIGNER
    assert signer.verifier == VerifierKey.from_text(REFERENCE_VERIFIER)
    assert signer.verifier.to_text() == REFERENCE_VERIFIER
    assert signer.verifier.key_id.hex() == "c74f20a3"


def test_the_reference_key_signs_the_reference_note_byte_for_byte():
    note = signed_by(SigningKey.from_text(REFERENCE_SIGNER), REFERENCE_TEXT)

    assert note == f"{REFERENCE_TEXT}\n{REFERENCE_SIGNATURE}"


def test_a_genuine_note_that_is_not_a_checkpoint_is_refused_as_such():
    with pytest.raises(CheckpointIsMalformed):
        open_checkpoint(
            f"{REFERENCE_TEXT}\n{REFERENCE_SIGNATURE}", [VerifierKey.from_text(REFERENCE_VERIFIER)]
        )


def test_the_checkpoint_of_the_standard_reads_as_its_three_values():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

    checkpoint = Checkpoint.from_text(text)

    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.size == 20852163
    assert checkpoint.root.hex().startswith("0ac5186a91863e8e")
    assert checkpoint.to_text() == text


def test_a_signed_checkpoint_opens_with_its_verifier_key():
    assert open_checkpoint(SIGNED, [KEY.verifier]) == CHECKPOINT
    assert CHECKPOINT.head == TreeHead(3321, leaf_hash(b"root"))


def test_the_empty_log_can_be_signed():
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)

    assert open_checkpoint(sign_checkpoint(empty, KEY), [KEY.verifier]) == empty


@given(st.integers(0, len(SIGNED) - 1), st.characters(codec="utf-8"))
def test_any_changed_character_is_noticed(at, character):
    changed = SIGNED[:at] + character + SIGNED[at + 1 :]

    if changed != SIGNED:
        with pytest.raises((NoteIsForged, NoteIsMalformed)):
            open_checkpoint(changed, [KEY.verifier])


@given(st.integers(0, len(SIGNED) - 1))
def test_any_cut_short_checkpoint_is_noticed(length):
    with pytest.raises((NoteIsForged, NoteIsMalformed)):
        open_checkpoint(SIGNED[:length], [KEY.verifier])


def test_a_checkpoint_is_forged_when_another_key_of_that_name_signed_it():
    forged = sign_checkpoint(CHECKPOINT, SigningKey.generate(ORIGIN))

    with pytest.raises(NoteIsForged):
        open_checkpoint(forged, [KEY.verifier])


def test_a_checkpoint_is_forged_when_nobody_is_trusted():
    with pytest.raises(NoteIsForged):
        open_checkpoint(SIGNED, [])


def test_a_text_nobody_trusted_signed_is_not_even_read():
    with pytest.raises(NoteIsForged):
        open_checkpoint(signed_by(KEY, "no checkpoint\n"), [])


def test_a_signature_has_only_one_spelling():
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    start, last, end = SIGNED[:-3], SIGNED[-3], SIGNED[-2:]
    same_bytes_otherwise_spelled = start + alphabet[alphabet.index(last) + 1] + end

    with pytest.raises(NoteIsMalformed):
        open_checkpoint(same_bytes_otherwise_spelled, [KEY.verifier])


def test_a_trusted_signature_over_another_text_condemns_the_note():
    larger = Checkpoint(ORIGIN, 9999, leaf_hash(b"root"))
    moved = larger.to_text() + SIGNED.removeprefix(CHECKPOINT.to_text())

    with pytest.raises(NoteIsForged):
        open_checkpoint(moved, [KEY.verifier])


def test_signatures_of_unknown_keys_are_passed_over():
    witness = SigningKey.generate("witness.example")
    cosigned = SIGNED + signed_by(witness, CHECKPOINT.to_text()).rpartition("\n\n")[2]

    assert open_checkpoint(cosigned, [KEY.verifier]) == CHECKPOINT
    assert open_checkpoint(cosigned, [KEY.verifier, witness.verifier]) == CHECKPOINT


def test_one_bad_signature_of_a_known_key_outweighs_a_good_one():
    witness = SigningKey.generate("witness.example")
    badly_cosigned = SIGNED + signed_by(witness, "another text\n").rpartition("\n\n")[2]

    with pytest.raises(NoteIsForged):
        open_checkpoint(badly_cosigned, [KEY.verifier, witness.verifier])


def test_during_a_change_of_keys_either_key_opens_the_checkpoint():
    next_key = SigningKey.generate(ORIGIN)
    both = SIGNED + sign_checkpoint(CHECKPOINT, next_key).rpartition("\n\n")[2]

    assert open_checkpoint(both, [KEY.verifier]) == CHECKPOINT
    assert open_checkpoint(both, [next_key.verifier]) == CHECKPOINT


def test_a_trusted_key_cannot_speak_for_another_log():
    other = SigningKey.generate("other.example")

    with pytest.raises(NoteIsForged):
        open_checkpoint(signed_by(other, CHECKPOINT.to_text()), [KEY.verifier, other.verifier])
    with pytest.raises(ValueError, match="does not sign for"):
        sign_checkpoint(CHECKPOINT, other)


ROOT = CHECKPOINT.to_text().split("\n")[2]


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n1\n{ROOT}\nan extension line\n",
        f"{ORIGIN}\n1\n",
        f"\n1\n{ROOT}\n",
        f"two words\n1\n{ROOT}\n",
        f"{ORIGIN}\n01\n{ROOT}\n",
        f"{ORIGIN}\n-1\n{ROOT}\n",
        f"{ORIGIN}\n+1\n{ROOT}\n",
        f"{ORIGIN}\n١\n{ROOT}\n",
        f"{ORIGIN}\n{'9' * 30}\n{ROOT}\n",
        f"{ORIGIN}\n0\n{ROOT}\n",
        f"{ORIGIN}\n1\n{ROOT[:-4]}\n",
        f"{ORIGIN}\n1\n{ROOT[:-2]}!=\n",
        f"{ORIGIN}\n1\n{ROOT[:-1]}\n",
        f"{ORIGIN}\n1\nAAAA\n",
        f"{ORIGIN}\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text):
    with pytest.raises(CheckpointIsMalformed):
        open_checkpoint(signed_by(KEY, text), [KEY.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        CHECKPOINT.to_text(),
        SIGNED.replace("— ", "- "),
        SIGNED.replace("\n", "\r\n"),
        SIGNED + "— name AAAA\n",
        SIGNED + "— name A\n",
        SIGNED + "not a signature\n",
        SIGNED + "\udc80",
        "x" * 1_000_001,
    ],
)
def test_a_text_that_is_no_note_is_refused(note):
    with pytest.raises(NoteIsMalformed):
        open_checkpoint(note, [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        REFERENCE_VERIFIER[:-1],
        REFERENCE_VERIFIER.replace("c74f20a3", "c74f20a4"),
        REFERENCE_VERIFIER.replace("PeterNeumann", "PeterNeuman"),
        REFERENCE_VERIFIER.replace("+AR", "+AQ"),
        REFERENCE_VERIFIER + "\n",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_a_mistyped_verifier_key_is_refused(text):
    with pytest.raises(KeyIsMalformed):
        VerifierKey.from_text(text)


@pytest.mark.parametrize(
    "text",
    [
        REFERENCE_VERIFIER,
        REFERENCE_SIGNER.replace("c74f20a3", "c74f20a4"),
        REFERENCE_SIGNER.replace("+AYEK", "+AYEL"),
        REFERENCE_SIGNER[:-4],
    ],
)
def test_a_mistyped_signing_key_is_refused(text):
    with pytest.raises(KeyIsMalformed):
        SigningKey.from_text(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "a\u00a0b", "a\ud800b"])
def test_a_key_name_that_would_break_a_note_is_refused(name):
    with pytest.raises(KeyIsMalformed):
        VerifierKey(name, bytes(32))
    with pytest.raises(KeyIsMalformed):
        SigningKey.generate(name)


def test_a_public_key_of_another_length_is_refused():
    with pytest.raises(KeyIsMalformed):
        VerifierKey(ORIGIN, bytes(31))


def test_a_saved_key_is_readable_by_its_owner_alone_and_comes_back_the_same(tmp_path):
    path = tmp_path / "register.key"

    KEY.save(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path).to_text() == KEY.to_text()


def test_saving_never_overwrites_a_key(tmp_path):
    path = tmp_path / "register.key"
    KEY.save(path)

    with pytest.raises(FileExistsError):
        SigningKey.generate(ORIGIN).save(path)

    assert SigningKey.load(path).to_text() == KEY.to_text()


def test_the_private_key_does_not_show_when_printed():
    secret = re.split(r"\+", KEY.to_text(), maxsplit=4)[-1]

    assert secret not in repr(KEY)
    assert KEY.private.private_bytes_raw().hex() not in repr(KEY)
