"""Shape of what registrars type."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hocvu.credentials.rules.causes import (
    LONGEST_EXPLANATION,
    Change,
    Ruling,
    causes_in_force,
)
from hocvu.credentials.rules.copies import CopyRequest
from hocvu.credentials.rules.office import InOffice
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import Sex
from hocvu.people.rules.ethnic_groups import ETHNIC_GROUPS
from hocvu.recognition.forms import SignerForm
from hocvu.recognition.models import CertificateKind
from hocvu.recognition.rules.holders import Holder, is_birth_text
from hocvu.ui.periods import DayInput
from hocvu.units.models import Unit


class RegisterFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    serial = forms.CharField(label=_("Serial number"), required=False)


class RulingForm(forms.Form):
    """The decision behind a revocation, with one of the causes of its day."""

    change = Change.REVOCATION

    decision_number = forms.CharField(
        label=_("Number and symbol of the decision"),
        max_length=60,
        help_text=_("Such as 09/QĐ-HVCTQG."),
    )
    decided_on = forms.DateField(label=_("Date of the decision"), widget=DayInput)
    cause = forms.ChoiceField(label=_("Cause"), widget=forms.RadioSelect)
    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=LONGEST_EXPLANATION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Seen by the holder and by registrars; the public page names the cause only."),
    )

    def __init__(self, *args: Any, on: date, **named: Any) -> None:
        super().__init__(*args, **named)
        causes = causes_in_force(self.change, on).values()
        english = get_language() == "en"
        field = cast("forms.ChoiceField", self.fields["cause"])
        field.choices = [
            (each.code, f"{each.letter}) {each.name_en if english else each.name}")
            for each in causes
        ]

    def ruling(self) -> Ruling:
        typed = self.cleaned_data
        return Ruling(
            nfc(typed["decision_number"]),
            typed["decided_on"],
            typed["cause"],
            nfc(typed["explanation"]),
        )


class CorrectionForm(RulingForm):
    """What a certificate says from now on, and the decision that says so."""

    change = Change.CORRECTION
    field_order = (
        *("full_name", "birth_text", "sex", "birth_place", "ethnic_group", "nationality"),
        *("post_title", "unit_name", "decision_number", "decided_on", "cause", "explanation"),
        "signer",
    )

    full_name = forms.CharField(label=_("Full name"), max_length=150)
    birth_text = forms.CharField(
        label=_("Date of birth"),
        max_length=10,
        required=False,
        help_text=_("05/02/1970, 02/1970 or 1970, as far as it is known."),
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("", _("not known")), *Sex.choices], required=False
    )
    birth_place = forms.CharField(label=_("Place of birth"), max_length=200, required=False)
    ethnic_group = forms.ChoiceField(label=_("Ethnic group"), required=False)
    nationality = forms.CharField(label=_("Nationality"), max_length=60, required=False)
    post_title = forms.CharField(label=_("Post"), max_length=200, required=False)
    unit_name = forms.CharField(label=_("Unit"), max_length=500)
    signer = forms.ChoiceField(
        label=_("Who signs the new edition"),
        required=False,
        help_text=_("Those in office today whose certificate is named here."),
    )

    def __init__(self, *args: Any, signers: Sequence[InOffice] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        if not signers:  # the organisation signs alone
            del self.fields["signer"]
        else:
            field = cast("forms.ChoiceField", self.fields["signer"])
            field.choices = [(each.name, f"{each.name}, {each.title}") for each in signers]
        groups = [(group.name, group.name) for group in ETHNIC_GROUPS.values()]
        field = cast("forms.ChoiceField", self.fields["ethnic_group"])
        field.choices = [("", _("not known")), *groups]

    def clean_birth_text(self) -> str:
        typed = nfc(self.cleaned_data["birth_text"])
        if typed and not is_birth_text(typed):
            raise forms.ValidationError(_("Write the date as 05/02/1970, 02/1970 or 1970."))
        return typed

    @property
    def signer_name(self) -> str:
        """Who is to sign; "" where nobody was to be chosen."""
        return str(self.cleaned_data.get("signer", ""))

    def says(self) -> Holder:
        names = Holder.__dataclass_fields__
        return Holder(**{name: nfc(self.cleaned_data[name]) for name in names})


class CopyForm(SignerForm):
    """Who asked for a copy from the register, and who signs it."""

    field_order = ("client_id", "recipient", "purpose")

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    recipient = forms.CharField(label=_("Who asked for the copy"), max_length=150)
    purpose = forms.CharField(label=_("Purpose"), max_length=200, required=False)

    def asked(self) -> CopyRequest:
        typed = {
            name: nfc(value) for name, value in self.cleaned_data.items() if name != "client_id"
        }
        return CopyRequest(**typed)


class GiveUpForm(forms.Form):
    """Why a copy that nobody has signed is given up."""

    reason = forms.CharField(
        label=_("Why the copy is given up"),
        max_length=300,
        help_text=_("The book of copies keeps its number with this reason."),
    )


class KeepForm(forms.Form):
    explanation = forms.CharField(
        label=_("Why it stays in force"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReinstatementForm(forms.Form):
    decision_number = forms.CharField(label=_("Number and symbol of the decision"), max_length=60)
    reason = forms.CharField(
        label=_("Why the revocation was wrong"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChangeFilters(forms.Form):
    serial = forms.CharField(label=_("Serial number"), required=False)


class ReceivedFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    decision = forms.IntegerField(label=_("Decision number"), required=False, min_value=1)


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Any number of files under one name."""

    widget = _SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(_FilesField, self).clean(each, initial) for each in data or [None]]


class SignedFilesForm(forms.Form):
    """Signed files, one by one or in a zip archive."""

    signed = _FilesField(
        label=_("Signed files"),
        help_text=_("PDF files, or one zip archive of them: at most 100 at a time."),
        widget=_SeveralFiles(attrs={"accept": ".pdf,.zip,application/pdf,application/zip"}),
    )


class NewFilesForm(forms.Form):
    """Whose files are to be made anew, and why."""

    issuer = forms.ModelChoiceField(label=_("Issued by"), queryset=Unit.objects.none())
    kind = forms.ChoiceField(label=_("What is issued"), choices=CertificateKind.choices)
    reason = forms.CharField(
        label=_("Why the files are made anew"),
        max_length=300,
        help_text=_(
            "Such as: the seal has a new image. Everybody who opens the register reads it."
        ),
    )

    def __init__(self, *args: Any, issuers: QuerySet[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        cast("forms.ModelChoiceField[Unit]", self.fields["issuer"]).queryset = issuers
