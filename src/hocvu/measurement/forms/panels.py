"""Opening a panel, rating a question, deciding on a cut score."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.competency.queries import level_name
from hocvu.kernel.time import day_of
from hocvu.measurement.models import ItemCalibration, Scale
from hocvu.measurement.queries.panels import (
    items_to_judge,
    judges_signing_in_as,
    questions_named,
)
from hocvu.measurement.rules.panels import (
    LEAST_JUDGES,
    LEAST_QUESTIONS,
    MOST_QUESTIONS,
    spread_evenly,
)
from hocvu.people.models import Person
from hocvu.questions.models import Question

_BETWEEN_NAMES = re.compile(r"[\s,;]+")


class OpenPanelForm(forms.Form):
    """Judges by sign-in name; questions by code, or so many from easy to hard."""

    level = forms.ChoiceField(label=gettext_lazy("Level"))
    title = forms.CharField(label=gettext_lazy("Title of the panel"), max_length=300)
    borderline = forms.CharField(
        label=gettext_lazy("Who is just at this level?"),
        widget=forms.Textarea({"rows": 6}),
        max_length=8_000,
        help_text=gettext_lazy(
            "What somebody who has only just reached the level can do, and cannot do yet, in words "
            "all judges have agreed on. Every judge reads it beside every question."
        ),
    )
    judges = forms.CharField(
        label=gettext_lazy("Judges"),
        widget=forms.Textarea({"rows": 5, "autocapitalize": "none", "spellcheck": "false"}),
        max_length=8_000,
        help_text=gettext_lazy(
            "Their sign-in names, one on each line: at least three people who write questions. Ten "
            "or more make the line steadier."
        ),
    )
    codes = forms.CharField(
        label=gettext_lazy("Questions by code"),
        widget=forms.Textarea({"rows": 3}),
        max_length=8_000,
        required=False,
        help_text=gettext_lazy("Leave it empty to have questions chosen by the fields below."),
    )
    component = forms.ChoiceField(label=gettext_lazy("Component"), required=False)
    how_many = forms.IntegerField(
        label=gettext_lazy("How many questions"),
        min_value=LEAST_QUESTIONS,
        max_value=MOST_QUESTIONS,
        initial=30,
        help_text=gettext_lazy("Chosen at even distances from the easiest to the hardest."),
    )

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        framework = scale.framework
        codes = [str(each["code"]) for each in framework.levels]
        self._choose("level", [(code, level_name(framework, code)) for code in codes])
        components = framework.components.order_by("pk")
        rows = [(each.code, str(each)) for each in components]
        self._choose("component", [("", _("all")), *rows])

    def clean_judges(self) -> list[Person]:
        names = _listed(self.cleaned_data["judges"])
        people, unknown = judges_signing_in_as(names, day_of(timezone.now()))
        if unknown:
            raise forms.ValidationError(
                _("Nobody who writes questions signs in with these names: %(names)s.")
                % {"names": ", ".join(unknown)}
            )
        if len(people) < LEAST_JUDGES:
            raise forms.ValidationError(
                _("A panel needs at least %(least)s judges.") % {"least": LEAST_JUDGES}
            )
        return people

    def clean_codes(self) -> list[Question]:
        questions, unknown = questions_named(self.scale, _listed(self.cleaned_data["codes"]))
        if unknown:
            raise forms.ValidationError(
                _("No questions in use on this scale have these codes: %(codes)s.")
                % {"codes": ", ".join(unknown)}
            )
        return questions

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "codes" in cleaned and not cleaned["codes"] and cleaned.get("how_many"):
            cleaned["codes"] = self._drawn(cleaned)
        if "codes" in cleaned and not LEAST_QUESTIONS <= len(cleaned["codes"]) <= MOST_QUESTIONS:
            self.add_error(
                "codes",
                _("A panel judges %(least)s to %(most)s questions; here are %(found)s.")
                % {
                    "least": LEAST_QUESTIONS,
                    "most": MOST_QUESTIONS,
                    "found": len(cleaned["codes"]),
                },
            )
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What `open_panel` takes."""
        cleaned = self.cleaned_data
        named = {name: cleaned[name] for name in ("level", "title", "borderline", "judges")}
        return {**named, "questions": cleaned["codes"]}

    def _drawn(self, cleaned: dict[str, Any]) -> list[Question]:
        found = items_to_judge(self.scale)
        if cleaned.get("component"):
            found = found.filter(question__component_code=cleaned["component"])
        items: list[ItemCalibration] = list(found)
        places = spread_evenly([item.b or 0.0 for item in items], cleaned["how_many"])
        return [items[at].question for at in places]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — declared above
        field.choices = choices


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(name for name in _BETWEEN_NAMES.split(text) if name))


class RatingForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Of 100 such people, how many would be right?"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    panel_round = forms.IntegerField(min_value=1, max_value=2, widget=forms.HiddenInput)


class CutScoreForm(forms.Form):
    decision_number = forms.CharField(label=gettext_lazy("Decision number"), max_length=60)
    decided_on = forms.DateField(
        label=gettext_lazy("Date of the decision"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    left_out = forms.MultipleChoiceField(
        label=gettext_lazy("Judges to leave out"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "Their ratings stand far apart from all others. Leave somebody out only when they "
            "judged something else than was asked, and say so in the reason."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea({"rows": 4}),
        max_length=4_000,
        help_text=gettext_lazy(
            "Why the line is drawn there, and why somebody was left out if so. It is printed in "
            "the document."
        ),
    )

    def __init__(self, *args: Any, outlying: tuple[tuple[int, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not outlying:
            del self.fields["left_out"]
            return
        field = self.fields["left_out"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 — declared above
        field.choices = [(str(judge_id), name) for judge_id, name in outlying]

    def asked(self) -> dict[str, Any]:
        """What `set_cut_score` takes."""
        left_out = [int(each) for each in self.cleaned_data.get("left_out", ())]
        return {**self.cleaned_data, "left_out": left_out}
