"""Giving points, and finding markers."""

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvu.marking.queries.pages import AnswerToMark

_LONGEST_REMARK = 2_000


class MarkForm(forms.Form):
    """Points for every line of a rubric, and a remark for whoever wrote the answer."""

    remarks = forms.CharField(
        label=_("Remark for the learner"),
        required=False,
        max_length=_LONGEST_REMARK,
        help_text=_("It is shown when everything is marked, without your name."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, answer: AnswerToMark, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in answer.criteria:
            self.fields[f"points-{criterion.id}"] = forms.DecimalField(
                label=criterion.text or _("The answer as a whole"),
                min_value=0,
                max_value=criterion.points,
                max_digits=6,
                decimal_places=2,
                localize=False,
                widget=forms.NumberInput({"step": "0.25", "inputmode": "decimal"}),
                help_text=_("From 0 to %(most)s points, in quarters.")
                % {"most": f"{criterion.points.normalize():f}"},
            )
        self.order_fields([*(name for name in self.fields if name != "remarks"), "remarks"])

    @property
    def points(self) -> dict[str, Fraction]:
        return {
            name.removeprefix("points-"): Fraction(given)
            for name, given in self.cleaned_data.items()
            if name.startswith("points-")
        }


class FindMarkerForm(forms.Form):
    """Part of a name."""

    find = forms.CharField(
        label=_("Find somebody by name"),
        required=False,
        help_text=_("Part of a name is enough; tone marks are not needed."),
        widget=forms.TextInput({"type": "search"}),
    )
