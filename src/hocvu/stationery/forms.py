"""Shape of what registrars type about templates, images and blanks."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.kernel.vietnamese import nfc
from hocvu.stationery.models import (
    BlankBook,
    BlankEntry,
    BlankState,
    CertificateTemplate,
    ImageKind,
    IssuerImage,
    Kind,
    TemplateVersion,
)
from hocvu.stationery.queries.words import FLAW_SENTENCES, LOOK_LABELS, SAMPLE_LABELS
from hocvu.stationery.rules.look import PARAMETERS, Shape, flaws_of
from hocvu.stationery.rules.numbering import NumberFormats
from hocvu.stationery.rules.samples import Sample
from hocvu.typesetting.apart import MOST_SOURCE
from hocvu.ui.periods import DayInput
from hocvu.units.models import Unit

_MOST_LINES = 24
MOST_SHEETS = 200
_LONGEST_SERIAL = 40  # as it is kept beside its blank

if TYPE_CHECKING:  # Django's own class takes no parameter
    _VersionChoice = forms.ModelChoiceField[TemplateVersion]
else:
    _VersionChoice = forms.ModelChoiceField


class IssuerField(forms.CharField):
    """A unit by its code or its full name, out of those the person may act for."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("label", _("Issuing unit"))
        named.setdefault("help_text", _("Its code or its full name."))
        super().__init__(max_length=250, **named)
        self.units: QuerySet[Unit] = Unit.objects.none()

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = list(self.units.filter(Q(code=typed) | Q(name__iexact=typed))[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("No unit you may issue for has this code or name. Check it, or type the code.")
            )
        return found[0]


class IssuerForm(forms.Form):
    """A form that begins with the issuing unit; the first of them is filled in."""

    issuer = IssuerField()

    def __init__(self, *arguments: Any, issuers: QuerySet[Unit], **named: Any) -> None:
        self.first_issuer = issuers.first()
        if self.first_issuer:
            named["initial"] = {"issuer": self.first_issuer.name} | (named.get("initial") or {})
        super().__init__(*arguments, **named)
        self.fields["issuer"].units = issuers  # type: ignore[attr-defined]


class TemplateFilters(forms.Form):
    q = forms.CharField(label=_("Template or unit"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *Kind.choices]
    )

    def narrow(self, templates: QuerySet[CertificateTemplate]) -> QuerySet[CertificateTemplate]:
        if not self.is_valid():
            return templates
        wanted, kind = self.cleaned_data["q"], self.cleaned_data["kind"]
        found = templates.filter(
            Q(name__icontains=wanted)
            | Q(name_en__icontains=wanted)
            | Q(issuer__name__icontains=wanted)
        )
        return found.filter(kind=kind) if kind else found


class _VersionField(_VersionChoice):
    def label_from_instance(self, obj: Any) -> str:
        issuer = obj.template.issuer
        owner = issuer.name if issuer else _("came with the system")
        return f"{obj.template.name}, {obj.number} · {owner}"


class StartTemplateForm(IssuerForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    name = forms.CharField(
        label=_("Name of the template"),
        max_length=150,
        help_text=_("For yourselves; it is printed nowhere."),
    )
    based_on = _VersionField(
        label=_("Begin from"),
        queryset=TemplateVersion.objects.none(),
        empty_label=None,
        help_text=_("Everything can be changed afterwards."),
    )

    def __init__(self, *arguments: Any, versions: QuerySet[TemplateVersion], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["based_on"].queryset = versions  # type: ignore[attr-defined]
        if not self.initial.get("based_on"):  # what is begun most often, from one of its own kind
            kind = self.initial.get("kind") or Kind.CERTIFICATE
            self.initial["based_on"] = versions.filter(template__kind=kind).first()

    def clean(self) -> dict[str, Any]:
        """A copy prints other texts than an original: neither is begun from the other."""
        chosen = self.cleaned_data
        if "kind" in chosen and "based_on" in chosen:
            kinds = {chosen["kind"], chosen["based_on"].template.kind}
            if len(kinds) > 1 and Kind.COPY in kinds:
                self.add_error("based_on", _("Choose a template of the same kind of document."))
        return chosen


def _look_field(shape: Shape, label: Any, *, may_be_empty: bool) -> forms.Field:
    if shape is Shape.SWITCH:
        return forms.BooleanField(label=label, required=False)
    if shape is Shape.COLOUR:
        return forms.CharField(label=label, widget=forms.TextInput(attrs={"type": "color"}))
    return forms.CharField(label=label, required=not may_be_empty)


class DesignForm(forms.Form):
    """The parameters of a draft and its source; `seen_at` says which draft was on the screen."""

    source = forms.CharField(
        label=_("Source of the page"),
        max_length=MOST_SOURCE,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": _MOST_LINES, "spellcheck": "false", "class": "source"}
        ),
        help_text=_("In the language of typst. It can read no file and no package."),
    )
    sample = forms.ChoiceField(
        label=_("Show with"),
        required=False,
        choices=[(each.value, SAMPLE_LABELS[each]) for each in Sample],
    )
    seen_at = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        parameters = {
            each.key: _look_field(each.shape, LOOK_LABELS[each.key], may_be_empty=each.may_be_empty)
            for each in PARAMETERS
        }
        self.fields = parameters | self.fields

    @property
    def parameters(self) -> list[forms.BoundField]:
        return [self[each.key] for each in PARAMETERS]

    @property
    def look(self) -> dict[str, Any]:
        return {each.key: self.cleaned_data.get(each.key, each.default) for each in PARAMETERS}

    @property
    def chosen_sample(self) -> Sample:
        return Sample(self.cleaned_data.get("sample") or Sample.USUAL)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        complete = {each.key: cleaned.get(each.key, each.default) for each in PARAMETERS}
        for key, flaw in flaws_of(complete).items():
            if key not in self.errors:
                self.add_error(key, str(FLAW_SENTENCES[flaw]))
        return cleaned


class PutInUseForm(forms.Form):
    effective_from = forms.DateField(
        label=_("In use from"),
        widget=DayInput,
        help_text=_("Today or later. Certificates decided before stay as they are."),
    )
    seen_at = forms.DateTimeField(widget=forms.HiddenInput)


class RetireForm(forms.Form):
    retired_on = forms.DateField(label=_("No longer in use from"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ImageFilters(forms.Form):
    q = forms.CharField(label=_("Unit or signer"), required=False)

    def narrow(self, images: QuerySet[IssuerImage]) -> QuerySet[IssuerImage]:
        wanted = self.cleaned_data["q"] if self.is_valid() else ""
        return images.filter(Q(issuer__name__icontains=wanted) | Q(signer_name__icontains=wanted))


class ImageForm(IssuerForm):
    kind = forms.ChoiceField(label=_("What it shows"), choices=ImageKind.choices)
    signer_name = forms.CharField(
        label=_("Name of the signer"),
        max_length=150,
        required=False,
        help_text=_("For a signature: exactly as decisions print the name."),
    )
    width_mm = forms.DecimalField(
        label=_("Width on paper, in millimetres"),
        min_value=20,
        max_value=60,
        decimal_places=1,
        initial=36,
        help_text=_("A seal in its real size, usually 36 mm; a signature about 40 mm."),
    )
    file = forms.FileField(
        label=_("PNG file with a transparent background"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,.png"}),
        help_text=_("The seal in red, the signature in blue (Decree 30/2020, annex I)."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_signature = cleaned.get("kind") == ImageKind.SIGNATURE
        if is_signature and not cleaned.get("signer_name"):
            self.add_error("signer_name", _("Whose signature is it? Please write the name."))
        if not is_signature:
            cleaned["signer_name"] = ""
        return cleaned


class BookFilters(forms.Form):
    q = forms.CharField(label=_("Unit, series or document"), required=False)

    def narrow(self, books: QuerySet[BlankBook]) -> QuerySet[BlankBook]:
        wanted = self.cleaned_data["q"] if self.is_valid() else ""
        return books.filter(
            Q(issuer__name__icontains=wanted)
            | Q(series__iexact=wanted)
            | Q(document_number__icontains=wanted)
        )


class BlankFilters(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *BlankState.choices]
    )
    serial = forms.CharField(label=_("Serial number of the certificate"), required=False)


class EntryFilters(forms.Form):
    since = forms.DateField(label=_("From day"), required=False, widget=DayInput)
    until = forms.DateField(label=_("To day"), required=False, widget=DayInput)
    after = forms.ChoiceField(
        label=_("What became of it"), required=False, choices=[("", _("all")), *BlankState.choices]
    )

    def narrow(self, entries: QuerySet[BlankEntry]) -> QuerySet[BlankEntry]:
        if not self.is_valid():
            return entries
        chosen = self.cleaned_data
        if chosen["since"]:
            entries = entries.filter(at__date__gte=chosen["since"])
        if chosen["until"]:
            entries = entries.filter(at__date__lte=chosen["until"])
        return entries.filter(after=chosen["after"]) if chosen["after"] else entries


class ReceiveForm(IssuerForm):
    kind = forms.ChoiceField(label=_("Blanks for"), choices=Kind.choices)
    series = forms.CharField(
        label=_("Series"),
        max_length=20,
        required=False,
        help_text=_("The letters printed in front of the number."),
    )
    first_number = forms.CharField(
        label=_("First number"),
        max_length=9,
        help_text=_("With its leading zeros, as it is printed: 000123."),
    )
    last_number = forms.CharField(label=_("Last number"), max_length=9)
    received_from = forms.CharField(label=_("Received from"), max_length=200)
    document_number = forms.CharField(label=_("Number of the delivery note"), max_length=80)
    received_on = forms.DateField(label=_("Received on"), widget=DayInput)

    def clean_first_number(self) -> str:
        return self._digits("first_number")

    def clean_last_number(self) -> str:
        return self._digits("last_number")

    def _digits(self, name: str) -> str:
        typed: str = self.cleaned_data[name].strip()
        if not (typed.isascii() and typed.isdigit()):
            raise forms.ValidationError(_("Digits only, please."))
        return typed


class SheetsForm(IssuerForm):
    """The certificates that are being printed on paper, by their serial numbers."""

    kind = forms.ChoiceField(label=_("Blanks for"), choices=Kind.choices)
    serial_numbers = forms.CharField(
        label=_("Serial numbers of the certificates"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One a line, at most 200, in the order of printing."),
    )

    def clean_serial_numbers(self) -> list[str]:
        lines = self.cleaned_data["serial_numbers"].splitlines()
        serials = list(dict.fromkeys(nfc(line.strip()).upper() for line in lines if line.strip()))
        if len(serials) > MOST_SHEETS:
            raise forms.ValidationError(_("At most 200 certificates at a time, please."))
        if any(len(serial) > _LONGEST_SERIAL for serial in serials):
            raise forms.ValidationError(_("A serial number has at most 40 characters."))
        return serials


class SpoilForm(forms.Form):
    act = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            ("spoil", _("It was misprinted or damaged")),
            ("lose", _("It is missing")),
            ("take_back", _("The last entry was wrong: the sheet is there and empty")),
        ],
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    minutes_number = forms.CharField(
        label=_("Number of the minutes"),
        max_length=80,
        required=False,
        help_text=_("When a blank is missing."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("act") == "lose" and not cleaned.get("minutes_number"):
            self.add_error(
                "minutes_number", _("A missing blank needs its minutes. Please give their number.")
            )
        return cleaned


class DestroyForm(forms.Form):
    minutes_number = forms.CharField(label=_("Number of the minutes"), max_length=80)
    reason = forms.CharField(label=_("How they were destroyed, and who was there"), max_length=300)


class NumberFormatForm(IssuerForm):
    """How an issuer writes its numbers from a day on."""

    valid_from = forms.DateField(
        label=_("For decisions from"),
        widget=DayInput,
        help_text=_("A day to come, such as the first of a year."),
    )
    serial = forms.CharField(label=_("Serial number"), max_length=80)
    register_entry = forms.CharField(label=_("Number in the root register"), max_length=80)
    register_copy = forms.CharField(label=_("Number in the register of copies"), max_length=80)

    def formats(self) -> NumberFormats:
        names = (each.name for each in fields(NumberFormats))
        return NumberFormats(**{name: self.cleaned_data[name].strip() for name in names})
