"""Shapes of input."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hocvu.exams.models import Paper, Sitting
from hocvu.exams.queries.papers import latest_papers

_LONGEST_OPTION_ID = 20
_NUMBER = re.compile(r"[0-9]{1,16}")
_SEEN = re.compile(rf"seen-{_NUMBER.pattern}")
_GREATEST_SEQUENCE = 2**53 - 1  # what a browser counts exactly


class OptionIds(forms.MultipleChoiceField):
    """Option ids as they come; whether they belong to the question is for a rule to say."""

    def valid_value(self, value: object) -> bool:
        return 0 < len(str(value)) <= _LONGEST_OPTION_ID


class AnswerForm(forms.Form):
    """One answer as a device delivers it."""

    question = forms.IntegerField(min_value=1)
    chosen = OptionIds(required=False)
    sequence = forms.IntegerField(min_value=1, max_value=_GREATEST_SEQUENCE)
    client_id = forms.UUIDField()


@dataclass(frozen=True)
class WholePage:
    """Every answer of a page at once, as a browser without scripts sends it.

    Fields: `q-12` (options chosen for question 12), `seen-12` (sequence of the answer shown).
    """

    choices: Mapping[int, list[str]]
    seen: Mapping[int, int]
    then_hand_in: bool

    @classmethod
    def sent_in(cls, fields: QueryDict) -> Self:
        seen = {
            int(name.removeprefix("seen-")): int(str(sequence))
            for name, sequence in fields.items()
            if _SEEN.fullmatch(name) and _NUMBER.fullmatch(str(sequence))
        }
        choices = {question: fields.getlist(f"q-{question}") for question in seen}
        return cls(choices, seen, fields.get("act") == "hand_in")


class OpenSittingForm(forms.Form):
    """Which paper, from when until when, how often."""

    paper = forms.ModelChoiceField(Paper.objects.none(), label=_("Test"), empty_label=None)
    opens_at = forms.DateTimeField(
        label=_("Opens at"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    closes_at = forms.DateTimeField(
        label=_("Closes at"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Whoever is still writing at this moment is handed in by the clock."),
    )
    attempts_allowed = forms.IntegerField(
        label=_("Attempts for each learner"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Leave it empty to let learners try as often as they like."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = self.fields["paper"]
        assert isinstance(papers, forms.ModelChoiceField)  # noqa: S101 — declared above
        papers.queryset = latest_papers()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("Choose a closing time after the opening time."))
        return cleaned


class SittingFilters(forms.Form):
    q = forms.CharField(label=_("Class"), required=False)

    def narrow(self, sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
        """The sittings of classes whose code or name holds what was typed."""
        wanted = self.cleaned_data["q"] if self.is_valid() else ""
        of_class = Q(training_class__code__icontains=wanted)
        return sittings.filter(of_class | Q(training_class__name__icontains=wanted))


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
