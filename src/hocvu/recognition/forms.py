"""Shape of what registrars and those who approve type."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import TrainingClass
from hocvu.kernel.vietnamese import fold
from hocvu.recognition.models import CertificateKind, DecisionEntry, ResultLine
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.ui.periods import DayInput


class SignerForm(forms.Form):
    """Where something is signed, and by whom."""

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


class DecisionForm(SignerForm):
    field_order = ("kind", "number", "symbol", "decided_on")

    kind = forms.ChoiceField(label=_("What is issued"), choices=CertificateKind.choices)
    number = forms.IntegerField(label=_("Decision number"), min_value=1)
    symbol = forms.CharField(
        label=_("Symbol"),
        max_length=40,
        help_text=_("What follows the number and the stroke, such as QĐ-HVCTQG."),
    )
    decided_on = forms.DateField(label=_("Date of the decision"), widget=DayInput)
    shown = forms.CharField(widget=forms.HiddenInput)

    def text(self) -> DecisionText:
        beside = {"kind", "shown"}
        return DecisionText(**{k: v for k, v in self.cleaned_data.items() if k not in beside})


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


class LineFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)

    def narrow(self, lines: QuerySet[ResultLine]) -> QuerySet[ResultLine]:
        """The same for the lines of approved results."""
        wanted = fold(self.cleaned_data["q"]) if self.is_valid() else ""
        return lines.filter(enrolment__person__search_key__contains=wanted)


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("What has to be changed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CandidateFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    earned = forms.ChoiceField(
        label=_("Recognition"),
        required=False,
        choices=[("", _("all")), ("yes", _("earned")), ("no", _("not earned"))],
    )
