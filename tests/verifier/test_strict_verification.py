import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from hocvu.signing import DevelopmentAuthority
from hocvu.signing.pades import P256_ORDER
from hocvu_verifier import (
    CertificateNotValid,
    ChangedAfterSigning,
    MoreThanOneSignature,
    NotAPdf,
    NotOurForm,
    NotSigned,
    NotVerified,
    SignedByAnother,
    cms,
    verify_pdf,
)
from hocvu_verifier.__main__ import main

INSTITUTION = "Trường Chính trị mẫu thành phố Hải Phòng"
WORDS = {"reason": "Cấp giấy chứng nhận", "location": "Hải Phòng", "contact": "a@example.vn"}
NOON = datetime(2026, 2, 5, 12, 0, tzinfo=UTC)


def _hole(pdf):
    start = pdf.index(b"/Contents <3082") + len(b"/Contents <")
    return start, pdf.index(b">", start)


def _message(pdf):
    start, end = _hole(pdf)
    return cms.Value.first_of(bytes.fromhex(pdf[start:end].decode())).whole


def _with_message(pdf, octets):
    start, end = _hole(pdf)
    return pdf[:start] + octets.hex().upper().encode().ljust(end - start, b"0") + pdf[end:]


# --- What holds --------------------------------------------------------------------------------


def test_a_signed_file_says_who_signed_it_and_when(signed, root):
    verified = verify_pdf(signed, trusted_roots=[root])

    assert verified.signer_name == INSTITUTION
    assert verified.issuer_name == "Hocvu DEVELOPMENT Authority – no legal value"
    assert verified.signed_at.isoformat() == "2026-02-05T14:05:09+07:00"
    assert verified.sha256 == sha256(signed).digest()


def test_the_signature_covers_everything_but_its_own_hole(signed, root):
    verified = verify_pdf(signed, trusted_roots=[root])

    start, end = _hole(signed)
    assert verified.byte_range == (0, start - 1, end + 1, len(signed) - end - 1)


def test_one_of_several_trusted_authorities_is_enough(signed, root, tmp_path):
    stranger = DevelopmentAuthority.open(tmp_path).root_certificate

    assert verify_pdf(signed, trusted_roots=[stranger, root]).signer_name == INSTITUTION


def test_certificates_made_elsewhere_are_accepted_when_they_allow_signing(forge):
    pdf, root = forge.signed()

    assert verify_pdf(pdf, trusted_roots=[root]).signer_name == "Mẫu"


# --- Every change is seen ----------------------------------------------------------------------


def test_a_change_of_any_byte_is_refused(signed, root):
    for position in range(len(signed)):
        changed = bytearray(signed)
        changed[position] ^= 1 << position % 8
        with pytest.raises(NotVerified):
            verify_pdf(bytes(changed), trusted_roots=[root])


@given(st.data())
def test_no_byte_can_be_replaced_by_any_other(signed, root, data):
    position = data.draw(st.integers(0, len(signed) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda value: value != signed[position]))
    changed = signed[:position] + bytes((other,)) + signed[position + 1 :]

    with pytest.raises(NotVerified):
        verify_pdf(changed, trusted_roots=[root])


@given(st.data())
def test_no_byte_can_be_put_in_or_left_out(signed, root, data):
    start = data.draw(st.integers(0, len(signed)))
    left_out = data.draw(st.integers(0, 40))
    put_in = data.draw(st.binary(max_size=40))
    changed = signed[:start] + put_in + signed[start + left_out :]

    if changed != signed:
        with pytest.raises(NotVerified):
            verify_pdf(changed, trusted_roots=[root])


@pytest.mark.parametrize("digit", [b"1", b"a", b"F", b" ", b"\0"])
def test_the_padding_of_the_hole_holds_nothing_but_zeros(signed, root, digit):
    _, end = _hole(signed)

    with pytest.raises(ChangedAfterSigning):
        verify_pdf(signed[: end - 1] + digit + signed[end:], trusted_roots=[root])


def test_the_same_signature_in_small_letters_is_refused(signed, root):
    start, end = _hole(signed)

    with pytest.raises(ChangedAfterSigning):
        verify_pdf(signed[:start] + signed[start:end].lower() + signed[end:], trusted_roots=[root])


@pytest.mark.parametrize("tail", [b"\n", b"\0", b"%%EOF\n", b"1 0 obj\n<<>>\nendobj\n%%EOF\n"])
def test_bytes_after_the_end_are_refused(signed, root, tail):
    with pytest.raises(ChangedAfterSigning, match="added"):
        verify_pdf(signed + tail, trusted_roots=[root])


