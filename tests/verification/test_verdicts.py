import shutil
from random import Random

import pytest
import typst
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from credentials.recognition_scene import NOON
from hocvu.credentials.actions import revoke_certificate
from hocvu.credentials.actions.revocations import ReasonIsMissing
from hocvu.credentials.models import RegisterEntry
from hocvu.credentials.queries.certificates import certificates_of, certificates_open_to
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.errors import NotAllowed
from hocvu.signing import DevelopmentAuthority
from hocvu.verification.queries.files import check_file
from hocvu.verification.queries.verification import check_code
from hocvu.verification.queries.words import step_sentence, steps_of, verdict_sentence
from hocvu.verification.rules.verdicts import Step, Tampering, Verdict

CAUSE = "QĐ 09/QĐ-TCT ngày 20/11/2026: cấp sai đối tượng"


def revoke(certificate, registrar, reason=CAUSE):
    revoke_certificate(certificate, reason=reason, by=registrar, at=NOON)


# --- what is genuine --------------------------------------------------------------------------


def test_an_issued_certificate_is_valid_by_its_code_and_by_its_file(certificate):
    by_code = check_code(certificate.verification_code)

    assert by_code.verdict is Verdict.VALID
    assert check_file(bytes(certificate.file)) == by_code
    assert set(Step) - set(by_code.held) == {Step.TIMESTAMP}  # this file carries none


def test_a_code_may_be_typed_in_small_letters_with_gaps_and_misread(certificate):
    code = certificate.verification_code
    typed = " ".join([code[:4], code[4:8], code[8:]]).lower().replace("0", "o").replace("1", "l")

    assert check_code(typed).verdict is Verdict.VALID


def test_a_stranger_learns_the_least_that_is_needed(certificate):
    facts = check_code(certificate.verification_code).facts

    assert facts.full_name == certificate.entry.full_name
    assert facts.issuer == "Trường Chính trị mẫu"
    assert facts.decision == "07/QĐ-TCT"
    assert not hasattr(facts, "birth_text")
    assert not hasattr(facts, "unit_name")


# --- what is not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["", "0", "ZZZZZZZZZZZZZZZZ", "\0", "%", "ab/cd", "Ω" * 16, "'; DROP TABLE", "9" * 5000]
)
def test_a_code_nobody_gave_is_unknown(certificate, code):
    found = check_code(code)

    assert (found.verdict, found.failed, found.facts) == (Verdict.UNKNOWN, Step.FOUND, None)


def test_a_file_of_somebody_else_is_unknown_however_well_it_is_signed(certificate, tmp_path):
    signer = DevelopmentAuthority.open(tmp_path / "elsewhere").signer_for("Trường khác")
    page = _unsigned_page()
    foreign = signer.sign(page, reason="x", location="x", contact="x", at=NOON)

    assert check_file(foreign).verdict is Verdict.UNKNOWN
    assert check_file(page).verdict is Verdict.UNKNOWN


def test_a_file_signed_by_our_authority_that_nobody_registered_is_unknown(certificate, settings):
    signer = DevelopmentAuthority.open(settings.AUTHORITY_FOLDER).signer_for("Trường Chính trị mẫu")
    stray = signer.sign(_unsigned_page(), reason="x", location="x", contact="x", at=NOON)

    found = check_file(stray)

    assert (found.verdict, found.held, found.facts) == (
        Verdict.UNKNOWN,
        (Step.SIGNATURE, Step.CHAIN),
        None,
    )
    assert found.tampering is Tampering.NOT_REGISTERED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", b"\0" * 1000])
def test_what_is_no_certificate_at_all_is_unknown(certificate, content):
    assert check_file(content).verdict is Verdict.UNKNOWN


def test_a_file_with_any_flipped_byte_is_never_valid(certificate):
    genuine = bytes(certificate.file)
    chance = Random(1945)
    for at in [0, len(genuine) - 1, *chance.sample(range(len(genuine)), 40)]:
        for bit in (0x01, 0x20, 0x80):
            changed = bytearray(genuine)
            changed[at] ^= bit

            found = check_file(bytes(changed))

            assert found.verdict in {Verdict.ALTERED, Verdict.UNKNOWN}, at
            assert found.facts is None


