"""Who has everything (the database, the register's key, the published folder) and still is found.

Outside stand a witness of another institution and a citizen who looked at the log before.
"""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings

from credentials.evil_scene import (
    forged_copy,
    make_leaves_agree,
    sign_every_head_anew,
    triggers_disabled,
    undone,
)
from credentials.recognition_scene import NOON, TEXT, certify, tamper
from hocvu.audit.models import AuditEntry
from hocvu.credentials.actions import reinstate_certificate, revoke_certificate
from hocvu.credentials.actions.log import RegisterIsNotWhole, publish_log
from hocvu.credentials.models import RegisterEntry
from hocvu.credentials.queries.logged import NotInLog, growth_between, proof_of
from hocvu.inspection.queries.findings import Finding, Trouble
from hocvu.inspection.queries.register import audit_register
from hocvu.inspection.queries.words import finding_sentence
from hocvu.register import commands
from hocvu.register.cosignature import WitnessKey
from hocvu.register.entries import EntryKind
from hocvu.register.errors import RegisterRefusal
from hocvu.register.note import SigningKey
from hocvu.register.proof import LogProof, verify_entry
from hocvu.register.witness import Witness, verify_growth
from hocvu.register.witness_client import KnownWitness
from hocvu.register.witness_server import serving
from hocvu.trust.actions import ask_witnesses, rotate_register_key
from hocvu.trust.queries.believed import WITNESS_FILE, register_keys
from hocvu.trust.queries.witnesses import heads_seen_by_witnesses, last_answers

KEY = SigningKey.generate("witness.example/provincial-archive")
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def all_of_it_undone(db):
    with undone():
        yield


@pytest.fixture
def clock():
    """The witness's own clock; nobody here can set it."""
    return [NOON]


@pytest.fixture
def witness(trust, tmp_path, clock):
    own = Witness(tmp_path / "witness", KEY, register_keys())
    with serving(own, now=lambda: clock[-1]) as address:
        known = KnownWitness(WitnessKey.of(KEY), address)
        (settings.AUTHORITY_FOLDER / WITNESS_FILE).write_text(f"{known.to_line()}\n")
        yield known


@pytest.fixture
def witnessed(witness, certificates):
    """Three certificates, published and cosigned."""
    ask_witnesses(at=NOON)
    return certificates


@pytest.fixture
def citizen(tmp_path):
    """Looks at the published log; gives what was told, and whether it was whole."""

    def look(**options):
        told = []
        keys = [key.to_text() for key in register_keys()]
        memory = tmp_path / "memory"
        code = commands.audit_register(
            str(settings.REGISTER_FOLDER), keys, memory=memory, tell=told.append, **options
        )
        return code == commands.DONE, told[-1]

    return look


def found(trouble):
    return [each.where for each in audit_register() if each.trouble is trouble]


def publish_anew():
    """The published folder taken away and written again from the database."""
    shutil.rmtree(settings.REGISTER_FOLDER)
    publish_log()


# --- without the register's key ---------------------------------------------------------------


def test_every_row_that_was_changed_removed_inserted_or_back_dated_is_named(
    witnessed, registrar, next_class, later_class
):
    first, second, third = witnessed
    (fourth,) = certify(next_class, registrar, replace(TEXT, number=8))
    (fifth,) = certify(later_class, registrar, replace(TEXT, number=9))
    tamper(
        "UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE id = %s", [first.entry_id]
    )
    tamper("DELETE FROM credentials_registerentry WHERE certificate_id = %s", [second.pk])
    with triggers_disabled():
        RegisterEntry.objects.filter(certificate=third).update(at=NOON - WEEK)
    inserted = forged_copy(fourth, leaf_index=1, number=6)
    appended = forged_copy(fifth, leaf_index=5, number=7)

    assert found(Trouble.RECORD_CHANGED)[:2] == [first.serial_number, third.serial_number]
    assert found(Trouble.NOT_IN_REGISTER) == [second.serial_number]
    assert found(Trouble.CLOCK_SET_BACK) == [third.serial_number]
    assert found(Trouble.ENTRY_INSERTED) == [appended.serial_number]
    assert inserted.serial_number in found(Trouble.RECORD_CHANGED)  # in the place of the removed
    assert found(Trouble.LIST_CHANGED) == ["08/QĐ-TCT", "09/QĐ-TCT"]


