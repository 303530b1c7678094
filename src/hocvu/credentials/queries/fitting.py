"""Whether certificates can be printed: set on the sheet in force before anything is approved.

What a decision says about its holders cannot be corrected quietly afterwards, so every line is
tried first, by the rule that prints it (`hocvu.typesetting.composing`).
"""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hocvu.credentials.queries.numbers import last_register_number
from hocvu.credentials.queries.printing import Common, Numbered, ToPrint
from hocvu.credentials.queries.texts import common_texts, own_texts
from hocvu.kernel.time import day_of
from hocvu.recognition.rules.holders import Holder
from hocvu.stationery.queries.number_formats import formats_in_force
from hocvu.stationery.queries.pages import sheet_of, troubles_in
from hocvu.stationery.queries.templates import images_in_use, template_in_force
from hocvu.stationery.queries.words import label_of, sentence_of
from hocvu.typesetting import Sheet, missing_glyphs
from hocvu.units.models import Unit

CODE_TO_TRY = "0" * 16
_EDITION_TO_TRY = 2  # a corrected one has to fit as well
_MOST_SHEETS = 8
_PRINTED = {
    "full_name": "holder_name",
    "birth_place": "birth_place",
    "post_title": "post",
    "unit_name": "unit",
}  # what is printed of a holder as it was written, and what that is called

_sheets: OrderedDict[tuple[object, ...], Sheet] = OrderedDict()


@dataclass(frozen=True)
class LineTrouble:
    """Why the certificate of one line cannot be printed; the sentence names the text and field."""

    position: int  # from 1
    full_name: str
    sentence: str


def troubles_of(
    common: Common, holders: Sequence[Holder], issuer: Unit, *, at: datetime
) -> list[LineTrouble]:
    """What cannot be printed of a list, in its order, one trouble a line. Empty: all of it can.

    Raises CannotTypeset where what all certificates say does not fit, NotPossible where no template
    is in use or an image it shows is missing.
    """
    sheet = _sheet_for(common, issuer, at=at)
    found: dict[int, str] = {}
    for position, holder in enumerate(holders, start=1):
        if (sentence := _odd_letters(holder)) is not None:
            found[position] = sentence
    numbers = numbers_to_try(common, issuer, len(holders))
    texts = (
        (position, own_texts(ToPrint(common, holder, numbers), at=at))
        for position, holder in enumerate(holders, start=1)
    )
    for trouble in troubles_in(sheet, texts):
        found.setdefault(trouble.key, sentence_of(trouble.why))
    return [
        LineTrouble(position, holders[position - 1].full_name, found[position])
        for position in sorted(found)
    ]


def numbers_to_try(common: Common, issuer: Unit, count: int) -> Numbered:
    """Numbers as long as the longest that so many certificates would be given."""
    formats = formats_in_force(issuer, common.text.decided_on)
    year = common.text.decided_on.year
    digits = len(str(last_register_number(issuer, year) + count))
    longest = 10**digits - 1
    return Numbered(
        formats.serial_number(issuer.code, year, longest, _EDITION_TO_TRY),
        formats.register_entry_number(issuer.code, year, longest),
        CODE_TO_TRY,
    )


def _sheet_for(common: Common, issuer: Unit, *, at: datetime) -> Sheet:
    """The sheet such certificates would be printed on now; set once for the same words."""
    version = template_in_force(issuer, common.kind, day_of(at))
    texts = common_texts(common, signed_by=issuer.name)
    images = tuple(images_in_use(issuer).order_by("pk").values_list("sha256", flat=True))
    look = json.dumps(version.look, sort_keys=True)
    name = (version.source, look, images, *sorted(texts.items()))
    if name not in _sheets:
        _sheets[name] = sheet_of(version, issuer, texts, at=at)
        while len(_sheets) > _MOST_SHEETS:
            _sheets.popitem(last=False)
    return _sheets[name]


def _odd_letters(holder: Holder) -> str | None:
    """Letters the typeface lacks: the annexed list and the register print more than the sheet."""
    for name, field in _PRINTED.items():
        if missing := missing_glyphs(getattr(holder, name)):
            return _("%(field)s holds letters that cannot be printed: %(letters)s.") % {
                "field": label_of(field),
                "letters": " ".join(sorted(missing)),
            }
    return None
