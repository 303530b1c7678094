"""What makes a corrected key, and narrowing lists of questions."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.exams import rules
from hocvu.exams.queries.shown import QuestionShown
from hocvu.exams.rules.corrections import MOST_NUMBER, MOST_REASON, Decision
from hocvu.items.content import CHOICES
from hocvu.kernel.vietnamese import fold
from hocvu.questions.models import Question


class KeyForm(forms.Form):
    """The corrected key and the decision it stands on.

    `looked_at` is the key whose effect was shown: only that one can be decided.
    """

    right = forms.MultipleChoiceField(
        label=_("Right options"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick every option that is right. Each of them alone earns all the points."),
    )
    everybody = forms.BooleanField(
        label=_("The question cannot be marked: everybody gets its points"), required=False
    )
    number = forms.CharField(label=_("Number of the decision"), max_length=MOST_NUMBER)
    decided_on = forms.DateField(
        label=_("Day of the decision"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=MOST_REASON, widget=forms.Textarea({"rows": 3})
    )
    looked_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, question: QuestionShown, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if question.item.kind not in CHOICES:
            del self.fields["right"]
            self.fields["everybody"].required = True
            return
        right = cast("forms.MultipleChoiceField", self.fields["right"])
        right.choices = [(each.id, f"{each.letter}. {each.plain}") for each in question.options]
        if question.item.kind == "multiple":
            right.help_text = _("Tick every option that is right.")

    @property
    def key(self) -> rules.Correction:
        if self.cleaned_data["everybody"]:
            return rules.Correction(everybody=True)
        return rules.Correction(right=frozenset(self.cleaned_data.get("right", ())))

    @property
    def decision(self) -> Decision:
        given = self.cleaned_data
        return Decision(given["number"], given["decided_on"], given["reason"])

    @property
    def name_of_key(self) -> str:
        return "everybody" if self.key.everybody else ",".join(sorted(self.key.right))


class QuestionFilters(forms.Form):
    """Which questions to show."""

    q = forms.CharField(label=_("Code or words of the question"), required=False)

    def narrow(self, questions: QuerySet[Question]) -> QuerySet[Question]:
        asked = self.cleaned_data["q"] if self.is_valid() else ""
        for word in asked.split():
            questions = questions.filter(
                Q(code__icontains=word)
                | Q(search_key__contains=fold(word))
                | Q(stem__icontains=word)
            )
        return questions
