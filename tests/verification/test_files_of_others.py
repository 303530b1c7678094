"""Files that are not ours, and files that mean harm: named or refused, never believed."""

import re
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509 as crypto
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.urls import reverse
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from credentials.recognition_scene import NOON
from hocvu.credentials.models import Certificate
from hocvu.signing import DevelopmentAuthority
from hocvu.verification.queries.files import check_file
from hocvu.verification.queries.others import signatures_of_others
from hocvu.verification.queries.others_process import examine
from hocvu.verification.queries.words import integrity_sentence, unreadable_sentence
from hocvu.verification.rules.verdicts import Integrity, Step, Tampering, Unreadable, Verdict
from verification.test_verification_pages import pdf, text_of
from verifier.pdf_forge import update


@pytest.fixture
def foreign(tmp_path):
    """A page signed well, by an authority nobody here knows."""
    signer = DevelopmentAuthority.open(tmp_path / "elsewhere").signer_for("Trường khác")
    page = typst.compile(b"#set page(width: 60mm, height: 40mm)\nMau")
    return signer.sign(page, reason="x", location="x", contact="x", at=NOON)


def with_a_revision(content):
    writer = IncrementalPdfFileWriter(BytesIO(content))
    writer.root["/Hocvu"] = writer.root["/Type"]
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_stranger_s_signature_is_named_and_not_vouched_for(certificate, foreign):
    found = check_file(foreign)

    assert (found.verdict, found.tampering) == (Verdict.UNKNOWN, Tampering.NOT_OURS)
    assert found.facts is None
    (signature,) = found.signatures
    assert signature.signer.startswith("Trường khác")
    assert signature.integrity is Integrity.INTACT
    assert signature.claimed_at == NOON


def test_the_page_of_a_stranger_s_file_is_never_green(client, certificate, foreign):
    page = text_of(client.post(reverse("verification:verify") + "?lang=en", {"file": pdf(foreign)}))

    assert "verdict unknown" in page
    assert "verdict valid" not in page
    assert "Trường khác" in page
    assert "nothing was changed since this signature" in page


@pytest.mark.parametrize(
    ("change", "integrity"),
    [
        (lambda content: content.replace(b"/MediaBox", b"/MediaBux", 1), "broken"),
        (with_a_revision, "added_to"),
        (lambda content: content, "intact"),
    ],
    ids=["bytes changed", "something added", "nothing"],
)
def test_changes_of_a_stranger_s_file_are_located(foreign, change, integrity):
    (said,) = examine(change(foreign))["signatures"]

    assert said["integrity"] == integrity


def test_our_file_with_a_later_revision_is_altered_by_so_many_bytes(certificate):
    genuine = bytes(certificate.file)
    longer = with_a_revision(genuine)

    found = check_file(longer)

    assert (found.verdict, found.tampering) == (Verdict.ALTERED, Tampering.ADDED_BEHIND)
    assert found.bytes_added == len(longer) - len(genuine)


def with_its_page_as_a_proof(content):
    """An update that says of the page's content that it is a certificate, and exchanges it."""
    reader = PdfFileReader(BytesIO(content))
    tree = reader.root["/Pages"]
    while "/Kids" in tree:
        tree = tree["/Kids"][0]
    root, shown = reader.trailer.raw_get("/Root").idnum, tree.raw_get("/Contents")
    drawn = (shown.raw_get(-1) if isinstance(shown, list) else shown).idnum
    start = content.rindex(b"\n%d 0 obj" % root)
    catalog = content[content.index(b"<<", start) : content.index(b"endobj", start)].strip()
    brought = {
        root: catalog.removesuffix(b">>") + b" /DSS <</Certs [%d 0 R]>>>>" % drawn,
        drawn: b"<</Length 3>>\nstream\nq Q\nendstream",
    }
    about = re.search(rb"/Info \d+ 0 R\n?", content[content.rindex(b"trailer") :])
    return update(content, brought, root=root, trailer=about[0] if about else b"")


def test_our_file_whose_page_is_said_to_be_a_proof_is_altered(certificate):
    genuine = bytes(certificate.file)

    found = check_file(with_its_page_as_a_proof(genuine))

    assert (found.verdict, found.tampering) == (Verdict.ALTERED, Tampering.ADDED_BEHIND)
    assert found.facts is None


def test_our_file_without_its_last_bytes_is_not_ours_to_confirm(certificate):
    for cut in (1, 500, 5000):
        found = check_file(bytes(certificate.file)[:-cut])

        assert found.verdict is not Verdict.VALID
        assert found.facts is None


def test_a_page_signed_with_our_key_outside_the_register_is_said_to_be_in_none(
    certificate, settings
):
    signer = DevelopmentAuthority.open(settings.AUTHORITY_FOLDER).signer_for("Trường Chính trị mẫu")
    page = typst.compile(b"#set page(width: 60mm, height: 40mm)\nMau")
    stray = signer.sign(page, reason="x", location="x", contact="x", at=NOON)

    found = check_file(stray)

    assert (found.verdict, found.tampering) == (Verdict.UNKNOWN, Tampering.NOT_REGISTERED)
    assert Step.CHAIN in found.held


