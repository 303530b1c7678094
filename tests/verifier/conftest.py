from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
import typst
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from hocvu.signing import DevelopmentAuthority, Signer
from hocvu.typesetting.glyphs import FONT_FOLDER

INSTITUTION = "Trường Chính trị mẫu thành phố Hải Phòng"
SIGNED_AT = datetime(2026, 2, 5, 14, 5, 9, tzinfo=timezone(timedelta(hours=7)))
WORDS = {"reason": "Cấp giấy chứng nhận", "location": "Hải Phòng", "contact": "a@example.vn"}
MAY_SIGN = {"digital_signature": True, "content_commitment": True}
MAY_ISSUE = {"key_cert_sign": True, "crl_sign": True}


class CarelessSigner(Signer):
    """Signs with whatever certificate it is given, at whatever time."""

    def _refuse_outside_validity(self, at):
        pass


@dataclass(frozen=True)
class Forge:
    """Makes certificates as a test wants them, and files signed with them."""

    page: bytes

    def certificate(self, key, issuer=None, issuer_key=None, **wishes):
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, wishes.get("cn", "Mẫu"))])
        allowed = dict.fromkeys(
            [
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "key_cert_sign",
                "crl_sign",
                "encipher_only",
                "decipher_only",
            ],
            False,
        ) | wishes.get("usage", MAY_SIGN)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(wishes.get("serial", 77))
            .not_valid_before(wishes.get("starts", datetime(2026, 1, 1, tzinfo=UTC)))
            .not_valid_after(wishes.get("ends", datetime(2027, 1, 1, tzinfo=UTC)))
        )
        if wishes.get("speaks", True):
            constraints = x509.BasicConstraints(ca=wishes.get("ca", False), path_length=None)
            builder = builder.add_extension(constraints, critical=True)
            builder = builder.add_extension(x509.KeyUsage(**allowed), critical=True)
        if "extra" in wishes:
            builder = builder.add_extension(wishes["extra"], critical=True)
        return builder.sign(issuer_key or key, hashes.SHA256())

    def authority(self, **wishes):
        key = ec.generate_private_key(ec.SECP256R1())
        wishes = {"cn": "Gốc", "ca": True, "usage": MAY_ISSUE} | wishes
        return key, self.certificate(key, **wishes)

    def signed_by(self, key, certificate, authority, at=SIGNED_AT):
        return CarelessSigner(key, certificate, authority).sign(self.page, **WORDS, at=at)

    def signed(self, **wishes):
        """Return a file signed under a fresh authority, and that authority."""
        root_key, root = self.authority()
        key = wishes.pop("key", None) or ec.generate_private_key(ec.SECP256R1())
        certificate = self.certificate(key, root, root_key, **wishes)
        return self.signed_by(key, certificate, root), root


@pytest.fixture(scope="session")
def page():
    """A PDF/A-2b page of one line."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FOLDER]
    )
    text = '#set document(title: "Mẫu")\n#set text(font: "Be Vietnam Pro")\nGiấy chứng nhận'
    return typst.Compiler(font_paths=fonts).compile(
        text.encode(), format="pdf", pdf_standards="a-2b", timestamp=SIGNED_AT
    )


@pytest.fixture(scope="session")
def forge(page):
    return Forge(page)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return DevelopmentAuthority.open(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def root(authority):
    return authority.root_certificate


@pytest.fixture(scope="session")
def signer(authority):
    return authority.signer_for(INSTITUTION)


@pytest.fixture(scope="session")
def signed(signer, page):
    return signer.sign(page, **WORDS, at=SIGNED_AT)
