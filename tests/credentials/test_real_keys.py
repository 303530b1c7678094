"""Certificates signed with the keys that `keys.toml` names: every way there is, whole acts."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import NameOID
from django.utils import timezone

from credentials.real_keys import PASSWORD, SCHOOL, in_a_file, issuer, time_from
from credentials.recognition_scene import NOON, TEXT, decide
from hocvu.audit.models import AuditEntry
from hocvu.credentials.actions import IssuingHasStopped, issue_certificates, issue_certificates_job
from hocvu.credentials.actions.issuing import finish_issuing
from hocvu.credentials.models import Certificate, IssuingRun, StopReason
from hocvu.inspection.queries.register import audit_register
from hocvu.portable.keys import base64url
from hocvu.signing import (
    Algorithm,
    DevelopmentAuthority,
)
from hocvu.trust.queries.believed import trusted_roots
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Verdict
from hocvu_verifier import verify_pdf
from hocvu_verifier.refusals import NotVerified
from signing.signing_service import BEARER, PIN, SigningService, served
from signing.specimens import PUT_CERTIFICATE

SIGNER = TEXT.signer_name
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture
def decision(training_class, registrar):
    return decide(training_class, registrar)


@pytest.fixture
def office(settings, monkeypatch):
    """The authority that everybody here has certificates of, and the folder of `keys.toml`."""
    monkeypatch.setenv("HOCVU_PASSWORD", PASSWORD)
    return DevelopmentAuthority.open(settings.AUTHORITY_FOLDER)


@pytest.fixture
def keys(office):
    """Write `keys.toml`."""

    def write(text):
        (office.folder / "keys.toml").write_text(text)

    return write


def issued(decision, registrar):
    """Everybody's certificate, and nothing wrong with any of them."""
    assert issue_certificates(decision, by=registrar, at=NOON) == 3
    files = [each.file for each in Certificate.objects.order_by("pk")]
    assert {check_file(file).verdict for file in files} == {Verdict.VALID}
    assert audit_register() == []
    return files


def stopped(decision, registrar):
    """Nothing is issued; the reason that the decision's page gives."""
    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=NOON)
    assert not Certificate.objects.exists()
    return IssuingRun.objects.get().stop_reason


# --- two signatures ---------------------------------------------------------------------------


def two_signatures(office):
    own = in_a_file(office, "school.p12", SCHOOL)
    person = in_a_file(office, "bach.p12", SIGNER)
    return issuer(own, f'[[issuer.signer]]\nname = "{SIGNER}"\n{person}')


def test_the_competent_person_signs_first_and_the_organisation_behind(
    decision, registrar, office, keys
):
    keys(two_signatures(office))

    for file in issued(decision, registrar):
        verified = verify_pdf(file, trusted_roots=trusted_roots())

        (organisation,) = verified.further
        assert (verified.signer_name, organisation.signer_name) == (SIGNER, SCHOOL)
        assert verified.is_ours
        assert organisation.is_ours
        assert not verified.awaits_another


def test_a_file_that_lost_its_second_signature_is_not_the_registers(
    decision, registrar, office, keys
):
    keys(two_signatures(office))
    file = issued(decision, registrar)[0]

    alone = file[: file.index(b"%%EOF\n") + 6]

    assert verify_pdf(alone, trusted_roots=trusted_roots()).awaits_another
    assert check_file(alone).verdict is not Verdict.VALID


def test_two_signatures_take_less_than_six_kibibytes_at_rest(decision, registrar, office, keys):
    keys(two_signatures(office))
    issued(decision, registrar)

    assert max(len(tail) for tail in Certificate.objects.values_list("tail", flat=True)) < 6_144


def test_nobody_elses_key_signs_for_who_signs_the_decision(decision, registrar, office, keys):
    own = in_a_file(office, "school.p12", SCHOOL)
    keys(issuer(own, f'[[issuer.signer]]\nname = "Nguyễn Thị Khác"\n{own}'))

    assert stopped(decision, registrar) == StopReason.KEY_MISSING


def test_a_key_of_another_organisation_signs_nothing(decision, registrar, office, keys):
    another = in_a_file(office, "another.p12", "Học viện khác")
    keys(issuer(another))

    assert stopped(decision, registrar) == StopReason.KEY_OF_ANOTHER

    keys(issuer(another, 'subject = "Học viện khác"\n'))
    issued(decision, registrar)


def test_a_key_of_another_person_signs_nothing(decision, registrar, office, keys):
    own = in_a_file(office, "school.p12", SCHOOL)
    person = in_a_file(office, "khac.p12", "Nguyễn Thị Khác")
    keys(issuer(own, f'[[issuer.signer]]\nname = "{SIGNER}"\n{person}'))

    assert stopped(decision, registrar) == StopReason.KEY_OF_ANOTHER


# --- keys of statements and lists -------------------------------------------------------------


