"""What else somebody with every key can try: exchanged parts, forks for one visitor, replays.

As in `test_evil_administrator`, a witness of another institution and a citizen stand outside.
"""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.evil_scene import (
    make_leaves_agree,
    sign_every_head_anew,
    triggers_disabled,
    undone,
)
from credentials.recognition_scene import NOON, TEXT, certify, tamper
from hocvu.credentials.actions import revoke_certificate
from hocvu.credentials.actions.log import publish_log
from hocvu.credentials.models import Certificate, PrintedForm
from hocvu.credentials.queries.logged import proof_of
from hocvu.inspection.queries.findings import Trouble
from hocvu.inspection.queries.register import audit_register
from hocvu.register import commands
from hocvu.register.cosignature import WitnessKey
from hocvu.register.note import SigningKey
from hocvu.register.proof import LogProof, TooFewWitnesses, verify_entry
from hocvu.register.witness import Witness
from hocvu.register.witness_client import KnownWitness
from hocvu.register.witness_server import serving
from hocvu.trust.actions import ask_witnesses
from hocvu.trust.queries.believed import WITNESS_FILE, register_keys
from hocvu.verification.queries.files import check_file
from hocvu.verification.queries.verification import check_code
from hocvu.verification.rules.verdicts import Step, Verdict

KEY = SigningKey.generate("witness.example/provincial-archive")
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def all_of_it_undone(db):
    with undone():
        yield


@pytest.fixture
def witness(trust, tmp_path, settings):
    own = Witness(tmp_path / "witness", KEY, register_keys())
    with serving(own, now=lambda: NOON) as address:
        known = KnownWitness(WitnessKey.of(KEY), address)
        (settings.AUTHORITY_FOLDER / WITNESS_FILE).write_text(f"{known.to_line()}\n")
        yield known


@pytest.fixture
def witnessed(witness, certificates):
    """Three certificates, published and cosigned."""
    ask_witnesses(at=NOON)
    return certificates


@pytest.fixture
def look(tmp_path, settings):
    """Somebody looks at the log; what was told last. Each name remembers what it saw before."""

    def looked(name="citizen", folder=None, **options):
        told = []
        commands.audit_register(
            str(folder or settings.REGISTER_FOLDER),
            [key.to_text() for key in register_keys()],
            memory=tmp_path / name,
            tell=told.append,
            **options,
        )
        return told[-1]

    return looked


def found(trouble):
    return [each.where for each in audit_register() if each.trouble is trouble]


def exchange(model, one, other, column):
    """Give each of two rows what stood in the other."""
    with triggers_disabled():
        mine, theirs = getattr(one, column), getattr(other, column)
        if isinstance(mine, str):  # no two may be the same meanwhile
            model.objects.filter(pk=one.pk).update(**{column: "0" * len(mine)})
        model.objects.filter(pk=other.pk).update(**{column: mine})
        model.objects.filter(pk=one.pk).update(**{column: theirs})


def told_anew(settings, folder):
    """The whole history signed and published anew, with the register's own key."""
    make_leaves_agree()
    sign_every_head_anew()
    settings.REGISTER_FOLDER = folder
    publish_log()


# --- parts of genuine certificates ------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [["tail"], ["tail", "file_sha256"], ["tail", "file_sha256", "verification_code"]],
    ids=["files", "files with their hashes", "files with hashes and codes"],
)
def test_the_files_of_two_holders_exchanged_are_named_both(witnessed, columns):
    first, second, _third = witnessed

    for column in columns:
        exchange(Certificate, first, second, column)

    serials = {first.serial_number, second.serial_number}
    assert serials == {*found(Trouble.RECORD_CHANGED), *found(Trouble.FILE_CHANGED)}
    assert check_code(first.verification_code).verdict is Verdict.ALTERED


def test_the_page_behind_all_certificates_exchanged_is_named_for_each(witnessed):
    content = bytes(PrintedForm.objects.get().content)
    drawn = content.find(b"stream") + 20
    tamper(
        "UPDATE credentials_printedform SET content = %s",
        [content[:drawn] + bytes([content[drawn] ^ 1]) + content[drawn + 1 :]],
    )

    assert found(Trouble.FILE_CHANGED) == [each.serial_number for each in witnessed]


def test_a_revocation_hung_on_somebody_else_is_named_and_vouches_for_neither(witnessed, registrar):
    first, second, _third = witnessed
    held = second.file
    revoke_certificate(first, reason="QĐ 09/QĐ-TCT: cấp sai", by=registrar, at=NOON)

    tamper(
        "UPDATE credentials_registerentry SET certificate_id = %s WHERE event = 'revoke'",
        [second.pk],
    )

    assert found(Trouble.RECORD_CHANGED) == [second.serial_number]
    assert check_code(first.verification_code).verdict is Verdict.UNKNOWN
    assert check_file(held).verdict is Verdict.ALTERED


