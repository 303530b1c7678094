import os
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from hocvu.signing.authority import DevelopmentAuthority
from hocvu.signing.der import der, der_set
from hocvu.signing.errors import (
    AlreadySigned,
    CertificateNotValidAt,
    KeyDoesNotMatch,
    NotAReadablePdf,
    TimeWithoutZone,
    UnsuitableKey,
)
from hocvu.signing.profiles import SIGNERS_VALID_UNTIL, VALID_FROM
from signing.specimens import without_padding

WORDS = {"reason": "Cấp giấy chứng nhận", "location": "Hải Phòng", "contact": "a@example.vn"}
NOON = datetime(2026, 2, 5, 12, 0, tzinfo=UTC)


def _validated(pdf, root):
    root = asn1_x509.Certificate.load(root.public_bytes(serialization.Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    return validate_pdf_signature(signature, context)


def test_pyhanko_finds_the_signature_valid_and_the_file_whole(signed, authority):
    status = _validated(signed, authority.root_certificate)

    assert status.bottom_line
    assert status.intact
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.md_algorithm == "sha256"


def test_pyhanko_does_not_trust_another_authority(signed, tmp_path):
    stranger = DevelopmentAuthority.open(tmp_path)

    assert not _validated(signed, stranger.root_certificate).bottom_line


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs Debian's poppler-utils")
@pytest.mark.skipif(shutil.which("certutil") is None, reason="needs Debian's libnss3-tools")
def test_pdfsig_finds_the_signature_valid_and_the_certificate_trusted(signed, authority, tmp_path):
    store = tmp_path / "nss"
    store.mkdir()
    (tmp_path / "signed.pdf").write_bytes(signed)
    root = str(authority.folder / "root.crt")
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
    subprocess.run(
        ["certutil", "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-a", "-i", root], check=True
    )

    said = subprocess.run(
        ["pdfsig", "-nssdir", store, tmp_path / "signed.pdf"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ).stdout

    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_the_page_stays_as_it_is_in_front_of_the_signature(page, signed):
    assert signed.startswith(page)


def test_the_signature_permits_no_later_change(signed):
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures

    assert signature.docmdp_level.name == "NO_CHANGES"


def test_the_time_is_written_as_it_is_in_vietnam(signer, page):
    signed = signer.sign(page, **WORDS, at=datetime(2026, 2, 5, 23, 30, tzinfo=UTC))

    (signature,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    assert signature.self_reported_timestamp.isoformat() == "2026-02-06T06:30:00+07:00"


def test_vietnamese_words_arrive_whole(signer, page):
    signed = signer.sign(page, **WORDS, at=NOON)

    (signature,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    assert signature.sig_object["/Reason"] == WORDS["reason"]
    assert signature.sig_object["/Location"] == WORDS["location"]
    assert signature.sig_object["/Name"] == signer.name


def test_the_message_holds_what_baseline_b_asks_for_and_nothing_more(signed):
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    signer_info = signature.signed_data["signer_infos"][0]

    names = {attribute["type"].native for attribute in signer_info["signed_attrs"]}

    assert names == {"content_type", "message_digest", "signing_certificate_v2"}
    assert signer_info["unsigned_attrs"].native is None
    assert len(signature.signed_data["certificates"]) == 2


def test_the_message_is_der_from_end_to_end(signed):
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    written = without_padding(bytes(signature.pkcs7_content))

    message = cms.ContentInfo.load(written, strict=True)

    assert message.dump(force=True) == written


def test_a_certificate_is_not_used_before_it_is_valid(signer, page):
    with pytest.raises(CertificateNotValidAt):
        signer.sign(page, **WORDS, at=VALID_FROM.replace(year=VALID_FROM.year - 1))


def test_a_certificate_is_not_used_after_it_expired(signer, page):
    with pytest.raises(CertificateNotValidAt):
        signer.sign(page, **WORDS, at=SIGNERS_VALID_UNTIL.replace(year=2036))


def test_a_time_without_a_zone_is_refused(signer, page):
    with pytest.raises(TimeWithoutZone):
        signer.sign(page, **WORDS, at=NOON.replace(tzinfo=None))


def test_a_signed_file_is_not_signed_again(signer, signed):
    with pytest.raises(AlreadySigned):
        signer.sign(signed, **WORDS, at=NOON)


@pytest.mark.parametrize("octets", [b"", b"not a PDF", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_not_a_pdf_is_refused(signer, octets):
    with pytest.raises(NotAReadablePdf):
        signer.sign(octets, **WORDS, at=NOON)


def test_half_a_page_is_refused(signer, page):
    with pytest.raises(NotAReadablePdf):
        signer.sign(page[: len(page) // 2], **WORDS, at=NOON)


def test_a_key_that_is_not_the_certificates_is_refused(signer):
    with pytest.raises(KeyDoesNotMatch):
        replace(signer.key, private_key=ec.generate_private_key(ec.SECP256R1()))


def test_a_key_of_another_kind_is_refused(signer):
    with pytest.raises(UnsuitableKey):
        replace(signer.key, private_key=ec.generate_private_key(ec.SECP384R1()))


@given(st.binary(max_size=300), st.sampled_from([0, 127, 128, 255, 256, 65535, 65536]))
def test_lengths_are_written_as_asn1crypto_reads_them(start, padding):
    contents = start + bytes(padding)

    written = der(0x04, contents)

    assert core.OctetString.load(written, strict=True).native == contents
    assert core.OctetString(contents).dump() == written


@given(st.lists(st.binary(max_size=20)))
def test_a_set_has_one_spelling_whatever_the_order(members):
    values = [der(0x04, member) for member in members]

    assert der_set(*values) == der_set(*reversed(values))