def test_an_rsa_key_signs_files_beside_a_key_of_its_own_for_statements(
    decision, registrar, office, keys, settings
):
    own = in_a_file(office, "school.p12", SCHOOL, Algorithm.RSA_PSS_SHA256)
    statements = in_a_file(office, "statements.p12", f"{SCHOOL}, xác nhận")
    keys(issuer(own, f"[issuer.statement]\n{statements}"))

    issued(decision, registrar)

    listed = json.loads((settings.AUTHORITY_FOLDER / "issuers.json").read_text())["keys"]
    named = office.key_for(f"{SCHOOL}, xác nhận").chain[0].public_key().public_numbers()
    (theirs,) = [each for each in listed if each["name"] == SCHOOL]
    assert theirs["x"] == _spelled(named.x)


def test_the_development_authority_never_signs_statements_of_an_issuer_with_a_key(
    decision, registrar, office, keys
):
    keys(issuer(in_a_file(office, "school.p12", SCHOOL, Algorithm.ECDSA_P384_SHA384)))

    assert stopped(decision, registrar) == StopReason.KEY_MISSING
    assert "[issuer.statement]" in IssuingRun.objects.get().stop_detail


def test_the_installations_own_key_signs_the_lists(decision, registrar, office, keys, settings):
    keys(f"[installation]\n{in_a_file(office, 'own.p12', 'Cơ quan chủ quản')}")

    issued(decision, registrar)

    listed = json.loads((settings.AUTHORITY_FOLDER / "issuers.json").read_text())["keys"]
    named = office.key_for("Cơ quan chủ quản").chain[0].public_key().public_numbers()
    assert _spelled(named.x) in {each["x"] for each in listed if each["name"].startswith("did:")}


def _spelled(number):
    return base64url(number.to_bytes(32, "big"))


# --- where keys live --------------------------------------------------------------------------


@pytest.fixture
def service(office, tmp_path, monkeypatch):
    """A remote signing service that keeps the school's key; how `keys.toml` names it."""
    signing = SigningService({"school": office.key_for(SCHOOL)})
    monkeypatch.setenv("HOCVU_BEARER", BEARER)
    monkeypatch.setenv("HOCVU_PIN", PIN)
    with served(signing, tmp_path) as found:
        shutil.copy(tmp_path / "server.pem", office.folder / "service.pem")
        yield (
            f'service = "{found.address}"\ncredential = "school"\ntrusted = "service.pem"\n'
            'bearer_from = "HOCVU_BEARER"\npin_from = "HOCVU_PIN"\n'
        )


def test_a_remote_signing_service_signs(decision, registrar, keys, service):
    keys(issuer(service))

    issued(decision, registrar)


def test_a_service_that_does_not_answer_stops_the_run(decision, registrar, keys, service):
    address = service.partition('"')[2].partition('"')[0]
    keys(issuer(service.replace(address, "https://127.0.0.1:1/csc/v2")))

    assert stopped(decision, registrar) == StopReason.KEY_AWAY