# --- with the register's key: another history -------------------------------------------------


def test_certificates_dated_back_under_heads_signed_anew_are_found_outside(
    witnessed, witness, look, settings, tmp_path
):
    look()
    with triggers_disabled():
        Certificate.objects.update(issued_at=NOON - WEEK)
    tamper("UPDATE credentials_registerentry SET at = %s", [NOON - WEEK])

    told_anew(settings, tmp_path / "anew")

    assert "0 – 3 (remembered)" in look()
    assert f"0 – 3 ({KEY.name})" in look("newcomer", witnesses=[witness.to_line()])


def test_a_fork_for_one_visitor_is_found_by_whoever_asks_a_witness_or_another_visitor(
    witnessed, witness, look, settings, tmp_path
):
    whole, honest = "✓ Nhật ký nguyên vẹn. / The log is whole.", settings.REGISTER_FOLDER
    with undone():
        tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")
        told_anew(settings, tmp_path / "fork")
    settings.REGISTER_FOLDER = honest

    assert look("deceived", tmp_path / "fork") == whole  # alone nobody can tell
    assert look("other", honest) == whole
    shutil.copy(tmp_path / "other", tmp_path / "told by the other")
    assert "0 – 3 (remembered)" in look("told by the other", tmp_path / "fork")
    asked = look("asks", tmp_path / "fork", witnesses=[witness.to_line()])
    assert f"0 – 3 ({KEY.name})" in asked


def test_what_stands_only_in_a_fork_behind_the_last_cosigned_head_has_no_witness(
    witnessed, registrar, next_class
):
    """The log agrees up to the cosigned head; the entry behind it is shown to one visitor only."""
    (forged,) = certify(next_class, registrar, replace(TEXT, number=8))
    proof = LogProof.from_text(proof_of(forged.register_entries.get()))

    assert verify_entry(proof, register_keys())
    with pytest.raises(TooFewWitnesses):
        verify_entry(proof, register_keys(), witness_keys=[WitnessKey.of(KEY)], quorum=1)


def test_an_earlier_head_shown_again_hides_nothing_from_who_looked_or_asks(
    witnessed, witness, registrar, look, settings
):
    """A revocation is entered; then the log of yesterday is put back in its place."""
    head = Path(settings.REGISTER_FOLDER, "checkpoint")
    yesterday, first = head.read_text(), witnessed[0]
    revoke_certificate(first, reason="QĐ 09/QĐ-TCT: cấp sai", by=registrar, at=NOON)
    ask_witnesses(at=NOON)
    look()

    head.write_text(yesterday)

    assert "3 < 4" in look()
    assert "3 < 4" in look("newcomer", witnesses=[witness.to_line()])
    seen = check_code(first.verification_code)
    assert (seen.verdict, seen.failed) == (Verdict.UNKNOWN, Step.IN_LOG)


# --- heads of the log -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE credentials_logcheckpoint SET at = at - interval '1 day' WHERE size = 4",
        "DELETE FROM credentials_logcheckpoint WHERE size = 4",
    ],
    ids=["given another day", "taken away"],
)
def test_a_head_of_another_day_cannot_be_put_in_place_of_one(
    witnessed, registrar, next_class, later_class, change
):
    """By the heads anybody is shown the register of a day; theirs are the moments of entries."""
    certify(next_class, registrar, replace(TEXT, number=8), at=NOON + WEEK)
    certify(later_class, registrar, replace(TEXT, number=9), at=NOON + 2 * WEEK)
    assert audit_register() == []

    tamper(change)

    assert found(Trouble.HEAD_MISDATED) == ["4" if change.startswith("UPDATE") else "5"]


def test_the_first_head_that_is_wrong_is_named_and_not_every_later_one(
    witnessed, witness, registrar, next_class, later_class
):
    certify(next_class, registrar, replace(TEXT, number=8))
    ask_witnesses(at=NOON)
    certify(later_class, registrar, replace(TEXT, number=9))

    tamper("UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE position = 2")

    assert found(Trouble.HISTORY_REWRITTEN) == ["3"]
    assert found(Trouble.WITNESS_DISAGREES) == [f"3 ({KEY.name})"]


def test_an_earlier_head_put_back_in_the_published_folder_is_named_here_too(
    witnessed, registrar, next_class, settings
):
    head = Path(settings.REGISTER_FOLDER, "checkpoint")
    yesterday = head.read_text()
    certify(next_class, registrar, replace(TEXT, number=8))
    ask_witnesses(at=NOON)

    head.write_text(yesterday)

    assert found(Trouble.MOVED_BACKWARDS) == ["3 / 4"]
