"""Shape of what verifiers type, drop and upload."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvu.kernel.errors import NotPossible
from hocvu.kernel.ids import as_typed

MOST_BYTES = 20 * 1024 * 1024
MOST_SHEET_BYTES = 5 * 1024 * 1024
ROOM_FOR_A_FORM = 64 * 1024  # bytes around a file
CODE_LENGTH = 16
_PDF_BEGINS = b"%PDF-"


class FileIsTooLarge(NotPossible):
    """Refused by its announced size, before a byte of it is read."""


class VerificationForm(forms.Form):
    """A code typed, or a file dropped."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=5_000,
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
        if not self.errors and not cleaned.get("code") and not cleaned.get("file"):
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
        """The letters and digits of a code, or of the address a QR code holds, in upper case.

        What is no code goes no further: it may be the number on somebody's identity card, and the
        next page would carry it in its address.
        """
        typed: str = self.cleaned_data["code"]
        named = typed.rsplit("/v/", maxsplit=1)[-1].partition("#")[0]
        code = re.sub(r"[^0-9A-Z]", "", as_typed(named))
        if typed and len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                _(
                    "This is not a verification code. A code has 16 letters and digits and stands "
                    "beside the QR code. What you typed is not kept."
                )
            )
        return code


class SheetForm(forms.Form):
    """A sheet of codes, or of serial numbers with names."""

    file = forms.FileField(
        label=_("Workbook (.xlsx) with one certificate in each row"),
        help_text=_(
            "A column of verification codes, or one of serial numbers and one of full names."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_SHEET_BYTES:
            raise forms.ValidationError(_("The workbook is larger than 5 MB. Please divide it."))
        return file


class AccessKeyForm(forms.Form):
    organisation = forms.CharField(label=_("Organisation"), max_length=200)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=300,
        help_text=_("Such as: checks the certificates of applicants."),
    )
