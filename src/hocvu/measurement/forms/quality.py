"""Narrowing the list of questions by what their figures say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvu.measurement.queries.quality import UNFLAGGED
from hocvu.measurement.queries.quality_words import advice
from hocvu.measurement.rules.quality import Flag
from hocvu.questions.models import QuestionKind
from hocvu.questions.queries.places import Places

_ANY = [("", _("all"))]


class QualityFilters(forms.Form):
    text = forms.CharField(label=_("Words or code"), required=False)
    flag = forms.ChoiceField(label=_("What to look at"), required=False)
    component_code = forms.ChoiceField(label=_("Component"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[*_ANY, *QuestionKind.choices], required=False
    )
    in_use = forms.BooleanField(label=_("Only questions in use"), required=False)

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flags = [(flag.value, advice(flag).name) for flag in Flag]
        self._choose("flag", [*_ANY, *flags, (UNFLAGGED, _("nothing to look at"))])
        self._choose("component_code", [*_ANY, *places.component_choices])

    def asked(self) -> dict[str, str]:
        """What was filled in; nothing where it makes no sense."""
        self.is_valid()
        return {name: str(said) for name, said in self.cleaned_data.items() if said}

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — declared above
        field.choices = choices
