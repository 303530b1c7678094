from dataclasses import replace

import pytest
import segno
import typst
from cryptography.hazmat.primitives.asymmetric import rsa

from hocvu.signing import (
    Algorithm,
    DevelopmentAuthority,
    Filling,
    QrModules,
    QrPlace,
    SignatureField,
    SoftwareKey,
    Words,
    compile_form,
    write_second_tails,
    write_tails,
)
from hocvu.typesetting.glyphs import FONT_FOLDER
from signing.specimens import INSTITUTION, OTHER_INSTITUTION, SIGNED_AT, Typeface


@pytest.fixture(scope="session")
def page():
    """A PDF/A-2b page of one line."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FOLDER]
    )
    compiler = typst.Compiler(font_paths=fonts)
    text = '#set document(title: "Mẫu")\n#set text(font: "Be Vietnam Pro")\nGiấy chứng nhận'
    return compiler.compile(text.encode(), format="pdf", pdf_standards="a-2b", timestamp=SIGNED_AT)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return DevelopmentAuthority.open(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def signer(authority):
    return authority.signer_for(INSTITUTION)


@pytest.fixture(scope="session")
def signed(signer, page):
    return signer.sign(
        page,
        reason="Cấp giấy chứng nhận",
        location="Hải Phòng",
        contact="vanthu@example.vn",
        at=SIGNED_AT,
    )


@pytest.fixture(scope="session")
def key(authority):
    return authority.key_for(INSTITUTION)


@pytest.fixture(scope="session")
def other_key(authority):
    """The key of the organisation, which signs after the competent person."""
    return authority.key_for(OTHER_INSTITUTION)


@pytest.fixture(scope="session")
def rsa_key(authority):
    """One RSA key for all tests: making one takes a while."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = authority.certify(private.public_key(), INSTITUTION)
    return SoftwareKey.of(private, (certificate, authority.root_certificate))


@pytest.fixture(scope="session")
def keys(authority, key, rsa_key):
    """A key for every algorithm."""
    curves = (Algorithm.ECDSA_P384_SHA384, Algorithm.ECDSA_P521_SHA512)
    hashes = (Algorithm.RSA_PSS_SHA384, Algorithm.RSA_PSS_SHA512)
    return {
        Algorithm.ECDSA_P256_SHA256: key,
        Algorithm.RSA_PSS_SHA256: rsa_key,
        **{each: authority.key_for(INSTITUTION, each) for each in curves},
        **{each: replace(rsa_key, algorithm=each) for each in hashes},
    }


@pytest.fixture(scope="session")
def typeface():
    return Typeface("Nguyễn Văn Ước Sinh ngày 0123456789/")


@pytest.fixture(scope="session")
def form(page, typeface, key):
    return compile_form(page, fonts=[typeface], qr=QrPlace(60, 60, 90), certificates=key.chain)


@pytest.fixture(scope="session")
def form_for_two(page, typeface):
    fields = (
        SignatureField("Person", (300, 60, 90, 60)),
        SignatureField("Organisation", (280, 70, 100, 100)),
    )
    return compile_form(page, fonts=[typeface], qr=None, fields=fields)


@pytest.fixture(scope="session")
def qr():
    return QrModules.of(segno.make_qr("https://hocvu.example.vn/v/1#2", error="m").matrix)


@pytest.fixture(scope="session")
def filling(typeface, qr):
    drawn = typeface.line("Nguyễn Văn Ước", 500) + typeface.line("Sinh ngày 12/05/1985", 460)
    return Filling(drawn, qr, "12/QĐ-TCT, 0000017")


@pytest.fixture(scope="session")
def words():
    return Words(location="Hải Phòng", contact="https://hocvu.example.vn")


@pytest.fixture(scope="session")
def tail(form, filling, key, words):
    with key.open() as session:
        (written,) = write_tails(form, [filling], session=session, words=words, at=SIGNED_AT)
    return written


@pytest.fixture(scope="session")
def half_signed(form_for_two, filling, key, words):
    """The tail of a certificate that a person signed and that waits for the organisation."""
    alone = replace(filling, qr=None)
    with key.open() as session:
        (written,) = write_tails(form_for_two, [alone], session=session, words=words, at=SIGNED_AT)
    return written


@pytest.fixture(scope="session")
def twice_signed(form_for_two, half_signed, other_key, words):
    with other_key.open() as session:
        (written,) = write_second_tails(
            form_for_two,
            [half_signed],
            session=session,
            words=words,
            reason="Phát hành",
            at=SIGNED_AT,
        )
    return written
