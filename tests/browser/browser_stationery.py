"""A template of the school of its own, an image of its signer, a delivery of blanks."""

from io import BytesIO

from browser_scene import REGISTRAR, player
from django.utils import timezone
from PIL import Image, ImageDraw

from hocvu.config.rehearsal import cast
from hocvu.kernel.time import day_of
from hocvu.stationery.actions.blanks import Delivery, assign_blanks, receive_blanks, spoil_blank
from hocvu.stationery.actions.images import add_image
from hocvu.stationery.actions.templates import start_template
from hocvu.stationery.models import (
    Blank,
    BlankBook,
    ImageKind,
    IssuerImage,
    Kind,
    TemplateVersion,
)
from hocvu.units.queries import unit_with_code

_RED = (200, 20, 20, 255)


def packaged_version() -> TemplateVersion:
    return TemplateVersion.objects.filter(template__issuer=None).earliest("pk")


def draft() -> TemplateVersion:
    """Written by the registrar: the leader may put it in use."""
    found = TemplateVersion.objects.filter(approved_at=None).first()
    return found or start_template(
        unit_with_code(cast.SCHOOL), Kind.COMPLETION, "Giấy chứng nhận của trường",
        based_on=packaged_version(), by=player(REGISTRAR), at=timezone.now(),
    )  # fmt: skip


def image() -> IssuerImage:
    found = IssuerImage.objects.first()
    return found or add_image(
        unit_with_code(cast.SCHOOL), ImageKind.SEAL, _ring(),
        width_mm=36, by=player(REGISTRAR), at=timezone.now(),
    )  # fmt: skip


def book() -> BlankBook:
    """Twelve blanks: one is spoiled, two are printed on."""
    found = BlankBook.objects.first()
    if found is None:
        school, by, at = unit_with_code(cast.SCHOOL), player(REGISTRAR), timezone.now()
        delivery = Delivery(
            kind=Kind.COMPLETION, series="A", first_number=1, last_number=12, digits=6,
            received_from="Nhà in Mẫu", document_number="15/PGH", received_on=day_of(at),
        )  # fmt: skip
        found = receive_blanks(school, delivery, by=by, at=at)
        serials = ["TCT-31-2026-000001", "TCT-31-2026-000002", "TCT-31-2026-000003"]
        taken = assign_blanks(school, Kind.COMPLETION, serials, by=by, at=at)
        spoil_blank(taken[serials[0]], reason="Kẹt giấy", by=by, at=at)
    return found


def blank() -> Blank:
    """The spoiled one."""
    return book().blanks.get(number=1)


def _ring() -> bytes:
    """A red ring on nothing, as large as a seal at 600 dots per inch."""
    drawn = Image.new("RGBA", (850, 850), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).ellipse((20, 20, 830, 830), outline=_RED, width=24)
    written = BytesIO()
    drawn.save(written, "PNG", dpi=(600, 600))
    return written.getvalue()