def test_a_row_altered_together_with_its_leaf_is_named(witnessed):
    tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")
    make_leaves_agree()

    assert found(Trouble.RECORD_CHANGED) == [witnessed[1].serial_number]
    assert found(Trouble.HISTORY_REWRITTEN) == ["3"]


def test_a_row_pushed_between_others_is_named_and_so_are_those_it_moved(witnessed):
    with triggers_disabled():
        for index in (2, 1):
            RegisterEntry.objects.filter(leaf_index=index).update(leaf_index=index + 1)
    forged = forged_copy(witnessed[0], leaf_index=1, number=4)

    assert found(Trouble.ENTRY_INSERTED) == [forged.serial_number]
    assert found(Trouble.ENTRY_MOVED) == [each.serial_number for each in witnessed[1:]]


def test_a_removed_row_whose_followers_moved_up_is_named_by_its_place(witnessed):
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 1")
    with triggers_disabled():
        RegisterEntry.objects.filter(leaf_index=2).update(leaf_index=1)

    assert found(Trouble.ENTRY_MOVED) == [witnessed[2].serial_number]
    assert "2" in found(Trouble.ENTRY_MISSING)  # as pages count them
    assert found(Trouble.NOT_IN_REGISTER) == [witnessed[1].serial_number]


def test_a_number_that_is_missing_between_two_others_is_named(witnessed):
    tamper("DELETE FROM credentials_certificate WHERE register_number = 2")

    assert found(Trouble.NUMBER_GAP) == [f"2 ({witnessed[2].serial_number})"]


def test_an_entry_dated_before_the_one_in_front_of_it_is_named(witnessed):
    with triggers_disabled():
        RegisterEntry.objects.filter(leaf_index=2).update(at=NOON - WEEK)

    assert found(Trouble.CLOCK_SET_BACK) == [witnessed[2].serial_number]


def test_a_damaged_publication_is_named(witnessed):
    tile = settings.REGISTER_FOLDER / "tile/0/000.p/3"
    tile.write_bytes(b"short")

    assert found(Trouble.PUBLICATION_DAMAGED) == ["tile/0/000.p/3 has the wrong length."]


def test_every_trouble_is_said_in_words():
    for trouble in Trouble:
        assert "here" in finding_sentence(Finding(trouble, "here"))


# --- with the register's key ------------------------------------------------------------------


def test_a_history_rewritten_with_the_key_is_found_in_what_was_published(witnessed):
    tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")
    make_leaves_agree()
    sign_every_head_anew()

    assert found(Trouble.RECORD_CHANGED) == [witnessed[1].serial_number]
    assert found(Trouble.WITNESS_DISAGREES) == [f"3 ({KEY.name})"]


def test_a_history_rewritten_and_published_anew_is_found_by_witness_and_citizen(
    witnessed, witness, citizen, clock
):
    assert citizen() == (True, "✓ Nhật ký nguyên vẹn. / The log is whole.")
    tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")
    make_leaves_agree()
    sign_every_head_anew()
    publish_anew()
    assert audit_register() == []  # in here nothing is left that could tell

    clock.append(NOON + WEEK)
    (answer,) = ask_witnesses(at=NOON + WEEK)

    assert answer.disowns
    assert "another history" in answer.trouble
    assert [each.act for each in AuditEntry.objects.filter(act="register_disowned")]
    is_whole, last = citizen()
    assert not is_whole
    assert "History was rewritten between these sizes: 0 – 3 (remembered)" in last


