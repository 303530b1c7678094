"""Shape of what holders and registrars type."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvu.credentials.models import Certificate
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import Person
from hocvu.ui.periods import DayInput
from hocvu.wallet.models import Subject
from hocvu.wallet.queries.holdings import certificates_held_by
from hocvu.wallet.rules.requests import Wish
from hocvu.wallet.rules.shares import Period, Terms, end_of, is_possible_end

_PERIODS = (
    (Period.DAY.value, _("one day")),
    (Period.WEEK.value, _("7 days")),
    (Period.MONTH.value, _("30 days")),
    (Period.UNTIL.value, _("until a day that I choose")),
)
_SHOWN = (("facts", _("what stands on it")), ("file", _("what stands on it, and the signed file")))


class HeldCertificates(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Ticks beside the certificates of a holder."""

    def label_from_instance(self, obj: Certificate) -> str:
        return f"{obj.entry.decision.programme_name}, {obj.serial_number}"


class ShareForm(forms.Form):
    """Which certificates, for whom, how long."""

    certificates = HeldCertificates(
        label=_("Certificates to show"),
        queryset=Certificate.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    purpose = forms.CharField(
        label=_("What the link is for"),
        max_length=200,
        help_text=_("Only you see this, so that you know later whom you gave it to."),
    )
    period = forms.ChoiceField(
        label=_("How long it works"),
        choices=_PERIODS,
        widget=forms.RadioSelect,
        initial=Period.WEEK.value,
    )
    until = forms.DateField(
        label=_("Last day of the link"),
        required=False,
        widget=DayInput,
        help_text=_("Only for a day that you choose yourself; a year from today at most."),
    )
    shown = forms.ChoiceField(
        label=_("What is shown"), choices=_SHOWN, widget=forms.RadioSelect, initial="facts"
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, holder: Person, at: datetime, **named: Any) -> None:
        super().__init__(*args, **named)
        self._at = at
        field = cast("HeldCertificates", self.fields["certificates"])
        field.queryset = certificates_held_by(holder).filter(is_revoked=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("period") != Period.UNTIL.value or "until" not in typed:
            return typed
        until = typed["until"]
        if until is None:
            self.add_error("until", _("Write the last day, for example 31/12/2026."))
        elif not is_possible_end(until, self._at):
            self.add_error("until", _("Choose a day between today and a year from today."))
        return typed

    def terms(self) -> Terms:
        typed = self.cleaned_data
        return Terms(
            nfc(typed["purpose"]),
            end_of(Period(typed["period"]), typed["until"], self._at),
            with_file=typed["shown"] == "file",
        )


class RequestForm(forms.Form):
    """What is wrong on a certificate, and which paper shows it."""

    subject = forms.ChoiceField(
        label=_("What is wrong"), choices=Subject.choices, widget=forms.RadioSelect
    )
    should_say = forms.CharField(label=_("What it should say"), max_length=300)
    evidence = forms.CharField(
        label=_("Which paper shows it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Name the paper, its day and who issued it. "
            "The registrar tells you if the paper has to be seen."
        ),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def wish(self) -> Wish:
        typed = self.cleaned_data
        return Wish(typed["subject"], nfc(typed["should_say"]), nfc(typed["evidence"]))


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Why the certificate is not corrected"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The holder reads this."),
    )


class RequestFilters(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("open", _("waits for an answer")), ("settled", _("settled"))],
    )
