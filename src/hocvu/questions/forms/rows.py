"""Rows of the editor: options, parts and lines of a rubric. An empty row is none."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvu.items.content import PartKind
from hocvu.questions.queries.words import letter

_LONGEST = 20_000
_IDENTIFIER = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


class Words(forms.CharField):
    """A text of any length with its line ends as the bank keeps them."""

    def __init__(self, *, rows: int = 2, **named: Any) -> None:
        widget = forms.Textarea({"rows": rows})
        super().__init__(required=False, strip=False, max_length=_LONGEST, widget=widget, **named)

    def to_python(self, value: Any) -> str:
        said = super().to_python(value) or ""
        return said.replace("\r\n", "\n").replace("\r", "\n")


class OptionRow(forms.Form):
    id = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    place = forms.IntegerField(label=_("Right place"), required=False, min_value=1, max_value=99)
    text = Words(label=_("Option"))
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    description = forms.CharField(
        label=_("What the picture shows"),
        required=False,
        max_length=300,
        help_text=_("Read aloud to people who cannot see it; it must not give the answer away."),
    )
    right = forms.BooleanField(label=_("Right"), required=False)
    share = forms.DecimalField(
        label=_("Share of the points, %"),
        required=False,
        min_value=-100,
        max_value=100,
        help_text=_("Only where it is neither all nor nothing."),
    )
    why = Words(label=_("Why it is right or wrong"), rows=1)
    text_en = Words(label=_("Option in English"), rows=1)
    why_en = Words(label=_("Reason in English"), rows=1)


class PartRow(forms.Form):
    id = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    text = Words(label=_("Statement"))
    right = forms.ChoiceField(label=_("Right answer"), required=False)
    kind = forms.ChoiceField(
        label=_("Filled in with"),
        required=False,
        choices=[
            (PartKind.TEXT.value, _("words")),
            (PartKind.NUMBER.value, _("a number")),
            (PartKind.CHOICE.value, _("one of a list")),
        ],
    )
    answers = Words(label=_("Accepted answers, one on a line"), rows=3)
    why = Words(label=_("Why"), rows=1)
    text_en = Words(label=_("Statement in English"), rows=1)
    why_en = Words(label=_("Reason in English"), rows=1)

    def clean_id(self) -> str:
        name = str(self.cleaned_data["id"]).strip()
        if name and not _IDENTIFIER.fullmatch(name):
            raise forms.ValidationError(_("Please use letters and digits only, such as g1."))
        return name


class CriterionRow(forms.Form):
    id = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    text = Words(label=_("What is looked for"), rows=1)
    points = forms.DecimalField(label=_("Points"), required=False, min_value=0, max_value=1_000)
    text_en = Words(label=_("In English"), rows=1)


TRUE_OR_FALSE = [("", "—"), ("true", _("true")), ("false", _("false"))]


def letters(rows: int) -> list[tuple[str, str]]:
    """The options of a matching question by the letter of their row."""
    return [("", "—"), *((letter(at), letter(at)) for at in range(rows))]
