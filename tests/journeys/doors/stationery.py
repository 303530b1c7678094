"""The doors of stationery: templates, images and blanks of a unit that issues certificates."""

from datetime import timedelta

from hocvu.stationery.models import NumberFormat, TemplateVersion
from hocvu.stationery.rules.look import PARAMETERS, Shape, default_look
from hocvu.stationery.rules.numbering import PACKAGED_FORMATS
from journeys.doors.door import Door, acts, list_of


def _issuer(thing):
    """The unit it belongs to."""
    return thing.template.issuer if isinstance(thing, TemplateVersion) else thing.issuer


def _sees(eyes, thing):
    return _issuer(thing) in eyes.seen


def _issues(eyes, thing):
    return _issuer(thing) in eyes.issued


def _issues_somewhere(eyes, _thing=None):
    return bool(eyes.issued)


def _may_use(eyes, version):
    return _issuer(version) in eyes.approved and version.written_by != eyes.me


def _writes(eyes, version):
    return version.is_draft and _issues(eyes, version)


def _never(_eyes, _thing):
    return False


# What is told


def _tell_version(eyes, version):
    template = version.template
    told = eyes.marks(template.name, version.source) | eyes.tell_units([template.issuer])
    return told | eyes.tell_names(version.written_by, version.approved_by)


def _tell_template(eyes, version):
    of_it = [v for v in eyes.world.template_versions if v.template == version.template]
    return set().union(*(_tell_version(eyes, each) for each in of_it))


def _tell_image(eyes, image):
    told = eyes.marks(image.signer_name, bytes(image.png).decode())
    return told | eyes.tell_units([image.issuer]) | eyes.tell_names(image.added_by)


def _tell_book(eyes, book):
    told = eyes.marks(book.received_from, book.document_number) | eyes.tell_units([book.issuer])
    for blank in eyes.world.blanks:
        told |= eyes.marks(blank.serial_number) if blank.book == book else set()
    return told


def _tell_entry(eyes, entry):
    told = eyes.marks(entry.serial_number, entry.reason) | eyes.tell_names(entry.by)
    return told | eyes.tell_units([entry.blank.issuer])


def _tell_blank(eyes, blank):
    told = _tell_book(eyes, blank.book)
    for entry in eyes.world.blank_entries:
        told |= _tell_entry(eyes, entry) if entry.blank == blank else set()
    return told


# What is sent


def _for_units(**more):
    """What is entered for a unit out of reach, and for one within it."""

    def bodies(eyes, _thing):
        issued = eyes.issued.__contains__
        pairs = (
            (eyes.outside(eyes.world.units, issued), False),
            (eyes.inside(eyes.world.units, issued), True),
        )
        based_on = TemplateVersion.objects.filter(template__issuer=None).first()
        common = {"kind": "completion", "based_on": based_on.pk} | more
        return [({"issuer": unit.code} | common, may) for unit, may in pairs if unit]

    return bodies


def _written(_eyes, version):
    look = default_look()
    typed = {p.key: look[p.key] for p in PARAMETERS if p.shape is not Shape.SWITCH}
    kept = {"source": version.source, "seen_at": version.written_at.isoformat()}
    return typed | kept | {"sample": "usual", "act": "keep"}


def _in_use(eyes, version):
    """From today; from yesterday by who may: refused in words, before anything is typeset."""
    day = eyes.world.today - timedelta(days=_may_use(eyes, version))
    return {"effective_from": day.isoformat(), "seen_at": version.written_at.isoformat()}


_DELIVERY = {
    "series": "B", "first_number": "01", "last_number": "05", "received_from": "Nhà in",
    "document_number": "1", "received_on": "20/11/2026",
}  # fmt: skip
_OF_VERSIONS = {
    "things": lambda world: world.template_versions,
    "opens": _sees,
    "tells": _tell_template,
}
_OF_IMAGES = {"things": lambda world: world.issuer_images, "opens": _sees, "tells": _tell_image}
_OF_BOOKS = {"things": lambda world: world.blank_books, "opens": _sees, "tells": _tell_book}