def test_an_incremental_update_is_refused(signed, root):
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root["/Lang"] = writer.root.raw_get("/Type")
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(signed)

    with pytest.raises(ChangedAfterSigning):
        verify_pdf(output.getvalue(), trusted_roots=[root])


def test_a_signature_moved_to_another_file_is_refused(signer, signed, page, root):
    other = signer.sign(page, **WORDS | {"reason": "Khác"}, at=NOON)

    with pytest.raises(ChangedAfterSigning, match="not the one that was signed"):
        verify_pdf(_with_message(other, _message(signed)), trusted_roots=[root])


# --- One spelling ------------------------------------------------------------------------------


def test_the_other_form_of_the_same_ecdsa_signature_is_refused(signed, root):
    message = cms.read(_message(signed))
    r, s = decode_dss_signature(message.signature)
    twin = replace(message, signature=encode_dss_signature(r, P256_ORDER - s))

    with pytest.raises(ChangedAfterSigning, match="rewritten"):
        verify_pdf(_with_message(signed, cms.spell(twin)), trusted_roots=[root])


def test_the_verifier_spells_what_the_signer_wrote(signed):
    written = _message(signed)

    assert cms.spell(cms.read(written)) == written


def test_swapped_certificates_are_refused(signed, root):
    written = _message(signed)
    one, other = cms.read(written).certificates
    swapped = written.replace(one + other, other + one)
    assert swapped != written

    with pytest.raises(NotOurForm):
        verify_pdf(_with_message(signed, swapped), trusted_roots=[root])


def test_a_signature_that_names_an_absent_certificate_is_refused(signed, root):
    message = replace(cms.read(_message(signed)), certificate_digest=bytes(32))

    with pytest.raises(ChangedAfterSigning):
        verify_pdf(_with_message(signed, cms.spell(message)), trusted_roots=[root])


def test_a_signature_that_names_another_signer_beside_is_refused(signed, root):
    sid = cms.spell_signer(root.subject.public_bytes(), 1)
    message = replace(cms.read(_message(signed)), issuer_and_serial=sid)

    with pytest.raises(ChangedAfterSigning, match="two different signers"):
        verify_pdf(_with_message(signed, cms.spell(message)), trusted_roots=[root])


@given(st.binary(max_size=1200))
def test_any_bytes_in_the_hole_are_refused_and_nothing_worse(signed, root, octets):
    with pytest.raises(NotVerified):
        verify_pdf(_with_message(signed, b"\x30" + octets), trusted_roots=[root])


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_refused_and_nothing_worse(root, octets):
    with pytest.raises(NotVerified):
        verify_pdf(octets, trusted_roots=[root])
    with pytest.raises(NotVerified):
        verify_pdf(b"%PDF-1.7\n" + octets + b"%%EOF\n", trusted_roots=[root])


# --- What is something else --------------------------------------------------------------------


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04", b"%PDF-1.7\n"])
def test_what_is_not_a_pdf_is_named_so(octets, root):
    with pytest.raises(NotAPdf):
        verify_pdf(octets, trusted_roots=[root])


def test_a_page_without_a_signature_is_named_so(page, root):
    with pytest.raises(NotSigned):
        verify_pdf(page, trusted_roots=[root])


def test_a_second_signature_is_refused(signed, root):
    with pytest.raises(MoreThanOneSignature):
        verify_pdf(signed + b"<< /ByteRange [0 1 2 3] >>\n%%EOF\n", trusted_roots=[root])


def test_a_signature_of_another_form_is_not_judged(signed, root):
    other = signed.replace(b"/ByteRange [0 ", b"/ByteRange[0 ")

    with pytest.raises(NotOurForm):
        verify_pdf(other, trusted_roots=[root])


# --- Who may sign ------------------------------------------------------------------------------


def test_an_authority_that_is_not_trusted_is_named_so(signed, tmp_path):
    stranger = DevelopmentAuthority.open(tmp_path).root_certificate

    with pytest.raises(SignedByAnother):
        verify_pdf(signed, trusted_roots=[stranger])


def test_trusting_nobody_verifies_nothing(signed):
    with pytest.raises(SignedByAnother):
        verify_pdf(signed, trusted_roots=[])


