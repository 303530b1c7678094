"""Deciding about late answers, narrowing their list, and typing a receipt in public."""

from django import forms
from django.utils.translation import gettext_lazy as _

_LONGEST_REASON = 300
COUNT, DO_NOT_COUNT = "yes", "no"


class LateFilters(forms.Form):
    """Which attempts with late answers to show."""

    state = forms.ChoiceField(
        label=_("Decision"),
        required=False,
        choices=[("", _("Waiting")), ("decided", _("Decided"))],
    )

    @property
    def asks_for_decided(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["state"])


class LateDecisionForm(forms.Form):
    """Whether the late answers of an attempt count, and why."""

    counts = forms.ChoiceField(
        label=_("Do these answers count?"),
        choices=[
            (COUNT, _("They count: the attempt is marked again")),
            (DO_NOT_COUNT, _("They do not count: the result stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=_LONGEST_REASON,
        help_text=_("The learner reads it, and it stands in the log."),
        widget=forms.Textarea({"rows": 3}),
    )
    waiting = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def shows(self, waiting: int) -> None:
        """How many wait on the page this form stands on, whatever was sent before."""
        self.initial["waiting"] = waiting
        self.data = (
            {**dict(self.data.items()), "waiting": str(waiting)} if self.is_bound else self.data
        )


class FinalReceiptForm(forms.Form):
    """A final receipt, typed by anybody."""

    receipt = forms.CharField(
        label=_("Final receipt"),
        max_length=40,
        help_text=_("16 letters and digits, as the result page shows them."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
