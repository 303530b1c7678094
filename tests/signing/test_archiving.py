import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed

from hocvu.signing import (
    ChainBroken,
    DevelopmentAuthority,
    DevelopmentTimestampAuthority,
    Evidence,
    EvidenceMissing,
    NotAReadablePdf,
    SignerWasRevoked,
    TimestampClient,
    TimestampNotAcceptable,
    TimestampUnavailable,
    Words,
    add_archive_timestamp,
    kept_until,
    write_second_tails,
    write_tails,
)
from hocvu.signing.profiles import SIGNERS_VALID_UNTIL
from hocvu.signing.timestamps import now
from signing.specimens import SIGNED_AT, long_term_verdict


@pytest.fixture(scope="module")
def client(authority):
    desk = DevelopmentTimestampAuthority(authority.timestamp_key())
    return TimestampClient.beside(desk.answer, [authority.root_certificate])


@pytest.fixture(scope="module")
def evidence(authority):
    root = authority.root_certificate
    return Evidence((root,), (authority.revocation_list(now() - timedelta(minutes=1)),))


@pytest.fixture(scope="module")
def stamped(form, filling, key, words, client):
    """A certificate of the level B-T."""
    with key.open() as session:
        (tail,) = write_tails(
            form, [filling], session=session, words=words, at=SIGNED_AT, timestamps=client
        )
    return form.file(tail)


@pytest.fixture(scope="module")
def archived(stamped, evidence, client):
    return add_archive_timestamp(stamped, evidence=evidence, timestamps=client, at=now())


def test_a_validator_finds_what_it_needs_inside_the_file(archived, authority):
    found = long_term_verdict(archived, authority)

    assert found.ades_subindic is AdESPassed.OK


def test_the_signed_file_stays_as_it_is_in_front(stamped, archived):
    assert archived.startswith(stamped)


def test_the_archive_timestamp_covers_the_whole_file(archived):
    (last,) = PdfFileReader(BytesIO(archived)).embedded_timestamp_signatures

    assert last.evaluate_signature_coverage().name == "ENTIRE_FILE"


def test_renewing_puts_another_timestamp_around_everything(archived, evidence, client, authority):
    renewed = add_archive_timestamp(archived, evidence=evidence, timestamps=client, at=now())

    reader = PdfFileReader(BytesIO(renewed))
    assert renewed.startswith(archived)
    assert len(reader.embedded_timestamp_signatures) == 2
    assert long_term_verdict(renewed, authority).ades_subindic is AdESPassed.OK


@pytest.fixture(scope="module")
def twice_stamped(form_for_two, filling, key, other_key, client):
    """A certificate of the level B-T with two signatures."""
    batch = {"words": Words("Hải Phòng", "x"), "at": SIGNED_AT, "timestamps": client}
    alone = replace(filling, qr=None)
    with key.open() as person, other_key.open() as organisation:
        tails = write_tails(form_for_two, [alone], session=person, **batch)
        (tail,) = write_second_tails(
            form_for_two, tails, session=organisation, reason="Phát hành", **batch
        )
    return form_for_two.file(tail)


def test_a_file_says_until_when_its_archive_timestamp_lasts(stamped, archived, authority):
    roots = [authority.root_certificate]

    assert kept_until(stamped, roots) is None
    assert kept_until(archived, roots) == SIGNERS_VALID_UNTIL


def test_a_file_with_two_signatures_is_kept_too(twice_stamped, evidence, client, authority):
    kept = add_archive_timestamp(twice_stamped, evidence=evidence, timestamps=client, at=now())

    assert kept.startswith(twice_stamped)
    assert long_term_verdict(kept, authority).ades_subindic is AdESPassed.OK


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs Debian's poppler-utils")
@pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs Debian's qpdf")
def test_other_programs_accept_the_archived_file(archived, tmp_path):
    (tmp_path / "file.pdf").write_bytes(archived)

    said = subprocess.run(
        ["pdfsig", tmp_path / "file.pdf"], capture_output=True, text=True, check=False
    ).stdout
    checked = subprocess.run(["qpdf", "--check", tmp_path / "file.pdf"], check=False)

    assert said.count("Signature is Valid.") == 1  # it does not look into document timestamps
    assert said.rindex("Total document signed") > said.index("Signature #2")
    assert checked.returncode == 0


# --- Refusals ---------------------------------------------------------------------------------


def test_nothing_is_archived_without_a_revocation_list(stamped, authority, client):
    bare = Evidence((authority.root_certificate,), ())

    with pytest.raises(EvidenceMissing):
        add_archive_timestamp(stamped, evidence=bare, timestamps=client, at=now())


def test_a_stale_revocation_list_is_not_enough(stamped, authority, client):
    old = authority.revocation_list(now() - timedelta(days=60))
    evidence = Evidence((authority.root_certificate,), (old,))

    with pytest.raises(EvidenceMissing):
        add_archive_timestamp(stamped, evidence=evidence, timestamps=client, at=now())


def test_a_list_that_another_authority_signed_is_not_enough(stamped, authority, client, tmp_path):
    stranger = DevelopmentAuthority.open(tmp_path)
    evidence = Evidence((authority.root_certificate,), (stranger.revocation_list(now()),))

    with pytest.raises(EvidenceMissing):
        add_archive_timestamp(stamped, evidence=evidence, timestamps=client, at=now())


def test_a_signature_by_a_revoked_signer_is_not_kept(stamped, authority, client, key):
    yesterday = authority.revocation_list(now() - timedelta(days=1), [key.chain[0]])
    evidence = Evidence((authority.root_certificate,), (yesterday,))

    with pytest.raises(SignerWasRevoked):
        add_archive_timestamp(stamped, evidence=evidence, timestamps=client, at=now())


def test_a_signature_that_was_timestamped_before_the_revocation_is_kept(
    stamped, authority, client, key
):
    later = now() + timedelta(hours=1)
    revoked = authority.revocation_list(later, [key.chain[0]])
    evidence = Evidence((authority.root_certificate,), (revoked,))

    kept = add_archive_timestamp(stamped, evidence=evidence, timestamps=client, at=later)

    assert kept.startswith(stamped)


def test_a_file_of_another_authority_is_not_archived(stamped, client, tmp_path):
    stranger = DevelopmentAuthority.open(tmp_path)
    evidence = Evidence((stranger.root_certificate,), (stranger.revocation_list(now()),))

    with pytest.raises(ChainBroken):
        add_archive_timestamp(stamped, evidence=evidence, timestamps=client, at=now())


def test_a_file_that_was_changed_behind_its_timestamp_is_not_renewed(archived, evidence, client):
    changed = archived.replace(b"0012", b"0013", 1)

    with pytest.raises(TimestampNotAcceptable):
        add_archive_timestamp(changed, evidence=evidence, timestamps=client, at=now())


def test_nothing_is_added_while_the_authority_is_down(stamped, evidence, authority):
    def down(_request):
        raise TimestampUnavailable("It is down.")

    client = TimestampClient.beside(down, [authority.root_certificate])

    with pytest.raises(TimestampUnavailable):
        add_archive_timestamp(stamped, evidence=evidence, timestamps=client, at=now())


def test_a_file_without_a_signature_is_not_archived(page, evidence, client):
    with pytest.raises(EvidenceMissing):
        add_archive_timestamp(page, evidence=evidence, timestamps=client, at=now())


def test_what_is_no_pdf_is_not_archived(evidence, client):
    with pytest.raises(NotAReadablePdf):
        add_archive_timestamp(b"no PDF", evidence=evidence, timestamps=client, at=now())
