"""What typesetting refuses, in words; and what fields and flaws are called."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.stationery.rules.look import Flaw
from hocvu.stationery.rules.samples import Sample
from hocvu.typesetting import (
    CannotTypeset,
    PageDoesNotFit,
    TemplateIsFaulty,
    TemplateIsTooCostly,
    TextIsMissing,
    TextIsTooLong,
    TypesettingIsBusy,
    UnprintableText,
)

FIELD_LABELS: Final[dict[str, str | Promise]] = {
    "parent_agency": gettext_lazy("Parent agency"),
    "agency": gettext_lazy("Issuing agency"),
    "agency_english": gettext_lazy("Issuing agency, in English"),
    "programme": gettext_lazy("Programme"),
    "programme_english": gettext_lazy("Programme, in English"),
    "period": gettext_lazy("From when to when"),
    "period_english": gettext_lazy("From when to when, in English"),
    "mode": gettext_lazy("Form of training"),
    "mode_english": gettext_lazy("Form of training, in English"),
    "duration": gettext_lazy("Number of periods"),
    "duration_english": gettext_lazy("Number of periods, in English"),
    "decision": gettext_lazy("Recognition decision"),
    "decision_english": gettext_lazy("Recognition decision, in English"),
    "place_and_day": gettext_lazy("Place and day of issue"),
    "place_and_day_english": gettext_lazy("Place and day of issue, in English"),
    "capacity": gettext_lazy("Signing capacity"),
    "signer_title": gettext_lazy("Title of the signer"),
    "signer_name": gettext_lazy("Name of the signer"),
    "signed_by": gettext_lazy("Name in the signing certificate"),
    "verification_place": gettext_lazy("Address where the code is checked"),
    "notice": gettext_lazy("Notice at the foot"),
    "address": gettext_lazy("How the holder is addressed"),
    "address_english": gettext_lazy("How the holder is addressed, in English"),
    "holder_name": gettext_lazy("Name of the holder"),
    "born": gettext_lazy("Date of birth"),
    "born_english": gettext_lazy("Date of birth, in English"),
    "birth_day": gettext_lazy("Date of birth alone"),
    "birth_place": gettext_lazy("Place of birth"),
    "born_where": gettext_lazy("Date and place of birth"),
    "born_bilingual": gettext_lazy("Date and place of birth, Vietnamese and English"),
    "post_and_unit": gettext_lazy("Post and unit"),
    "post": gettext_lazy("Post"),
    "unit": gettext_lazy("Unit"),
    "result": gettext_lazy("Result"),
    "result_english": gettext_lazy("Result, in English"),
    "serial_number": gettext_lazy("Serial number"),
    "register_entry_number": gettext_lazy("Number in the root register"),
    "verification_code": gettext_lazy("Verification code"),
    "signed_at": gettext_lazy("Moment of signing"),
    "copy_number": gettext_lazy("Number in the register of copies"),
    "copy_place_and_day": gettext_lazy("Place and day of the copy"),
    "copy_capacity": gettext_lazy("Signing capacity on the copy"),
    "copy_signer_title": gettext_lazy("Title of the signer of the copy"),
    "copy_signer_name": gettext_lazy("Name of the signer of the copy"),
    "remarks": gettext_lazy("Annotations of the root register"),
    "copied_document": gettext_lazy("Title of the document that is copied"),
}
LOOK_LABELS: Final[dict[str, str | Promise]] = {
    "title": gettext_lazy("Title of the document"),
    "title_english": gettext_lazy("Title of the document, in English"),
    "statement": gettext_lazy("What is certified"),
    "statement_english": gettext_lazy("What is certified, in English"),
    "bilingual": gettext_lazy("Vietnamese and English"),
    "accent": gettext_lazy("Colour of title and lines"),
    "frame": gettext_lazy("Ornamental frame"),
    "on_blanks": gettext_lazy("For printing on blanks that carry frame, headings and title"),
    "shows_seal": gettext_lazy("Show the image of the seal"),
    "shows_signature": gettext_lazy("Show the image of the signature"),
}
FLAW_SENTENCES: Final[dict[Flaw, str | Promise]] = {
    Flaw.EMPTY: gettext_lazy("Please fill this in."),
    Flaw.TOO_LONG: gettext_lazy("This is too long: at most 200 letters."),
    Flaw.NO_COLOUR: gettext_lazy("A colour is written as # and six digits, such as #21408E."),
    Flaw.TOO_PALE: gettext_lazy(
        "This colour is too pale to be read on paper. Choose a darker one."
    ),
}
SAMPLE_LABELS: Final[dict[Sample, str | Promise]] = {
    Sample.USUAL: gettext_lazy("Usual texts"),
    Sample.LONGEST: gettext_lazy("The longest names of units, programmes and people"),
    Sample.LETTERS: gettext_lazy("The rarest letters"),
    Sample.BAREST: gettext_lazy("Only what is always known"),
}
_OTHERS: Final[dict[type[CannotTypeset], str | Promise]] = {
    PageDoesNotFit: gettext_lazy("The texts do not fit on one sheet of paper."),
    TypesettingIsBusy: gettext_lazy(
        "Many pages are being set at this moment. Please try again in a minute."
    ),
    TemplateIsTooCostly: gettext_lazy(
        "Setting this page takes more time or memory than any page needs."
    ),
}


def label_of(field: str) -> str:
    """What a field is called; a slot of another name goes by that."""
    return str(FIELD_LABELS.get(field, field))


def sentence_of(trouble: CannotTypeset) -> str:
    """Why a page could not be set, for the person who writes or uses its template."""
    if isinstance(trouble, TextIsTooLong):
        return _too_long(trouble)
    if isinstance(trouble, UnprintableText):
        letters = ", ".join(f"“{each}”" for each in sorted(trouble.characters))
        return _("The typeface cannot print %s.") % letters
    if isinstance(trouble, TextIsMissing):
        named = ", ".join(f"“{name}”" for name in sorted(trouble.fields))
        return _("No such text is given to a template in this place: %s.") % named
    if isinstance(trouble, TemplateIsFaulty) and trouble.line:
        return _("Line %(line)d of the source: %(what)s.") % {
            "line": trouble.line,
            "what": trouble.message,
        }
    for kind, sentence in _OTHERS.items():
        if isinstance(trouble, kind):
            return str(sentence)
    return _("The page cannot be set: %s") % trouble


def _too_long(trouble: TextIsTooLong) -> str:
    if not trouble.text:
        return _("A text is too long for its place: %s.") % label_of(trouble.slot)
    return _("“%(text)s” is too long for its place (%(field)s).") % {
        "text": trouble.text,
        "field": label_of(trouble.slot),
    }
