"""Shape of the filters on the list of people still missing."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.campaigns.models import Standing, WhyMissing
from hocvu.kernel.vietnamese import fold
from hocvu.units.models import Unit


class UnitFilters(forms.Form):
    q = forms.CharField(label=_("Unit"), required=False)

    def narrow(self, units: QuerySet[Unit]) -> QuerySet[Unit]:
        """The units whose names hold what was typed, marks or no marks."""
        wanted = fold(self.cleaned_data["q"]) if self.is_valid() else ""
        return units.filter(search_key__contains=wanted)


class MissingFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False)
    why = forms.ChoiceField(
        label=_("Why"),
        required=False,
        choices=[("", _("every reason")), *((why.value, why.label) for why in WhyMissing)],
    )

    def narrow(self, standings: QuerySet[Standing]) -> QuerySet[Standing]:
        """The standings that match; without valid input, all of them."""
        if not self.is_valid():
            return standings
        if name := self.cleaned_data["q"]:
            standings = standings.filter(person__search_key__contains=fold(name))
        if unit := self.cleaned_data["unit"]:
            standings = standings.filter(unit__search_key__contains=fold(unit))
        why = self.cleaned_data["why"]
        return standings.filter(WhyMissing(why).condition) if why else standings
