"""Filters of the bank, reviews, and files of questions."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.questions.models import Question, QuestionKind
from hocvu.questions.queries.bank import WAITING_FOR_ME
from hocvu.questions.queries.places import Places, topics_of
from hocvu.questions.queries.words import GROUP_WORDS, STATE_WORDS
from hocvu.questions.rules.places import Place
from hocvu.units.models import Unit

NATIONAL = "national"  # the owner of everybody's questions, where a unit is chosen


class BankFilters(forms.Form):
    text = forms.CharField(label=_("Words"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all but retired")),
            (WAITING_FOR_ME, _("waiting for my review")),
            *((state.value, words) for state, words in STATE_WORDS.items()),
        ],
    )
    component = forms.ChoiceField(label=_("Component"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    group = forms.ChoiceField(
        label=_("For whom"), required=False, choices=[("", _("all")), *GROUP_WORDS.items()]
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *QuestionKind.choices]
    )
    owner = forms.ChoiceField(
        label=_("Owner"),
        required=False,
        choices=[
            ("", _("all")),
            ("own", _("my units")),
            ("shared", _("shared by others")),
            ("national", _("the national bank")),
        ],
    )
    file = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *arguments: Any, places: Places, questions: QuerySet[Question], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self._offer("component", places.component_choices)
        self._offer("level", places.level_choices)
        self._offer("topic", [(topic, topic) for topic in topics_of(questions)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        _offer(self, name, [("", str(_("all"))), *choices])

    def asked(self) -> dict[str, str]:
        """What is asked for; a filter that makes no sense is as good as none."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class PlaceForm(forms.Form):
    """Where a question belongs; each field may stay open in a draft."""

    component_code = forms.ChoiceField(label=_("Component"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    topic = forms.CharField(
        label=_("Topic"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "topics", "autocomplete": "off"}),
    )
    target_group = forms.ChoiceField(
        label=_("For whom"), required=False, choices=[("", "—"), *GROUP_WORDS.items()]
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=250,
        help_text=_("The document or book the answer rests on, with article or page."),
    )

    def __init__(self, *arguments: Any, places: Places, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _offer(self, "component_code", [("", "—"), *places.component_choices])
        _offer(self, "level", [("", "—"), *places.level_choices])

    def place(self) -> Place:
        return Place(**{name: self.cleaned_data.get(name) or "" for name in self.fields})


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Your judgement"),
        choices=[("approve", _("Fit to be asked")), ("return", _("Needs changes"))],
        widget=forms.RadioSelect,
    )
    remarks = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What has to be changed, or what you checked."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == "return" and not cleaned.get("remarks"):
            self.add_error("remarks", _("Please say what has to be changed."))
        return cleaned

    @property
    def approves(self) -> bool:
        return bool(self.cleaned_data["verdict"] == "approve")


class RetireForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example: the law it rests on was replaced; the key was known."),
    )


class OwnerForm(forms.Form):
    """Whose bank: one of the units somebody writes for, or everybody's."""

    owner = forms.ChoiceField(label=_("Bank of"))

    def __init__(
        self, *arguments: Any, owners: QuerySet[Unit], national: bool, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self._owners = {str(unit.pk): unit for unit in owners}
        choices = [(key, unit.name) for key, unit in self._owners.items()]
        _offer(self, "owner", choices + [(NATIONAL, str(_("the national bank")))] * national)

    def chosen_owner(self) -> Unit | None:
        return self._owners.get(self.cleaned_data["owner"])


class FileForm(OwnerForm):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "Word, a spreadsheet, text or Markdown, GIFT, Aiken, Moodle XML or QTI; 60 MB at most."
        ),
        widget=forms.FileInput(
            {"accept": ".docx,.xlsx,.xls,.ods,.csv,.tsv,.txt,.md,.gift,.xml,.zip,.imscc"}
        ),
    )


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 — declared above
    field.choices = choices
