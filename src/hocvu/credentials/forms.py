"""Shape of what registrars and verifiers type."""

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import TrainingClass
from hocvu.credentials.models import DecisionEntry
from hocvu.credentials.rules.decision_text import DecisionText
from hocvu.kernel.ids import as_typed
from hocvu.kernel.vietnamese import fold

MOST_BYTES = 20 * 1024 * 1024
_PDF_BEGINS = b"%PDF-"


class DecisionForm(forms.Form):
    number = forms.IntegerField(label=_("Decision number"), min_value=1)
    symbol = forms.CharField(
        label=_("Symbol"),
        max_length=40,
        help_text=_("What follows the number and the stroke, such as QĐ-HVCTQG."),
    )
    decided_on = forms.DateField(label=_("Date of the decision"))
    place = forms.CharField(label=_("Place"), max_length=60)
    capacity = forms.CharField(
        label=_("Signing capacity"),
        max_length=60,
        required=False,
        help_text=_("TM., KT., TL. or TUQ. where it applies."),
    )
    signer_title = forms.CharField(label=_("Title of the signer"), max_length=150)
    signer_name = forms.CharField(
        label=_("Name of the signer"),
        max_length=150,
        help_text=_("Without academic titles or degrees."),
    )
    shown = forms.CharField(widget=forms.HiddenInput)

    def text(self) -> DecisionText:
        values = {key: value for key, value in self.cleaned_data.items() if key != "shown"}
        return DecisionText(**values)


class ClassFilters(forms.Form):
    q = forms.CharField(label=_("Class"), required=False)

    def narrow(self, classes: QuerySet[TrainingClass]) -> QuerySet[TrainingClass]:
        """The classes whose code or name holds what was typed."""
        wanted = self.cleaned_data["q"] if self.is_valid() else ""
        return classes.filter(Q(code__icontains=wanted) | Q(name__icontains=wanted))


class EntryFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)

    def narrow(self, entries: QuerySet[DecisionEntry]) -> QuerySet[DecisionEntry]:
        """The lines whose person's name holds what was typed, marks or no marks."""
        wanted = fold(self.cleaned_data["q"]) if self.is_valid() else ""
        return entries.filter(person__search_key__contains=wanted)


class CandidateFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    earned = forms.ChoiceField(
        label=_("Recognition"),
        required=False,
        choices=[("", _("all")), ("yes", _("earned")), ("no", _("not earned"))],
    )


class RegisterFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    serial = forms.CharField(label=_("Serial number"), required=False)


class RevocationForm(forms.Form):
    reason = forms.CharField(
        label=_("Decision and cause"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Number and date of the revocation decision, and which cause of the rules applies."
        ),
    )


class VerificationForm(forms.Form):
    """A code typed, or a file dropped."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=200,
        required=False,
        help_text=_("16 letters and digits, printed beside the QR code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    file = forms.FileField(
        label=_("Or the certificate's PDF file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("code") and not cleaned.get("file"):
            raise forms.ValidationError(_("Type the code, or choose the PDF file."))
        if (file := cleaned.get("file")) and file.size > MOST_BYTES:
            self.add_error(
                "file", _("The file is larger than 20 MB: it is not one of our certificates.")
            )
        elif file and file.read(len(_PDF_BEGINS)) != _PDF_BEGINS:
            self.add_error("file", _("This is not a PDF file. Choose the file you were given."))
        elif file:
            file.seek(0)
        return cleaned

    def clean_code(self) -> str:
        """The letters and digits of a code, or of the address a QR code holds, in upper case."""
        typed: str = self.cleaned_data["code"]
        return re.sub(r"[^0-9A-Z]", "", as_typed(typed.rsplit("/v/", maxsplit=1)[-1]))