def test_a_citizen_who_never_looked_before_is_told_by_the_witness(witnessed, witness, citizen):
    tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")
    make_leaves_agree()
    sign_every_head_anew()
    publish_anew()

    is_whole, last = citizen(witnesses=[witness.to_line()])

    assert not is_whole
    assert f"({KEY.name})" in last


def test_a_tail_cut_everywhere_is_found_by_the_witness(witnessed, registrar, next_class, citizen):
    certify(next_class, registrar, replace(TEXT, number=8))
    ask_witnesses(at=NOON)
    citizen()
    for table in ("registerentry WHERE leaf_index = 3", "logcheckpoint WHERE size = 4"):
        tamper(f"DELETE FROM credentials_{table}")
    tamper("DELETE FROM credentials_certificate WHERE register_number = 4")
    tamper("DELETE FROM recognition_recognitiondecision WHERE number = 8")
    publish_anew()

    (answer,) = ask_witnesses(at=NOON)

    assert answer.disowns
    assert "has cosigned 4 leaves; here are only 3" in answer.trouble
    is_whole, last = citizen()
    assert not is_whole
    assert last.endswith("The tail was cut: the log has been longer: 3 < 4 (remembered)")


@pytest.mark.usefixtures("witnessed")
def test_an_entry_dated_back_before_the_witness_last_looked_is_named_here_and_outside(
    witness, registrar, next_class, citizen, clock
):
    """With the clock set back, the program itself enters and signs it; only times tell."""
    clock.append(NOON + WEEK)
    ask_witnesses(at=NOON + WEEK)

    (late,) = certify(next_class, registrar, replace(TEXT, number=8))  # still claims NOON

    assert late.issued_at == NOON
    assert found(Trouble.BACK_DATED) == [late.serial_number]
    is_whole, last = citizen(witnesses=[witness.to_line()])
    assert not is_whole
    assert last.endswith("saw the log without it: 3")


# --- what is not evil -------------------------------------------------------------------------


def test_an_honest_register_is_whole_in_here_and_outside(witnessed, registrar, citizen, witness):
    revoke_certificate(witnessed[0], reason="QĐ 09/QĐ-TCT: cấp sai", by=registrar, at=NOON)
    reinstate_certificate(
        witnessed[0], ruling_number="QĐ 10/QĐ-TCT", reason="Thu hồi nhầm", by=registrar, at=NOON
    )
    revoke_certificate(witnessed[0], reason="QĐ 11/QĐ-TCT: cấp sai", by=registrar, at=NOON)
    ask_witnesses(at=NOON)

    assert audit_register() == []
    assert citizen(witnesses=[witness.to_line()])[0]
    assert [each.head.size for each in heads_seen_by_witnesses()] == [3, 6]


def test_a_change_of_the_register_s_key_leaves_everything_genuine(
    witnessed, registrar, next_class, citizen
):
    retired = register_keys()[0]
    citizen()

    new = rotate_register_key(by=registrar, at=NOON)
    certify(next_class, registrar, replace(TEXT, number=8))

    assert register_keys() == [new, retired]
    before, after = (
        LogProof.from_text(proof_of(RegisterEntry.objects.get(leaf_index=index)))
        for index in (0, 3)
    )
    assert verify_entry(before, [retired])
    assert verify_entry(after, [new])
    with pytest.raises(RegisterRefusal):
        verify_entry(after, [retired])
    assert audit_register() == []
    assert citizen()[0]


def test_a_witness_that_was_not_given_the_new_key_says_so(witnessed, registrar, next_class):
    rotate_register_key(by=registrar, at=NOON)
    certify(next_class, registrar, replace(TEXT, number=8))

    (answer,) = ask_witnesses(at=NOON)

    assert "No trusted key has signed" in answer.trouble
    assert not answer.disowns


