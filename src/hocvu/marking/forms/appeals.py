"""Raising an appeal, answering one, and narrowing lists of them."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.marking.models import Appeal
from hocvu.marking.rules.appeals import LONGEST_APPEAL, Remedy, Ruling


class AppealForm(forms.Form):
    """What should be looked at again, and why."""

    question = forms.TypedChoiceField(
        label=_("What it is about"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    text = forms.CharField(
        label=_("What you think is wrong"),
        max_length=LONGEST_APPEAL,
        widget=forms.Textarea({"rows": 6}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, questions: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.TypedChoiceField", self.fields["question"])
        field.choices = [("", _("The test as a whole")), *questions]


class RulingForm(forms.Form):
    """How an appeal is answered."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Reason, for the learner"),
        max_length=LONGEST_APPEAL,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, is_written: bool, has_question: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [("refused", _("Not upheld: the result stands"))]
        if is_written:
            outcomes += [("fresh_marking", _("Upheld: others mark the answer from the beginning"))]
        elif has_question:
            outcomes += [("key_correction", _("Upheld: the key is to be corrected, for everybody"))]
        outcomes += [("none", _("Upheld, and nothing else is needed"))]
        cast("forms.ChoiceField", self.fields["outcome"]).choices = outcomes

    @property
    def ruling(self) -> Ruling:
        outcome = self.cleaned_data["outcome"]
        if outcome == "refused":
            return Ruling(upheld=False, answer=self.cleaned_data["answer"])
        return Ruling(upheld=True, answer=self.cleaned_data["answer"], remedy=Remedy(outcome))


class AppealFilters(forms.Form):
    """Which appeals to show."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Not answered yet")), ("answered", _("Answered")), ("all", _("All"))],
    )

    def narrow(self, appeals: QuerySet[Appeal]) -> QuerySet[Appeal]:
        asked = self.cleaned_data["state"] if self.is_valid() else ""
        if asked == "all":
            return appeals
        return appeals.filter(answered_at__isnull=asked != "answered")
