"""Trying a template: usual texts, the longest real names, the rarest letters, the barest facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvu.courses.models import Programme
from hocvu.stationery.models import Kind, TemplateVersion
from hocvu.stationery.queries.pages import ImageIsMissing, page_to_try, pictures_of
from hocvu.stationery.queries.words import SAMPLE_LABELS, label_of, sentence_of
from hocvu.stationery.rules.fields import OWN_FIELDS
from hocvu.stationery.rules.look import complete_look
from hocvu.stationery.rules.samples import Sample, common_texts, own_texts
from hocvu.typesetting import (
    CannotTypeset,
    Compositor,
    Sheet,
    missing_glyphs,
    set_page,
    set_sheet,
)
from hocvu.units.models import Unit

_UNITS_TRIED = 8
_NEEDED = frozenset({"holder_name", "serial_number", "register_entry_number", "verification_code"})
QR_TO_TRY = "https://hocvu.example.vn/v/7KQ2M9XD4TRA2P6Z#" + "3141592653589793" * 18


@dataclass(frozen=True)
class Check:
    """One thing that was tried, whether it went well, and the sentence about it."""

    title: str
    passed: bool
    sentence: str


@dataclass(frozen=True)
class Draft:
    """A template as it is being written, kept or not."""

    source: str
    look: Mapping[str, Any]
    kind: str
    issuer: Unit | None

    @classmethod
    def of(cls, version: TemplateVersion) -> "Draft":
        template = version.template
        return cls(version.source, complete_look(version.look), template.kind, template.issuer)


def checks_of(version: TemplateVersion, *, at: datetime) -> list[Check]:
    """Everything that must go well before a version is put in use; a few seconds of work."""
    return list(checks_of_draft(Draft.of(version), at=at))


def checks_of_draft(draft: Draft, *, at: datetime) -> Iterator[Check]:
    yield _images_are_there(draft)
    yield _letters_of_the_source(draft)
    units, programmes = longest_unit_names(), longest_programmes()
    for sample in Sample:
        common = common_texts(sample, _agency_of(draft.issuer), programmes)
        title = str(SAMPLE_LABELS[sample])
        try:
            sheet = set_sheet(page_to_try(draft.source, draft.look, draft.issuer, common), at=at)
        except CannotTypeset as trouble:
            yield Check(title, passed=False, sentence=sentence_of(trouble))
            continue
        if sample is Sample.USUAL:
            yield _what_a_certificate_needs(sheet, draft.kind)
        yield _texts_fit(title, sheet, own_texts(sample, units))


def preview_of(draft: Draft, sample: Sample, *, at: datetime, pixels_per_inch: int = 96) -> bytes:
    """A PNG image of the draft with a sample. Raises CannotTypeset."""
    common = common_texts(sample, _agency_of(draft.issuer), longest_programmes())
    texts = common | own_texts(sample, longest_unit_names())[0]
    page = page_to_try(draft.source, draft.look, draft.issuer, texts, qr_text=QR_TO_TRY)
    return set_page(page, at=at, as_image=True, pixels_per_inch=pixels_per_inch)


def longest_unit_names() -> list[str]:
    """The longest names certificates carry: units with those they lie in, below the nation."""
    units = Unit.objects.filter(closed_on=None).exclude(parent=None)
    longest = list(units.order_by(Length("name").desc(), "pk")[:_UNITS_TRIED])
    paths = {path for unit in longest for path in unit.ancestor_paths[1:]}
    names = dict(Unit.objects.filter(path__in=paths).values_list("path", "name"))
    return [
        ", ".join(names[path] for path in reversed(unit.ancestor_paths[1:])) for unit in longest
    ]


def longest_programmes() -> list[tuple[str, str]]:
    """The longest names of programmes with their English, the longest first."""
    longest = Programme.objects.order_by(Length("name").desc(), "pk")[:1]
    return [(each.name, each.name_en) for each in longest]


def _agency_of(issuer: Unit | None) -> str:
    return issuer.name.upper() if issuer is not None else ""


def _images_are_there(draft: Draft) -> Check:
    title = _("Images of seal and signature")
    if draft.issuer is None or not (draft.look["shows_seal"] or draft.look["shows_signature"]):
        return Check(title, passed=True, sentence=_("The template shows none."))
    try:
        pictures_of(draft.issuer, draft.look, None)
    except ImageIsMissing as missing:
        return Check(title, passed=False, sentence=str(missing))
    return Check(title, passed=True, sentence=_("They are there."))


def _letters_of_the_source(draft: Draft) -> Check:
    title = _("Letters of the template itself")
    wording = "".join(value for value in draft.look.values() if isinstance(value, str))
    if missing := missing_glyphs((draft.source + wording).replace("\t", " ")):
        letters = ", ".join(f"“{each}”" for each in sorted(missing))
        return Check(title, passed=False, sentence=_("The typeface cannot print %s.") % letters)
    return Check(title, passed=True, sentence=_("The typeface prints them all."))


def _what_a_certificate_needs(sheet: Sheet, kind: str) -> Check:
    title = _("What a certificate must carry")
    needed = _NEEDED | ({"copy_number"} if kind == Kind.COPY else set())
    if unknown := sheet.fields - OWN_FIELDS:
        named = ", ".join(sorted(unknown))
        return Check(
            title,
            passed=False,
            sentence=_("These texts are the same for a whole decision and stand in no slot: %s.")
            % named,
        )
    if missing := needed - sheet.fields:
        named = ", ".join(sorted(label_of(name) for name in missing))
        return Check(title, passed=False, sentence=_("The page has no place for: %s.") % named)
    if "qr" not in sheet.boxes:
        return Check(title, passed=False, sentence=_("The page has no place for the QR code."))
    return Check(title, passed=True, sentence=_("Name, numbers and QR code have their places."))


def _texts_fit(title: str, sheet: Sheet, texts: list[dict[str, str]]) -> Check:
    compositor = Compositor(sheet)
    for each in texts:
        for trouble in compositor.troubles(each):
            return Check(title, passed=False, sentence=sentence_of(trouble))
    fits = ngettext(
        "%d certificate fits on the page.", "%d certificates fit on the page.", len(texts)
    )
    return Check(title, passed=True, sentence=fits % len(texts))