def test_a_holder_proves_offline_what_was_entered(witnessed):
    entry = RegisterEntry.objects.get(certificate=witnessed[1])

    text = proof_of(entry)

    logged, place = verify_entry(
        LogProof.from_text(text),
        register_keys(),
        witness_keys=[WitnessKey.of(KEY)],
        quorum=1,
    )
    assert (logged.kind, logged.file_hash.hex()) == (EntryKind.ISSUE, witnessed[1].file_sha256)
    assert place.index == 1
    for private in (witnessed[1].serial_number, witnessed[1].entry.full_name):
        assert private.encode() not in bytes(entry.leaf)


def test_a_proof_rests_on_a_head_that_witnesses_saw_even_when_a_later_one_is_published(
    witnessed, registrar, next_class
):
    certify(next_class, registrar, replace(TEXT, number=8))

    proofs = [LogProof.from_text(proof_of(each)) for each in RegisterEntry.objects.all()]

    checked = [
        verify_entry(each, register_keys(), witness_keys=[WitnessKey.of(KEY)]) for each in proofs
    ]
    assert [(logged.checkpoint.size, len(logged.cosignatures)) for _, logged in checked] == [
        (3, 1),
        (3, 1),
        (3, 1),
        (4, 0),
    ]


def test_what_is_not_published_has_no_proof(witnessed):
    with pytest.raises(NotInLog):
        proof_of(RegisterEntry(leaf_index=3))


def test_the_register_of_any_day_is_proved_to_continue_that_of_any_day_before(
    witnessed, registrar, next_class, later_class
):
    certify(next_class, registrar, replace(TEXT, number=8), at=NOON + WEEK)
    certify(later_class, registrar, replace(TEXT, number=9), at=NOON + 2 * WEEK)
    day = NOON.date()

    for first, last, size in ((day, day + WEEK, 4), (day, day + 2 * WEEK, 5), (day, day, 3)):
        growth = growth_between(first, last)
        assert verify_growth(growth.old_note, growth.grown, register_keys()).size == size

    with pytest.raises(NotInLog):
        growth_between(day - WEEK, day)


def test_publishing_mends_what_is_damaged_in_the_published_folder(witnessed, registrar, next_class):
    (settings.REGISTER_FOLDER / "tile/0/000.p/3").write_bytes(b"short")
    (settings.REGISTER_FOLDER / "tile/entries/000.p/3").unlink()

    certify(next_class, registrar, replace(TEXT, number=8))

    assert audit_register() == []


def test_a_witness_that_is_down_is_named_once_and_holds_nothing_up(
    trust, registrar, training_class
):
    down = KnownWitness(WitnessKey.of(KEY), "http://127.0.0.1:1")
    (settings.AUTHORITY_FOLDER / WITNESS_FILE).write_text(f"{down.to_line()}\n")

    certify(training_class, registrar)
    for minute in range(3):
        (answer,) = ask_witnesses(at=NOON + timedelta(minutes=minute))

    assert "does not answer" in answer.trouble
    assert not answer.disowns
    assert [each.trouble for each in last_answers()] == [answer.trouble]
    assert AuditEntry.objects.filter(act="register_not_cosigned").count() == 1


def test_a_head_is_not_asked_for_twice_but_again_after_half_a_day(witnessed, clock):
    assert ask_witnesses(at=NOON + timedelta(minutes=1)) == []

    clock.append(NOON + timedelta(days=1))
    (answer,) = ask_witnesses(at=NOON + timedelta(days=1))

    assert answer.at == NOON + timedelta(days=1)


def test_without_witnesses_or_a_log_nobody_is_asked(trust):
    assert ask_witnesses(at=NOON) == []


def test_the_log_is_not_continued_where_its_tail_was_cut(witnessed, registrar, next_class):
    tamper("DELETE FROM credentials_registerentry WHERE leaf_index = 2")
    tamper("DELETE FROM credentials_logcheckpoint")

    with pytest.raises(RegisterIsNotWhole):
        certify(next_class, registrar, replace(TEXT, number=8))
