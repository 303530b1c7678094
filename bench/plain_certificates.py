"""Certificates as anybody would write them: a typst page each, a pyHanko signature each.

What `signing` is held against; also the sample texts that both ways print.
"""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno
import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

import hocvu.stationery
from hocvu.signing import SoftwareKey
from hocvu.stationery.rules.fields import SAMPLE_BATCH, SAMPLE_HOLDER
from hocvu.stationery.rules.look import complete_look
from hocvu.stationery.rules.texts import HolderFacts, batch_texts, holder_texts
from hocvu.typesetting import Page, Picture
from hocvu.typesetting.apart import _assembled  # the same page, set the plain way
from hocvu.typesetting.glyphs import FONT_FOLDER

AT: Final = datetime(2026, 11, 22, 5, tzinfo=UTC)
SITE: Final = "https://hocvu.example.vn/v/7KQ29XD4TRA2P6Z0"


def page() -> Page:
    """The certificate that comes with the system, with what is the same for a decision."""
    designs = Path(next(iter(hocvu.stationery.__path__))) / "designs"
    source = (designs / "landscape.typ").read_text(encoding="utf-8")
    return Page(source, batch_texts(SAMPLE_BATCH), complete_look({}))


def holder(number: int) -> HolderFacts:
    family, given = ("Nguyễn", "Trần", "Lê")[number % 3], ("Ước", "Hằng")[number % 2]
    return replace(
        SAMPLE_HOLDER,
        full_name=f"{family} Thị {given} Mẫu",
        serial_number=f"TCT-2026-{number:06d}",
        register_entry_number=f"{number:05d}/2026",
    )


def write_plainly(key: SoftwareKey, count: int) -> None:
    """Set, sign and throw away so many certificates; the key is loaded once."""
    signer = _signer(key)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FOLDER]
    )
    for number in range(count):
        facts = holder(number)
        pdf: Any = typst.Compiler(_source(number, facts), FONT_FOLDER, fonts).compile(
            format="pdf", pdf_standards="a-2b", timestamp=int(AT.timestamp()), pdf_tags=False
        )
        metadata = signers.PdfSignatureMetadata(
            field_name="Signature",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            reason=f"12/QĐ-TCT, {facts.serial_number}",
        )
        signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=signer)


def _source(number: int, facts: HolderFacts) -> bytes:
    drawn = BytesIO()
    segno.make_qr(f"{SITE}#{'7' * 350}{number:06d}", error="m").save(drawn, kind="png")
    common = page()
    whole = replace(
        common,
        texts={**common.texts, **holder_texts(facts)},
        pictures={"qr": Picture(drawn.getvalue(), 30, 30, "QR")},
    )
    return _assembled(whole, is_form=False).encode()


def _signer(key: SoftwareKey) -> Any:
    der = serialization.Encoding.DER
    own, *others = (asn1_x509.Certificate.load(each.public_bytes(der)) for each in key.chain)
    private = key.private_key.private_bytes(
        der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    registry.register_multiple(others)
    return signers.SimpleSigner(
        signing_cert=own,
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=registry,
    )
