"""Files that another program (pyHanko, with its usual settings) signed and extended."""

import asyncio
from io import BytesIO

import pytest
import typst
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hocvu_verifier import AddedAfterSigning, NotVerified, SignedByAnother, verify_pdf
from verifier import pdf_forge
from verifier.pdf_forge import der_of, hole_of

KINDS = {
    "PAdES": {"subfilter": SigSeedSubFilter.PADES},
    "Adobe": {"subfilter": SigSeedSubFilter.ADOBE_PKCS7_DETACHED},
    "certified": {"certify": True, "docmdp_permissions": MDPPerm.ANNOTATE},
}


@pytest.fixture(scope="module")
def page():
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    return typst.Compiler(font_paths=fonts).compile(b"#rect(width: 3cm)", format="pdf")


@pytest.fixture(scope="module", params=["P-256", "P-384", "RSA"])
def by(request, root):
    keys = {
        "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "RSA": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    }
    return pdf_forge.hand(keys[request.param](), root, hashes.SHA384(), cn="Người khác")


def _signed(pdf, by, field="Sig1", **about):
    secret = by.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    registry = SimpleCertificateStore()
    registry.register(asn1.Certificate.load(der_of(by.root)))
    signer = SimpleSigner(
        signing_cert=asn1.Certificate.load(der_of(by.chain[0])),
        signing_key=keys.PrivateKeyInfo.load(secret),
        cert_registry=registry,
    )
    about = {"reason": "Thử", "name": "Người khác"} | about
    metadata = PdfSignatureMetadata(field_name=field, **about)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    output = asyncio.run(PdfSigner(metadata, signer).async_sign_pdf(writer))
    return output.getvalue()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_what_it_signs_is_verified_and_is_not_ours(page, by, trusted, kind):
    verified = verify_pdf(_signed(page, by, **kind), trusted_roots=trusted)

    assert verified.signer_name == "Người khác"
    assert not verified.is_ours


@pytest.fixture(scope="module")
def victim(page, root):
    return _signed(page, pdf_forge.hand(root=root, cn="Người khác"))


def test_a_change_of_any_byte_around_the_signature_is_refused(victim, trusted):
    start, end = hole_of(victim)
    for position in (*range(0, start, 29), *range(end, len(victim), 3)):
        changed = bytearray(victim)
        changed[position] ^= 1 << position % 8
        with pytest.raises(NotVerified):
            verify_pdf(bytes(changed), trusted_roots=trusted)


def test_an_incremental_update_is_refused(victim, trusted):
    writer = IncrementalPdfFileWriter(BytesIO(victim))
    writer.root["/Lang"] = writer.root.raw_get("/Type")
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(victim)

    with pytest.raises(AddedAfterSigning):
        verify_pdf(output.getvalue(), trusted_roots=trusted)


def test_a_second_signature_by_a_stranger_is_named_so(victim, stranger, trusted):
    with pytest.raises(SignedByAnother):
        verify_pdf(_signed(victim, stranger, field="Sig2"), trusted_roots=trusted)


def test_a_second_signature_by_somebody_trusted_is_told(victim, organisation, trusted):
    verified = verify_pdf(_signed(victim, organisation, field="Sig2"), trusted_roots=trusted)

    assert [each.signer_name for each in verified.further] == ["Văn thư mẫu"]
