"""Opening a sitting, and narrowing lists of them."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import TrainingClass
from hocvu.exams.models import Paper, Sitting
from hocvu.exams.queries.papers import papers_for


class OpenSittingForm(forms.Form):
    """Which paper, from when until when, how often."""

    paper = forms.ModelChoiceField(Paper.objects.none(), label=_("Test"), empty_label=None)
    opens_at = forms.DateTimeField(
        label=_("Opens at"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    closes_at = forms.DateTimeField(
        label=_("Closes at"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Whoever is still writing at this moment is handed in by the clock."),
    )
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("Choose a closing time after the opening time."))
        return cleaned


class SittingFilters(forms.Form):
    q = forms.CharField(label=_("Class"), required=False)

    def narrow(self, sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
        """The sittings of classes whose code or name holds what was typed."""
        wanted = self.cleaned_data["q"] if self.is_valid() else ""
        of_class = Q(training_class__code__icontains=wanted)
        return sittings.filter(of_class | Q(training_class__name__icontains=wanted))