@pytest.fixture
def token(office, tmp_path, monkeypatch):
    """SoftHSM2 with the school's key; how `keys.toml` names it."""
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    monkeypatch.setenv("HOCVU_PIN", PIN)
    file, key = tmp_path / "key.pem", office.key_for(SCHOOL)
    file.write_bytes(
        key.private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    for arguments in (
        ("--init-token", "--free", "--label", "hocvu", "--so-pin", PIN),
        ("--import", file, "--token", "hocvu", "--label", "school", "--id", "01"),
    ):
        command = ["softhsm2-util", *arguments, "--pin", PIN]
        subprocess.run(command, check=True, capture_output=True)
    _put_certificate(key)
    return (
        f'module = "{SOFTHSM}"\ntoken = "hocvu"\nlabel = "school"\n'
        'pin_from = "HOCVU_PIN"\nauthorities = "root.crt"\n'
    )


def _put_certificate(key):
    subprocess.run(
        [sys.executable, "-c", PUT_CERTIFICATE, SOFTHSM, "hocvu", PIN, "school"],
        input=key.chain[0].public_bytes(serialization.Encoding.DER),
        check=True,
    )


@pytest.mark.skipif(not SOFTHSM.exists(), reason="needs Debian's softhsm2")
def test_a_token_signs_and_is_opened_once(decision, registrar, keys, token):
    keys(issuer(token))

    issued(decision, registrar)


# --- what is wrong stops the run in words ------------------------------------------------------


def test_a_misspelled_file_stops_the_run_and_a_mended_one_lets_it_go_on(
    decision, registrar, office, keys
):
    own = in_a_file(office, "school.p12", SCHOOL)
    keys(issuer(own.replace("password_from", "pasword_from")))
    assert stopped(decision, registrar) == StopReason.KEYS_FILE
    finish_issuing(0)  # and nothing breaks in the job that tries again

    keys(issuer(own))
    finish_issuing(0)

    assert Certificate.objects.count() == 3
    assert IssuingRun.objects.get().stop_reason == ""


@pytest.mark.parametrize(
    "named",
    ['authorities = "not-there.pem"\nmodule = "/x.so"\ntoken = "a"\nlabel = "b"\npin_from = "C"\n'],
)
def test_a_file_that_is_named_and_not_there_stops_the_run(decision, registrar, keys, named):
    keys(issuer(named))

    assert stopped(decision, registrar) == StopReason.KEYS_FILE


def test_a_wrong_password_is_not_tried_again_by_itself(
    decision, registrar, office, keys, monkeypatch
):
    keys(issuer(in_a_file(office, "school.p12", SCHOOL)))
    monkeypatch.setenv("HOCVU_PASSWORD", "another")
    assert stopped(decision, registrar) == StopReason.WRONG_PIN
    monkeypatch.setenv("HOCVU_PASSWORD", PASSWORD)

    finish_issuing(0)
    assert not Certificate.objects.exists()

    issue_certificates_job(decision.pk, registrar.pk)  # somebody asked for it
    assert Certificate.objects.count() == 3


def test_a_run_that_stands_still_leaves_one_line_and_not_one_a_minute(decision, keys):
    keys("[[isuer]]")
    for _minute in range(3):
        finish_issuing(0)

    assert AuditEntry.objects.filter(act="issuing_stopped").count() == 1
    since = IssuingRun.objects.get().stopped_at
    keys("")
    finish_issuing(0)
    assert Certificate.objects.count() == 3
    assert IssuingRun.objects.get().stopped_at is None
    assert since <= timezone.now()


def test_another_reason_is_another_line(decision, office, keys, monkeypatch):
    keys("[[isuer]]")
    finish_issuing(0)
    keys(issuer(in_a_file(office, "school.p12", SCHOOL)))
    monkeypatch.delenv("HOCVU_PASSWORD")
    finish_issuing(0)

    reasons = AuditEntry.objects.filter(act="issuing_stopped").order_by("pk")
    assert [each.reason for each in reasons] == ["keys_file", "key_missing"]


def test_a_certificate_that_may_not_sign_documents_signs_nothing(decision, registrar, office, keys):
    time = office.timestamp_key()
    octets = pkcs12.serialize_key_and_certificates(
        b"key",
        time.private_key,
        time.chain[0],
        time.chain[1:],
        serialization.BestAvailableEncryption(PASSWORD.encode()),
    )
    (office.folder / "school.p12").write_bytes(octets)
    (name,) = time.chain[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    named = f'subject = "{name.value}"\n'
    keys(issuer('pkcs12 = "school.p12"\npassword_from = "HOCVU_PASSWORD"\n', named))

    assert stopped(decision, registrar) == StopReason.KEY_UNSUITED


# --- how long a signature can be checked ------------------------------------------------------


def test_without_an_authority_for_time_nothing_is_issued_of_a_level_that_needs_it(
    decision, registrar, office, keys
):
    keys(issuer(in_a_file(office, "school.p12", SCHOOL), 'profile = "B-T"\n'))

    assert stopped(decision, registrar) == StopReason.KEYS_FILE


def test_a_file_of_the_level_b_lt_brings_along_what_a_later_verifier_needs(
    decision, registrar, office, keys
):
    own = in_a_file(office, "school.p12", SCHOOL)
    with time_from(office) as time:
        keys(issuer(own, 'profile = "B-LT"\n') + time)
        (file, *_others) = issued(decision, registrar)

    verified = verify_pdf(file, trusted_roots=trusted_roots())
    assert verified.time_stamp is not None
    assert b"/DSS <</Type /DSS /Certs [" in file
    assert b"/CRLs [" in file


def test_a_signer_who_was_revoked_signs_nothing(decision, registrar, office, keys):
    signer = office.key_for(SCHOOL).chain[0]
    own = in_a_file(office, "school.p12", SCHOOL)
    revoked = office.revocation_list(NOON - timedelta(hours=1), [signer])
    (office.folder / "hand.crl").write_bytes(revoked.public_bytes(serialization.Encoding.PEM))
    with time_from(office) as time:
        keys(issuer(own, 'profile = "B-LT"\n') + time)

        assert stopped(decision, registrar) == StopReason.SIGNER_REVOKED


def test_an_unnamed_issuer_gets_proof_of_time_where_there_is_an_authority_for_it(
    decision, registrar, office, keys
):
    with time_from(office) as time:
        keys(time)
        (file, *_others) = issued(decision, registrar)

    assert verify_pdf(file, trusted_roots=trusted_roots()).time_stamp is not None


def test_an_altered_file_with_two_signatures_is_refused(decision, registrar, office, keys):
    keys(two_signatures(office))
    file = bytearray(issued(decision, registrar)[0])
    file[len(file) // 2] ^= 1

    with pytest.raises(NotVerified):
        verify_pdf(bytes(file), trusted_roots=trusted_roots())
