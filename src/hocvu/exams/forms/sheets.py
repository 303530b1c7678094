"""A workbook of answer sheets as it is uploaded."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SheetFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("The workbook with the answers: .xlsx, .xls, .ods or .csv, 20 MB at most."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods,.csv"}),
    )
    reason = forms.CharField(
        label=_("Why was the test held on paper?"),
        max_length=300,
        help_text=_("For example: no network at the bridge point that morning."),
    )
