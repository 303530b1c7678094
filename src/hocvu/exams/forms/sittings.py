"""Opening a sitting, and narrowing lists of them."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import TrainingClass
from hocvu.exams.models import Sitting
from hocvu.papers.models import Paper
from hocvu.papers.queries.papers import papers_for
from hocvu.ui.periods import PeriodForm


class OpenSittingForm(PeriodForm):
    """Which paper, from when until when, how often."""

    field_order = ("paper", "opens_at", "closes_at")
    at_the_end = _("Whoever is still writing at this moment is handed in by the clock.")

    paper = forms.ModelChoiceField(Paper.objects.none(), label=_("Test"), empty_label=None)
    attempts_allowed = forms.IntegerField(
        label=_("Attempts for each learner"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Leave it empty to let learners try as often as they like."),
    )

    is_supervised = forms.BooleanField(
        label=_("Supervised: it is entered only through rooms, each with its code"),
        required=False,
    )

    def __init__(self, training_class: TrainingClass, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = self.fields["paper"]
        assert isinstance(papers, forms.ModelChoiceField)  # noqa: S101 — declared above
        papers.queryset = papers_for(training_class)


class SittingFilters(forms.Form):
    q = forms.CharField(label=_("Class"), required=False)

    def narrow(self, sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
        """The sittings of classes whose code or name holds what was typed."""
        wanted = self.cleaned_data["q"] if self.is_valid() else ""
        of_class = Q(training_class__code__icontains=wanted)
        return sittings.filter(of_class | Q(training_class__name__icontains=wanted))
