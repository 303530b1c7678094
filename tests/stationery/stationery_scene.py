"""What the scenes of these tests are made of: units, people with roles, images."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from hocvu.kernel.vietnamese import fold, given_name_sort_key, text_sort_key
from hocvu.people.models import Account, Person, RoleGrant
from hocvu.stationery.actions.blanks import Delivery
from hocvu.stationery.models import Kind
from hocvu.units.models import Unit, path_below

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # 12:00 in Viet Nam
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
PLAIN = """
#let page-of() = {
  set document(title: look.title)
  set page(width: 210mm, height: 148mm, margin: 15mm)
  text(14pt, text-of("programme"))
  slot("holder_name", "{holder_name}", height: 16mm, sizes: (24pt, 20pt, 16pt))
  slot("serial_number", "Số hiệu *{serial_number}*", height: 8mm)
  place-of("qr", 30mm, 30mm, picture("qr"))
}
"""
LATER = NOON + timedelta(hours=1)
NEEDED = PLAIN.replace(
    "  place-of",
    '  slot("entry", "{register_entry_number}")\n  slot("code", "{verification_code}")\n  place-of',
)
DELIVERY = Delivery(
    kind=Kind.COMPLETION,
    series="A",
    first_number=1,
    last_number=10,
    digits=6,
    received_from="Nhà in Mẫu",
    document_number="15/PGH",
    received_on=TODAY - DAY,
)


def unit(parent, code, kind, name):
    return Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
    )


def person(name):
    made = Person.objects.create(
        full_name=name, search_key=fold(name), sort_key=given_name_sort_key(name)
    )
    Account.objects.create(person=made, username=f"user{made.pk}", password="!")
    return made


def grant(someone, role, on_unit):
    RoleGrant.objects.create(person=someone, role=role, unit=on_unit, from_on=date(2026, 1, 1))
    return someone


def drawing(colour, width=850, height=850, *, file_format="PNG", mode="RGBA"):
    """A ring of one colour on nothing, as an image file."""
    drawn = Image.new(mode, (width, height), (0, 0, 0, 0) if mode == "RGBA" else (255, 255, 255))
    ImageDraw.Draw(drawn).ellipse((20, 20, width - 20, height - 20), outline=colour, width=24)
    written = BytesIO()
    drawn.save(written, file_format, dpi=(600, 600))
    return written.getvalue()