def test_a_certificate_that_only_claims_the_trusted_issuer_is_refused(forge):
    _, root = forge.authority()
    key = ec.generate_private_key(ec.SECP256R1())
    forged = forge.certificate(key, root, key)

    with pytest.raises(SignedByAnother, match="did not issue"):
        verify_pdf(forge.signed_by(key, forged, root), trusted_roots=[root])


def test_the_authority_itself_may_not_sign(forge):
    key, root = forge.authority()
    other_key, other = forge.authority(cn="Khác")
    middle = forge.certificate(other_key, root, key, ca=True)

    with pytest.raises(CertificateNotValid):
        verify_pdf(forge.signed_by(other_key, middle, root), trusted_roots=[root, other])


def test_a_root_that_is_no_authority_cannot_vouch(forge):
    key, root = forge.authority(ca=False)
    signing_key = ec.generate_private_key(ec.SECP256R1())
    certificate = forge.certificate(signing_key, root, key)

    with pytest.raises(CertificateNotValid):
        verify_pdf(forge.signed_by(signing_key, certificate, root), trusted_roots=[root])


@pytest.mark.parametrize(
    "wishes",
    [
        {"usage": {"digital_signature": True}},
        {"ca": True},
        {"speaks": False},
        {"extra": x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None)},
    ],
    ids=["not for signing documents", "an authority", "silent", "a condition nobody checks"],
)
def test_a_certificate_for_something_else_is_refused(forge, wishes):
    pdf, root = forge.signed(**wishes)

    with pytest.raises(CertificateNotValid):
        verify_pdf(pdf, trusted_roots=[root])


def test_a_key_of_another_kind_is_not_judged(forge, signed):
    root_key, root = forge.authority()
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = forge.certificate(key, root, root_key)
    named = certificate.public_bytes(serialization.Encoding.DER)
    digest = cms.read(_message(signed)).digest
    attributes = cms.spell_attributes(digest, cms.sha256(named))
    message = cms.Message(
        certificates=(named, root.public_bytes(serialization.Encoding.DER)),
        issuer_and_serial=cms.spell_signer(root.subject.public_bytes(), certificate.serial_number),
        digest=digest,
        certificate_digest=cms.sha256(named),
        attributes=attributes,
        signature=key.sign(attributes, ec.ECDSA(hashes.SHA256())),
    )

    with pytest.raises(NotOurForm, match="P-256"):
        verify_pdf(_with_message(signed, cms.spell(message)), trusted_roots=[root])


@pytest.mark.parametrize(
    "wishes",
    [
        {"ends": datetime(2026, 2, 5, 7, 5, 8, tzinfo=UTC)},
        {"starts": datetime(2026, 2, 5, 7, 5, 10, tzinfo=UTC)},
    ],
    ids=["one second too late", "one second too early"],
)
def test_a_certificate_counts_only_while_it_is_valid(forge, wishes):
    pdf, root = forge.signed(**wishes)

    with pytest.raises(CertificateNotValid, match="was not valid"):
        verify_pdf(pdf, trusted_roots=[root])


def test_an_authority_counts_only_while_it_is_valid(forge):
    key, root = forge.authority(ends=NOON - timedelta(days=1))
    signing_key = ec.generate_private_key(ec.SECP256R1())
    certificate = forge.certificate(signing_key, root, key)

    with pytest.raises(CertificateNotValid, match="was not valid"):
        verify_pdf(forge.signed_by(signing_key, certificate, root), trusted_roots=[root])


# --- On its own --------------------------------------------------------------------------------


def test_the_verifier_needs_nothing_of_hocvu():
    listed = "import sys, hocvu_verifier.__main__; print(*sorted(sys.modules))"

    modules = subprocess.run(
        [sys.executable, "-c", listed], check=True, capture_output=True, text=True
    ).stdout.split()

    assert not [name for name in modules if name.split(".")[0] in {"hocvu", "django", "pyhanko"}]


def test_the_command_says_valid_and_exits_with_zero(signed, authority, tmp_path, capsys):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(signed)

    status = main([str(file), "--trust", str(authority.folder / "root.crt")])

    assert status == 0
    assert INSTITUTION in capsys.readouterr().out


def test_the_command_says_why_not_and_exits_with_one(signed, authority, tmp_path, capsys):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(signed + b"\n")

    status = main([str(file), "--trust", str(authority.folder / "root.crt")])

    assert status == 1
    assert "NOT VERIFIED" in capsys.readouterr().out
