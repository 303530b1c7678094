"""Vectors: a checkpoint that public witnesses cosigned in May 2026, and the example of C2SP."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.register.cosignature import Cosignature, WitnessKey, cosignatures_on, sign_cosignature
from hocvu.register.note import (
    KeyIsMalformed,
    NoteIsForged,
    NoteIsMalformed,
    NoteSignature,
    SignedNote,
    SigningKey,
    VerifierKey,
    verified_signers,
)
from register.log_scene import NOON, Log

COSIGNED = SignedNote.from_text(
    """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501 — a line of a note is one line
)
PUBLIC_WITNESSES = [
    WitnessKey.from_text(text)
    for text in (
        "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
        "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
    )
]
IN_MAY = datetime.fromtimestamp(0x6A122120, UTC)

LOG = Log.of(3)
NOTE = SignedNote.from_text(LOG.note)
KEY = SigningKey.generate("witness.example/w1")
WITNESS = WitnessKey.of(KEY)


def cosigned(note=NOTE, key=KEY, at=NOON):
    return note.with_signatures([sign_cosignature(note.text, key, at=at)])


def stamped(seconds, signature=bytes(64)):
    """A line of our witness that names this time."""
    raw = seconds.to_bytes(8, "big") + signature
    return NOTE.with_signatures([NoteSignature(WITNESS.name, WITNESS.key_id, raw)])


def test_cosignatures_of_public_witnesses_hold():
    found = cosignatures_on(COSIGNED, PUBLIC_WITNESSES)

    assert found == [Cosignature(witness, IN_MAY) for witness in PUBLIC_WITNESSES]


def test_cosignatures_of_public_witnesses_over_another_tree_do_not_hold():
    another = SignedNote(COSIGNED.text.replace("1432088532", "1432088533"), COSIGNED.signatures)

    for witness in PUBLIC_WITNESSES:
        with pytest.raises(NoteIsForged):
            cosignatures_on(another, [witness])


def test_the_example_of_the_standard_names_its_time():
    line = (
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJs"
        "X3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    )

    signature = NoteSignature.from_line(line)

    assert signature.to_line() == f"{line}\n"
    assert signature.key_id.hex() == "8d66cf3f"
    assert int.from_bytes(signature.signature[:8], "big") == 1679315147
    assert len(signature.signature) == 72


def test_a_cosignature_gives_its_witness_and_its_time_in_whole_seconds():
    note = cosigned(at=NOON + timedelta(milliseconds=999))

    assert cosignatures_on(note, [WITNESS]) == [Cosignature(WITNESS, NOON)]


def test_a_cosigned_note_reads_as_it_was_written():
    note = cosigned()

    assert SignedNote.from_text(note.to_text()) == note
    assert verified_signers(note, [LOG.key.verifier]) == {LOG.key.name}


def test_the_key_of_a_witness_is_another_key_than_that_of_a_log():
    as_log = VerifierKey(KEY.name, KEY.public_bytes)

    assert as_log.key_id != WITNESS.key_id
    assert as_log != WITNESS
    with pytest.raises(KeyIsMalformed):
        WitnessKey.from_text(as_log.to_text())
    with pytest.raises(KeyIsMalformed):
        VerifierKey.from_text(WITNESS.to_text())
    assert WitnessKey.from_text(WITNESS.to_text()) == WITNESS


def test_a_cosignature_is_no_signature_of_a_log_with_the_same_key():
    assert verified_signers(cosigned(), [VerifierKey(KEY.name, KEY.public_bytes)]) == set()


def test_witnesses_that_are_not_known_are_passed_over():
    stranger = SigningKey.generate("other.example")

    assert cosignatures_on(cosigned(key=stranger), [WITNESS]) == []


def test_of_two_cosignatures_of_one_witness_the_later_line_counts_and_both_must_hold():
    again = cosigned(cosigned(), at=NOON + timedelta(days=1))

    assert [each.at for each in cosignatures_on(again, [WITNESS])] == [NOON + timedelta(days=1)]
    assert len(again.signatures) == 2


@given(st.integers(0, 71), st.integers(0, 7))
def test_any_changed_bit_of_a_cosignature_is_noticed(byte, bit):
    (*others, own) = cosigned().signatures
    raw = bytearray(own.signature)
    raw[byte] ^= 1 << bit
    forged = SignedNote(NOTE.text, (*others, NoteSignature(own.name, own.key_id, bytes(raw))))

    with pytest.raises(NoteIsForged):
        cosignatures_on(forged, [WITNESS])


@pytest.mark.parametrize("seconds", [0, 2**63, 2**64 - 1])
def test_a_cosignature_without_a_possible_time_is_refused(seconds):
    with pytest.raises(NoteIsForged, match="time"):
        cosignatures_on(stamped(seconds), [WITNESS])


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65)])
def test_a_cosignature_of_another_length_is_refused(signature):
    with pytest.raises(NoteIsMalformed):
        cosignatures_on(stamped(1, signature), [WITNESS])


def test_nothing_is_cosigned_before_time_began():
    with pytest.raises(ValueError, match="1970"):
        sign_cosignature(NOTE.text, KEY, at=datetime(1970, 1, 1, tzinfo=UTC))
