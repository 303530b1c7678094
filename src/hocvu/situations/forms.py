"""Shapes of input."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvu.situations.models import Case, Debrief, Mode
from hocvu.situations.queries.catalogue import newest
from hocvu.situations.queries.marking import MarkingPage
from hocvu.ui.languages import in_language
from hocvu.ui.periods import PeriodForm

_LONGEST_ID = 60
_LONGEST_TEXT = 10_000
_LONGEST_REMARK = 2_000


class DecisionForm(forms.Form):
    """One decision as a device delivers it; whether it is offered is for a rule to say."""

    node = forms.CharField(max_length=_LONGEST_ID)
    decision = forms.CharField(
        max_length=_LONGEST_ID, error_messages={"required": _("Please choose one option.")}
    )
    client_id = forms.UUIDField()


class DispositionForm(forms.Form):
    """A text to save, and perhaps to hand in."""

    node = forms.CharField(max_length=_LONGEST_ID)
    text = forms.CharField(max_length=_LONGEST_TEXT, required=False, strip=False)
    client_id = forms.UUIDField()


if TYPE_CHECKING:
    CaseField = forms.ModelChoiceField[Case]
else:
    CaseField = forms.ModelChoiceField


class CaseChoice(CaseField):
    def label_from_instance(self, obj: Case) -> str:
        return in_language(obj.title, obj.title_en)


class OpenExerciseForm(PeriodForm):
    """Which case, who answers it, from when until when."""

    field_order = ("case", "mode", "debrief", "opens_at", "closes_at")
    at_the_end = _("Runs that are not finished by then end where they stand.")

    case = CaseChoice(Case.objects.none(), label=_("Case"), empty_label=None)
    mode = forms.ChoiceField(label=_("Who answers"), choices=Mode.choices, widget=forms.RadioSelect)
    debrief = forms.ChoiceField(
        label=_("When the debrief may be read"),
        choices=Debrief.choices,
        widget=forms.RadioSelect,
        help_text=_("The debrief gives the key away."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cases = self.fields["case"]
        assert isinstance(cases, forms.ModelChoiceField)  # noqa: S101 — declared above
        cases.queryset = newest(Case.objects.all()).order_by("title")


class ExerciseFilters(forms.Form):
    q = forms.CharField(label=_("Class"), required=False)


class ResultFilters(forms.Form):
    search = forms.CharField(label=_("Name"), required=False)


class MarkForm(forms.Form):
    """Points for every criterion of a rubric, and a remark for the author."""

    remark = forms.CharField(
        label=_("Remark for the author"),
        required=False,
        max_length=_LONGEST_REMARK,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, page: MarkingPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in page.rubric.criteria:
            self.fields[f"points-{criterion.id}"] = forms.DecimalField(
                label=criterion.text,
                min_value=0,
                max_value=criterion.points,
                max_digits=5,
                decimal_places=2,
                localize=False,
                widget=forms.NumberInput({"step": "0.25", "inputmode": "decimal"}),
                help_text=_("From 0 to %(most)s points, in quarters.")
                % {"most": f"{criterion.points:f}"},
            )
        self.order_fields([*(name for name in self.fields if name != "remark"), "remark"])

    @property
    def points(self) -> dict[str, Fraction]:
        return {
            name.removeprefix("points-"): Fraction(given)
            for name, given in self.cleaned_data.items()
            if name.startswith("points-")
        }
