"""Shapes of input, and the filters of the lists."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvu.classes import queries
from hocvu.classes.models import Presence
from hocvu.courses.models import Half, Programme
from hocvu.courses.queries import name_of, programmes_in_force
from hocvu.people.models import Person
from hocvu.ui.periods import DayInput


class ProgrammeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return name_of(cast("Programme", obj))


class OpenClassForm(forms.Form):
    programme = ProgrammeField(Programme.objects.none(), label=_("Programme"), empty_label=None)
    name = forms.CharField(label=_("Name of the class"), max_length=300)
    code = forms.CharField(
        label=_("Code of the class"), max_length=40, help_text=_("Such as HP-2026-015; unique.")
    )
    host_unit = forms.ModelChoiceField(
        queries.units_to_host(None), label=_("Host unit"), empty_label=None
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput)
    opening_decision = forms.CharField(
        label=_("Number of the class-opening decision"),
        max_length=100,
        required=False,
        help_text=_("Number and symbol, such as 152/QĐ-TCT."),
    )
    capacity = forms.IntegerField(
        label=_("Places"), min_value=1, max_value=1_000_000, required=False
    )
    supervised_by_me = forms.BooleanField(label=_("I supervise this class"), required=False)

    def __init__(self, person: Person, on: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ProgrammeField", self.fields["programme"]).queryset = programmes_in_force(on)
        host_unit = cast("forms.ModelChoiceField[Any]", self.fields["host_unit"])
        host_unit.queryset = queries.units_to_host(person)


class ClassFilters(forms.Form):
    q = forms.CharField(label=_("Name or code"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("open", _("Under way")), ("closed", _("Ended"))],
    )
    starts_from = forms.DateField(label=_("Starts from"), required=False, widget=DayInput)


class PeopleFilters(forms.Form):
    q = forms.CharField(label=_("Full name"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False)


class PointFilters(forms.Form):
    q = forms.CharField(label=_("Bridge point"), required=False)


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        help_text=_("Part of a name is enough; tone marks are not needed."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class MoveSessionForm(forms.Form):
    held_on = forms.DateField(label=_("Day"), widget=DayInput)
    half = forms.ChoiceField(label=_("Half day"), choices=Half.choices, widget=forms.RadioSelect)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class MarkForm(forms.Form):
    """One learner's mark, made or corrected with its reason."""

    presence = forms.ChoiceField(
        label=_("Mark"), choices=Presence.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class TapForm(forms.Form):
    """A tap on the roll: whose, what, and the identifier the device gave it."""

    enrolment = forms.IntegerField()
    presence = forms.ChoiceField(choices=Presence.choices)
    client_id = forms.UUIDField()


class CloseRollForm(forms.Form):
    head_count = forms.IntegerField(
        label=_("Heads counted in the room"),
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(
        label=_("If heads and names differ: why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SheetForm(CloseRollForm):
    """The signed sheet of one bridge point, which closes its roll: also a presence for every name.

    Names that came onto the roll after the page was loaded are missing from what is sent, and are
    asked for.
    """

    def __init__(self, rows: Sequence[queries.RollRow], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._field_of = {row.enrolment_id: f"e{row.enrolment_id}" for row in rows}
        for row in rows:
            self.fields[self._field_of[row.enrolment_id]] = forms.ChoiceField(
                label=row.name,
                choices=Presence.choices,
                initial=row.presence or Presence.PRESENT,
                widget=forms.RadioSelect,
            )

    @property
    def names(self) -> list[forms.BoundField]:
        return [self[field] for field in self._field_of.values()]

    @property
    def presences(self) -> dict[int, Presence]:
        return {
            enrolment_id: Presence(self.cleaned_data[field])
            for enrolment_id, field in self._field_of.items()
        }


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the screen"),
        max_length=120,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
