"""Shape of the filters on the list of people still missing."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.campaigns.models import Standing
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
    why = forms.ChoiceField(
        label=_("Why"),
        required=False,
        choices=[
            ("", _("every reason")),
            ("untrained", _("not trained yet")),
            ("unassessed", _("trained, no test yet")),
            ("failed", _("tested, not passed yet")),
        ],
    )

    def narrow(self, standings: QuerySet[Standing]) -> QuerySet[Standing]:
        """The standings that match; without valid input, all of them."""
        if not self.is_valid():
            return standings
        if name := self.cleaned_data["q"]:
            standings = standings.filter(person__search_key__contains=fold(name))
        conditions = {
            "untrained": {"trained": False},
            "unassessed": {"trained": True, "assessed": False},
            "failed": {"assessed": True},
        }
        return standings.filter(**conditions.get(self.cleaned_data["why"], {}))
