"""The words of a certificate, and a specimen of one before anything is signed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.printing import Common, Numbered, ToPrint, common_of
from hocvu.credentials.rules.addresses import verification_address, verification_place
from hocvu.kernel.ids import in_groups
from hocvu.kernel.time import day_of
from hocvu.stationery.models import Kind
from hocvu.stationery.queries.pages import whole_page
from hocvu.stationery.queries.templates import template_in_force
from hocvu.stationery.rules.texts import (
    BatchFacts,
    CopyFacts,
    HolderFacts,
    batch_texts,
    copy_texts,
    holder_texts,
)
from hocvu.units.models import Unit

_PREVIEW = "BẢN XEM TRƯỚC, CHƯA KÝ"


def specimen(
    to_print: ToPrint, issuer: Unit, *, at: datetime, pixels_per_inch: int | None = None
) -> bytes:
    """The page as it will look, unsigned, under a notice that says it is none yet.

    A PDF file, or a PNG image at so many pixels an inch.
    """
    version = template_in_force(issuer, to_print.common.kind, day_of(at))
    common = {**common_texts(to_print.common, signed_by=_PREVIEW), "notice": _PREVIEW}
    texts = {**common, **own_texts(to_print, at=at)}
    address = verification_address(settings.SITE_ADDRESS, to_print.numbered.code)
    return whole_page(
        version, issuer, texts, qr_text=address, at=at, pixels_per_inch=pixels_per_inch
    )


def common_texts(common: Common, *, signed_by: str) -> dict[str, str]:
    """What all certificates of a decision say."""
    text = common.text
    return batch_texts(
        BatchFacts(
            parent_agency=common.superior_name.upper(),
            agency=common.issuer_name.upper(),
            programme=common.programme,
            programme_english=common.programme_english,
            starts_on=common.starts_on,
            ends_on=common.ends_on,
            mode=common.mode,
            decision_number=text.number_and_symbol,
            decided_on=text.decided_on,
            place=text.place,
            issued_on=common.issued_on,
            capacity=text.capacity,
            signer_title=text.signer_title.upper(),
            signer_name=text.signer_name,
            signed_by=signed_by,
            verification_place=verification_place(settings.SITE_ADDRESS),
        )
    )


def own_texts(to_print: ToPrint, *, at: datetime) -> Mapping[str, str]:
    """What only this one says."""
    holder, numbered = to_print.holder, to_print.numbered
    return holder_texts(
        HolderFacts(
            full_name=holder.full_name,
            sex=holder.sex,
            birth_text=holder.birth_text,
            birth_place=holder.birth_place,
            post=holder.post_title,
            unit=holder.unit_name,
            serial_number=numbered.serial_number,
            register_entry_number=numbered.entry_number,
            verification_code=in_groups(numbered.code),
            signed_at=at,
        )
    )


def copy_page(certificate: Certificate, facts: CopyFacts, *, signed_by: str, at: datetime) -> bytes:
    """A copy from the register, set whole: what the certificate says, and the copy's own number.

    `signed_by` stands in the signature's place with the moment; neither, where it is left empty.
    """
    decision, issuer = certificate.entry.decision, certificate.issuer
    to_print = ToPrint(
        common_of(decision),
        certificate.holder,
        Numbered(
            certificate.serial_number,
            certificate.register_entry_number,
            certificate.verification_code,
        ),
    )
    original = template_in_force(issuer, to_print.common.kind, to_print.common.issued_on)
    texts = {
        **common_texts(to_print.common, signed_by=signed_by),
        **own_texts(to_print, at=at),  # when the copy is signed, not what it is a copy of
        **copy_texts(replace(facts, document=original.look["title"])),
    }
    version = template_in_force(issuer, Kind.COPY, day_of(at))
    address = verification_address(settings.SITE_ADDRESS, certificate.verification_code)
    return whole_page(version, issuer, texts, qr_text=address, at=at)
