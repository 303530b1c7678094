"""Offering a test, answering a question, and narrowing lists."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from hocvu.measurement.models import AdaptiveSitting, AdaptiveTest, Purpose
from hocvu.ui.languages import in_language
from hocvu.ui.periods import PeriodForm

if TYPE_CHECKING:
    TestField = forms.ModelChoiceField[AdaptiveTest]
else:
    TestField = forms.ModelChoiceField


class TestChoice(TestField):
    __test__ = False

    def label_from_instance(self, obj: AdaptiveTest) -> str:
        return in_language(obj.title, obj.title_en)


class OfferTestForm(PeriodForm):
    """Which test, what for, from when until when."""

    field_order = ("test", "purpose", "opens_at", "closes_at")
    at_the_end = _("Tests that are still under way then end where they stand.")

    test = TestChoice(AdaptiveTest.objects.none(), label=_("Skills test"), empty_label=None)
    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Offered before and after a class, the same test shows what its learners have gained."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tests = self.fields["test"]
        assert isinstance(tests, forms.ModelChoiceField)  # noqa: S101 — declared above
        tests.queryset = newest_tests()


def newest_tests() -> QuerySet[AdaptiveTest]:
    """The newest version of every test."""
    versions = AdaptiveTest.objects.filter(code=OuterRef("code")).order_by().values("code")
    newest = versions.annotate(newest=Max("version")).values("newest")
    return AdaptiveTest.objects.filter(version=Subquery(newest)).order_by("title")


class StepForm(forms.Form):
    """Which step is answered, and the name of the answer; its lines are read beside it."""

    number = forms.IntegerField(min_value=1, max_value=1_000)
    client_id = forms.UUIDField()


class SittingFilters(forms.Form):
    q = forms.CharField(label=_("Class"), required=False)

    def narrow(self, sittings: QuerySet[AdaptiveSitting]) -> QuerySet[AdaptiveSitting]:
        """The sittings of classes whose code or name holds what was typed."""
        wanted = self.cleaned_data["q"] if self.is_valid() else ""
        return sittings.filter(
            Q(training_class__code__icontains=wanted) | Q(training_class__name__icontains=wanted)
        )


class ResultFilters(forms.Form):
    search = forms.CharField(label=_("Name"), required=False)
