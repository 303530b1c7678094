"""Images of seals and hand signatures: added once, withdrawn, never changed."""

from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import Person
from hocvu.stationery import policies
from hocvu.stationery.models import ImageKind, IssuerImage
from hocvu.stationery.rules.images import ImageFlaw, flaws_of_image, height_on_paper
from hocvu.typesetting.pictures import DrawnPicture, PictureIsUnusable, Unusable, draw_anew
from hocvu.units.models import Unit

_UNUSABLE: Final[dict[Unusable, str | Promise]] = {
    Unusable.TOO_LARGE: gettext_lazy("The image is too large: at most 4 MB and 16 million pixels."),
    Unusable.NO_PNG: gettext_lazy("This is not a PNG file."),
    Unusable.DAMAGED: gettext_lazy("The image file is damaged."),
    Unusable.EMPTY: gettext_lazy("There is nothing to be seen on the image."),
}
_FLAWS: Final[dict[ImageFlaw, str | Promise]] = {
    ImageFlaw.WRONG_SIZE: gettext_lazy(
        "A seal is 30 to 42 mm wide on paper, a signature 20 to 60 mm."
    ),
    ImageFlaw.TOO_HIGH: gettext_lazy("The image would be more than 42 mm high on paper."),
    ImageFlaw.NOT_SEE_THROUGH: gettext_lazy("The image has no transparent background."),
    ImageFlaw.NOT_RED: gettext_lazy("The image of a seal is red."),
    ImageFlaw.NOT_BLUE: gettext_lazy("The image of a signature is blue."),
    ImageFlaw.TOO_COARSE: gettext_lazy("The image is too coarse: at least 150 dots per inch."),
}


class ImageIsUnsuitable(NotPossible):
    """The file is no image as Decree 30/2020 wants it."""


class ImageIsWithdrawn(NotPossible):
    """The image is no longer in use."""


def add_image(
    issuer: Unit,
    kind: ImageKind,
    content: bytes,
    *,
    width_mm: float,
    signer_name: str = "",
    by: Person,
    at: datetime,
) -> IssuerImage:
    """Take in an image; one of the same kind and signer that was in use is withdrawn.

    The file is read in a process of its own and drawn anew, before anything is locked.
    """
    if not policies.can_design_for(by, issuer):
        raise _not_allowed()
    drawn = _drawn(kind, content, width_mm)
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=issuer.pk)
        before = IssuerImage.objects.filter(
            issuer=issuer, kind=kind, signer_name=nfc(signer_name), withdrawn_at=None
        )
        before.update(withdrawn_at=at, withdrawn_by=by)
        image = IssuerImage.objects.create(
            issuer=issuer,
            kind=kind,
            signer_name=nfc(signer_name),
            png=drawn.png,
            width_mm=Decimal(str(width_mm)),
            height_mm=Decimal(str(height_on_paper(width_mm, drawn.width, drawn.height))),
            sha256=sha256(drawn.png).hexdigest(),
            added_at=at,
            added_by=by,
        )
        record("issuer_image_added", image, by=by, at=at, issuer_id=issuer.pk, kind=str(kind))
    return image


@transaction.atomic
def withdraw_image(image: IssuerImage, *, by: Person, at: datetime) -> None:
    """Take an image out of use: the signer left, the seal was changed."""
    locked = (
        IssuerImage.objects.select_for_update(of=("self",))
        .select_related("issuer")
        .get(pk=image.pk)
    )
    if not policies.can_design_for(by, locked.issuer):
        raise _not_allowed()
    if locked.withdrawn_at is not None:
        raise ImageIsWithdrawn(_("This image has already been taken out of use."))
    locked.withdrawn_at, locked.withdrawn_by = at, by
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("issuer_image_withdrawn", locked, by=by, at=at)


def _drawn(kind: ImageKind, content: bytes, width_mm: float) -> DrawnPicture:
    try:
        drawn = draw_anew(content, width_mm=width_mm)
    except PictureIsUnusable as unusable:
        raise ImageIsUnsuitable(_UNUSABLE[unusable.why], _("Choose another file.")) from unusable
    flaws = flaws_of_image(
        kind,
        width_mm=width_mm,
        width=drawn.width,
        height=drawn.height,
        see_through=drawn.see_through,
        tint=drawn.tint,
    )
    if flaws:
        raise ImageIsUnsuitable(
            " ".join(str(_FLAWS[flaw]) for flaw in flaws),
            _("Scan it anew as Decree 30/2020, annex I says, and choose that file."),
        )
    return drawn


def _not_allowed() -> NotAllowed:
    return NotAllowed(_("Only a registrar of the issuing unit can keep its seal and signatures."))
