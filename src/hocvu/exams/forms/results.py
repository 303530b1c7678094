"""Narrowing results, and typing a receipt."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ResultFilters(forms.Form):
    """Which learners of a sitting to show."""

    search = forms.CharField(label=_("Name"), required=False)
    outcome = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[
            ("", _("All")),
            ("passed", _("Passed")),
            ("failed", _("Not passed")),
            ("under_way", _("Taking it now")),
            ("absent", _("Has not started")),
        ],
    )


class ReceiptForm(forms.Form):
    """A receipt somebody kept."""

    receipt = forms.CharField(label=_("Receipt you kept"), max_length=40)
