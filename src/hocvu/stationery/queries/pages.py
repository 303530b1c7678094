"""Setting pages: a sheet for a batch, a whole page, and what would be refused beforehand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno
from django.utils.translation import gettext as _

from hocvu.kernel.errors import NotPossible
from hocvu.stationery.models import ImageKind, IssuerImage, TemplateVersion
from hocvu.stationery.queries.templates import images_in_use
from hocvu.stationery.rules.fields import FIELDS, OWN_FIELDS
from hocvu.stationery.rules.look import complete_look
from hocvu.typesetting import (
    CannotTypeset,
    Compositor,
    Page,
    Picture,
    Sheet,
    set_page,
    set_sheet,
)
from hocvu.units.models import Unit

QR_MM = 30


class ImageIsMissing(NotPossible):
    """The template shows a seal or a signature that the issuer has not given."""


@dataclass(frozen=True)
class Trouble:
    """Why one certificate of a batch could not be printed; `key` is whatever it was named by."""

    key: Any
    why: CannotTypeset


def sheet_of(
    version: TemplateVersion, issuer: Unit, common: Mapping[str, str], *, at: datetime
) -> Sheet:
    """The page of a version with the texts common to a batch, for printing thousands.

    `common` comes from `rules.texts.batch_texts`. The images are those of the issuer and of the
    signer `common` names. `at` becomes the creation time in the file. Raises CannotTypeset (a kind
    of it), ImageIsMissing.
    """
    sheet = set_sheet(_page(version, issuer, common), at=at)
    if unknown := sheet.fields - OWN_FIELDS:
        raise CannotTypeset(f"No such fields: {', '.join(sorted(unknown))}.")
    return sheet


def whole_page(
    version: TemplateVersion,
    issuer: Unit,
    texts: Mapping[str, str],
    *,
    qr_text: str,
    at: datetime,
    pixels_per_inch: int | None = None,
) -> bytes:
    """One document set whole as a PDF/A-2b file: for a single copy or a print on paper.

    With `pixels_per_inch` it is a PNG image, to be looked at.
    """
    page = _page(version, issuer, texts, qr_text)
    if pixels_per_inch is None:
        return set_page(page, at=at)
    return set_page(page, at=at, as_image=True, pixels_per_inch=pixels_per_inch)


def troubles_in(sheet: Sheet, texts: Iterable[tuple[Any, Mapping[str, str]]]) -> Iterator[Trouble]:
    """What could not be printed of a batch, named by its keys: before anything is approved."""
    compositor = Compositor(sheet)
    for key, each in texts:
        for why in compositor.troubles(each):
            yield Trouble(key, why)


def pictures_of(
    issuer: Unit, look: Mapping[str, Any], signer_name: str | None
) -> dict[str, Picture]:
    """The images a look shows: the seal of the issuer, the signature of this signer.

    Without a signer any signature will do. Raises ImageIsMissing.
    """
    kept = _images_of(issuer, look)
    seal = [each for each in kept if each.kind == ImageKind.SEAL]
    signature = [
        each
        for each in kept
        if each.kind == ImageKind.SIGNATURE and signer_name in {None, each.signer_name}
    ]
    if look["shows_seal"] and not seal:
        raise ImageIsMissing(
            _("The template shows the seal, but %s has given no image of it.") % issuer.name,
            _("Add the image of the seal, or choose not to show it."),
        )
    if look["shows_signature"] and not signature:
        raise ImageIsMissing(
            _("The template shows the signature, but there is no image of the signature of %s.")
            % (signer_name or _("anybody")),
            _("Add the image of the signature, or choose not to show it."),
        )
    return {each.kind: _picture(each) for each in (*seal[:1], *signature[:1])}


def page_to_try(
    source: str,
    look: Mapping[str, Any],
    issuer: Unit | None,
    texts: Mapping[str, str],
    *,
    qr_text: str = "",
) -> Page:
    """A page of a draft with sample texts; an image that is missing is left out."""
    full = complete_look(look)
    kept = _images_of(issuer, full) if issuer is not None else []
    pictures = {each.kind: _picture(each) for each in kept}
    if qr_text:
        pictures["qr"] = Picture(qr_image(qr_text), QR_MM, QR_MM, "QR")
    return Page(source, texts, full, pictures)


def _images_of(issuer: Unit, look: Mapping[str, Any]) -> list[IssuerImage]:
    """The images in use of the kinds a look shows."""
    kinds = [
        kind
        for kind, switch in (
            (ImageKind.SEAL, "shows_seal"),
            (ImageKind.SIGNATURE, "shows_signature"),
        )
        if look[switch]
    ]
    return list(images_in_use(issuer).filter(kind__in=kinds).order_by("pk")) if kinds else []


def _picture(kept: IssuerImage) -> Picture:
    return Picture(
        png=bytes(kept.png),
        width_mm=float(kept.width_mm),
        height_mm=float(kept.height_mm),
        alt=str(kept.get_kind_display()),
    )


def _page(
    version: TemplateVersion, issuer: Unit, texts: Mapping[str, str], qr_text: str = ""
) -> Page:
    look = complete_look(version.look)
    pictures = pictures_of(issuer, look, texts.get("signer_name", ""))
    if qr_text:
        pictures["qr"] = Picture(qr_image(qr_text), QR_MM, QR_MM, "QR")
    known = {name: text for name, text in texts.items() if name in FIELDS}
    return Page(version.source, known, look, pictures)


@lru_cache(maxsize=8)
def qr_image(text: str) -> bytes:
    """A QR code as a PNG image without a quiet zone; the page around it is white enough."""
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=4, border=0)
    return drawn.getvalue()
