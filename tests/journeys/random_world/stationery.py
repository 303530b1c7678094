"""Templates, images and blanks of the units that hold classes."""

from hocvu.stationery.models import (
    Blank,
    BlankBook,
    BlankEntry,
    CertificateTemplate,
    IssuerImage,
    TemplateVersion,
)
from hocvu.stationery.rules.look import default_look

_BLANKS = 4


def make_stationery(world):
    for issuer in dict.fromkeys(each.host_unit for each in world.classes):
        _template(world, issuer)
        _image(world, issuer)
        _book(world, issuer)


def _template(world, issuer):
    """One version in use, and one that somebody is writing."""
    writer, approver = world.chance.sample(world.people, 2)
    template = CertificateTemplate.objects.create(
        issuer=issuer, kind="completion", name=f"Mẫu {world.mark()}", made_at=world.now,
        made_by=writer,
    )  # fmt: skip
    for number, more in enumerate(
        ({"approved_at": world.now, "approved_by": approver, "effective_from": world.today}, {}),
        start=1,
    ):
        version = TemplateVersion.objects.create(
            template=template, number=number, source=f"#let page-of() = [{world.mark()}]",
            look=default_look(), written_at=world.now, written_by=writer, **more,
        )  # fmt: skip
        world.template_versions.append(version)


def _image(world, issuer):
    image = IssuerImage.objects.create(
        issuer=issuer, kind="signature", signer_name=f"Ký {world.mark()}",
        png=f"PNG {world.mark()}".encode(), width_mm=40, height_mm=20,
        sha256=f"{world.chance.getrandbits(256):064x}", added_at=world.now,
        added_by=world.chance.choice(world.people),
    )  # fmt: skip
    world.issuer_images.append(image)


def _book(world, issuer):
    """Four blanks: one is printed on, one is spoiled."""
    book = BlankBook.objects.create(
        issuer=issuer, kind="completion", series="A", first_number=1, last_number=_BLANKS,
        received_from=f"Nhà in {world.mark()}", document_number=f"PG {world.mark()}",
        received_on=world.today, entered_at=world.now, entered_by=world.chance.choice(world.people),
    )  # fmt: skip
    blanks = Blank.objects.bulk_create(
        Blank(book=book, issuer=issuer, series="A", number=number)
        for number in range(1, _BLANKS + 1)
    )
    for blank, what in zip(
        blanks,
        (
            {"after": "used", "serial_number": world.mark().upper()},
            {"after": "spoiled", "reason": f"Rách {world.mark()}"},
        ),
        strict=False,
    ):
        entry = BlankEntry.objects.create(
            blank=blank, sequence=1, before="left", at=world.now,
            by=world.chance.choice(world.people), **what,
        )  # fmt: skip
        world.blank_entries.append(entry)
    world.blank_books.append(book)
    world.blanks += Blank.objects.filter(book=book).order_by("number")