def test_a_changed_copy_of_a_certificate_is_called_altered(certificate):
    changed = bytearray(certificate.file)
    changed[len(changed) // 3] ^= 1

    assert check_file(bytes(changed)).verdict is Verdict.ALTERED


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n"])
def test_a_byte_put_behind_the_file_makes_it_altered(certificate, tail):
    assert check_file(bytes(certificate.file) + tail).verdict is Verdict.ALTERED


def test_a_truncated_file_is_not_valid(certificate):
    assert check_file(bytes(certificate.file)[:-1]).verdict is not Verdict.VALID
    assert check_file(bytes(certificate.file)[:2000]).verdict is not Verdict.VALID


def test_a_later_revision_of_the_file_is_altered(certificate):
    from io import BytesIO

    writer = IncrementalPdfFileWriter(BytesIO(bytes(certificate.file)))
    writer.root["/Hocvu"] = writer.root["/Type"]
    writer.update_root()
    out = BytesIO()
    writer.write(out)

    assert check_file(out.getvalue()).verdict is Verdict.ALTERED


# --- without keys -----------------------------------------------------------------------------


def test_without_any_key_nothing_can_be_said(certificate, settings):
    shutil.rmtree(settings.AUTHORITY_FOLDER)

    assert check_code(certificate.verification_code).verdict is Verdict.UNKNOWN
    assert check_file(bytes(certificate.file)).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("lost", ["root.crt", "register.vkey"])
def test_without_one_of_the_keys_nothing_can_be_said(certificate, settings, lost):
    (settings.AUTHORITY_FOLDER / lost).unlink()

    assert check_code(certificate.verification_code).verdict is Verdict.UNKNOWN


def test_without_the_published_log_nothing_can_be_said(certificate, settings):
    shutil.rmtree(settings.REGISTER_FOLDER)

    found = check_code(certificate.verification_code)

    assert (found.verdict, found.failed) == (Verdict.UNKNOWN, Step.IN_LOG)


# --- revocation -------------------------------------------------------------------------------


def test_a_revoked_certificate_says_since_when_and_why(certificate, registrar):
    revoke(certificate, registrar)

    found = check_code(certificate.verification_code)

    assert found.verdict is Verdict.REVOKED
    assert (found.facts.changed_at, found.facts.change_reason) == (NOON, CAUSE)
    assert check_file(bytes(certificate.file)).verdict is Verdict.REVOKED
    assert audit_register() == []


def test_the_others_of_the_same_decision_stay_valid(certificates, registrar):
    revoke(certificates[0], registrar)

    assert {check_code(each.verification_code).verdict for each in certificates[1:]} == {
        Verdict.VALID
    }


def test_revoking_twice_makes_one_entry(certificate, registrar):
    revoke(certificate, registrar)
    revoke(certificate, registrar, "Lý do khác")

    assert RegisterEntry.objects.get(event="revoke").reason == CAUSE


def test_a_stranger_cannot_revoke(certificate, stranger, officer):
    for somebody in (stranger, officer):
        with pytest.raises(NotAllowed):
            revoke(certificate, somebody)


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_revocation_without_a_cause_is_refused(certificate, registrar, reason):
    with pytest.raises(ReasonIsMissing):
        revoke(certificate, registrar, reason)


# --- who sees which certificates --------------------------------------------------------------


def test_holders_see_their_own_and_registrars_those_within_reach(
    certificates, learners, registrar, stranger
):
    assert [list(certificates_of(each)) for each in learners] == [[each] for each in certificates]
    assert set(certificates_open_to(registrar)) == set(certificates)
    assert not certificates_open_to(stranger).exists()
    assert not certificates_open_to(learners[0]).exists()


# --- in the reader's words --------------------------------------------------------------------


def test_every_verdict_and_every_step_has_its_sentence(certificate, registrar):
    found = check_code(certificate.verification_code)
    revoke(certificate, registrar)
    revoked = check_code(certificate.verification_code)

    assert len(steps_of(found)) == len(Step) - 1
    assert len({step_sentence(step, held=held) for step in Step for held in (True, False)}) == 20
    assert verdict_sentence(found) != verdict_sentence(revoked)
    assert steps_of(revoked)[-1] != steps_of(found)[-1]


def _unsigned_page():
    return typst.compile(b"#set page(width: 60mm, height: 40mm)\nMau")