# --- signatures that prove nothing, or cannot be read ------------------------------------------


def signed_by_anybody(page, *, bits=2048, digest="sha256", field="S"):
    """The page, signed with a key of this size, by a method that may be long broken."""
    key = rsa.generate_private_key(65537, bits)
    name = crypto.Name([crypto.NameAttribute(NameOID.COMMON_NAME, "Ai đó")])
    certificate = (
        crypto.CertificateBuilder(name, name, key.public_key(), 7, NOON, NOON + timedelta(days=9))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = signers.PdfSignatureMetadata(field_name=field, md_algorithm=digest)
    out = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(page)), metadata, signer)
    return out.getvalue()


@pytest.fixture
def page():
    return typst.compile(b"#set page(width: 60mm, height: 40mm)\nMau")


@pytest.mark.parametrize(
    ("method", "integrity"),
    [
        ({}, "intact"),
        ({"digest": "sha1"}, "weak"),
        ({"digest": "md5"}, "weak"),
        ({"bits": 1024}, "weak"),
    ],
    ids=["sound", "SHA-1", "MD5", "RSA of 1024 bits"],
)
def test_what_can_be_forged_is_never_said_to_be_unchanged(page, method, integrity):
    (said,) = examine(signed_by_anybody(page, **method))["signatures"]

    assert (said["signer"], said["integrity"]) == ("Ai đó", integrity)


def encrypted(page, password):
    writer = copy_into_new_writer(PdfFileReader(BytesIO(page)))
    writer.encrypt(owner_pass="chủ", user_pass=password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_file_under_a_password_is_said_to_be_so_and_not_to_be_damaged(page):
    assert examine(encrypted(page, "mật khẩu")) == {"unreadable": "encrypted"}


def test_a_file_that_every_program_opens_is_opened_here_too(page):
    assert examine(encrypted(page, "")) == {"unreadable": "another_form"}  # open, and unsigned


def test_one_signature_that_is_garbage_hides_no_other(page):
    once = signed_by_anybody(page)
    at = once.index(b"/Contents <") + 11
    garbled = once[:at] + b"ff" * 400 + once[at + 800 :]

    said = examine(signed_by_anybody(garbled, field="T"))["signatures"]

    assert [each["integrity"] for each in said] == ["unreadable", "intact"]


def test_every_word_about_strangers_signatures_has_its_sentence():
    for each in Integrity:
        assert integrity_sentence(each)
    for each in Unreadable:
        assert unreadable_sentence(each).endswith(".")


# --- files that mean harm ---------------------------------------------------------------------


def bomb():
    """A PDF whose cross-reference stream unfolds to 800 MB."""
    packed = zlib.compressobj(1)
    stream = b"".join(packed.compress(b"\0" * (1 << 20)) for _ in range(800)) + packed.flush()
    head = b"%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 9/W[1 8 8]/Root 2 0 R/Filter/FlateDecode/Length "
    start = 9
    return (
        head + str(len(stream)).encode() + b">>\nstream\n" + stream
        + b"\nendstream\nendobj\nstartxref\n" + str(start).encode() + b"\n%%EOF\n"
    )  # fmt: skip


HARM = {
    "deep": b"%PDF-1.7\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nstartxref\n9\n%%EOF\n",
    "loop of cross-references": (
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \n"
        b"trailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n"
    ),
    "object that is itself": (
        b"%PDF-1.7\n1 0 obj\n1 0 R\nendobj\nxref\n0 2\n0000000000 65535 f \n"
        b"0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n32\n%%EOF\n"
    ),
    "many ends": b"%PDF-1.7\n" + b"%%EOF\n" * 200_000,
    "many holes": b"%PDF-1.7\n" + b"/Contents <" + b"30" * 200 + b">\n" * 9_000 + b"%%EOF\n",
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM.keys())
def test_files_that_lead_readers_astray_are_unknown(trust, harm):
    found = check_file(harm)

    assert found.verdict is Verdict.UNKNOWN
    assert found.facts is None
    assert Certificate.objects.count() == 0


def test_the_reader_of_strangers_files_ends_at_its_own_limits():
    signatures, why = signatures_of_others(bomb())

    assert signatures == ()
    assert why in {Unreadable.TOO_COMPLEX, Unreadable.DAMAGED}


def test_the_reader_is_not_waited_for_longer_than_a_page_may_take(foreign):
    signatures, why = signatures_of_others(foreign, patience=0.01)

    assert (signatures, why) == ((), Unreadable.TOO_COMPLEX)


def test_two_files_are_examined_at_once_and_the_third_is_asked_to_come_again(foreign):
    from hocvu.verification.queries import others

    held = [others._places.acquire(blocking=False) for _ in range(2)]
    try:
        assert signatures_of_others(foreign) == ((), Unreadable.BUSY)
    finally:
        for _ in filter(None, held):
            others._places.release()