def _formats_of_units(eyes, _thing):
    """What is set for a unit out of reach, and for one within it."""
    issued = eyes.issued.__contains__
    pairs = (
        (eyes.outside(eyes.world.units, issued), False),
        (eyes.inside(eyes.world.units, issued), True),
    )
    typed = {"valid_from": "01/01/2099", "act": "set", **vars(PACKAGED_FORMATS)}
    return [({"issuer": unit.code} | typed, may) for unit, may in pairs if unit]


DOORS = {
    "stationery:templates": Door(
        tells=list_of(lambda world: world.template_versions, _sees, _tell_version)
    ),
    "stationery:begin": Door(
        opens=_issues_somewhere,
        tells=list_of(lambda world: world.template_versions, _sees, _tell_version),
        posts=_for_units(name="Mẫu mới"),
    ),
    "stationery:template": Door(**_OF_VERSIONS, args=lambda version: [version.template_id]),
    "stationery:version": Door(**_OF_VERSIONS, posts=acts(_writes, _written)),
    "stationery:begin_version": Door(**_OF_VERSIONS, posts=acts(_issues)),
    "stationery:preview": Door(**_OF_VERSIONS, posts=acts(_never, _written)),  # writes nothing
    "stationery:image": Door(**_OF_VERSIONS, args=lambda version: [version.pk, "usual"]),
    "stationery:checks": Door(**_OF_VERSIONS),
    "stationery:use": Door(**_OF_VERSIONS, posts=acts(_may_use, _in_use)),
    "stationery:retire": Door(
        **_OF_VERSIONS,
        posts=acts(
            _issues,
            lambda eyes, _v: {"retired_on": eyes.world.today.isoformat(), "reason": "Đổi mẫu"},
        ),
    ),
    "stationery:give_up": Door(**_OF_VERSIONS, posts=acts(_issues)),
    "stationery:images": Door(tells=list_of(lambda world: world.issuer_images, _sees, _tell_image)),
    "stationery:add_image": Door(  # without a file: answered in the form
        opens=_issues_somewhere, posts=_for_units(width_mm="36")
    ),
    "stationery:issuer_image": Door(**_OF_IMAGES),
    "stationery:image_file": Door(**_OF_IMAGES),
    "stationery:withdraw_image": Door(**_OF_IMAGES, posts=acts(_issues)),
    "stationery:books": Door(tells=list_of(lambda world: world.blank_books, _sees, _tell_book)),
    "stationery:receive": Door(opens=_issues_somewhere, posts=_for_units(**_DELIVERY)),
    "stationery:take": Door(opens=_issues_somewhere, posts=_for_units(serial_numbers="N-1\nN-2")),
    "stationery:journal": Door(
        tells=list_of(
            lambda world: world.blank_entries,
            lambda eyes, entry: entry.blank.issuer in eyes.seen,
            _tell_entry,
        )
    ),
    "stationery:book": Door(**_OF_BOOKS),
    "stationery:destroy": Door(
        **_OF_BOOKS,
        posts=acts(_issues, lambda _e, _t: {"minutes_number": "1/BB", "reason": "Cắt nhỏ"}),
    ),
    "stationery:blank": Door(
        things=lambda world: world.blanks,
        opens=_sees,
        tells=_tell_blank,
        posts=acts(_issues, lambda _e, _t: {"act": "spoil", "reason": "Rách"}),
    ),
    "stationery:number_formats": Door(
        tells=list_of(
            lambda _world: list(NumberFormat.objects.select_related("issuer", "set_by")),
            lambda eyes, found: found.issuer in eyes.issued,
            lambda eyes, found: eyes.tell_units([found.issuer]) | eyes.tell_names(found.set_by),
        )
    ),
    "stationery:set_number_format": Door(
        opens=lambda eyes, _thing: bool(eyes.issued), posts=_formats_of_units
    ),
}
