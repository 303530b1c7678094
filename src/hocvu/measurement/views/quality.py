"""Questions by what their answers say about them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hocvu.kernel.time import day_of
from hocvu.measurement.actions import ask_for_quality
from hocvu.measurement.forms.quality import QualityFilters
from hocvu.measurement.models import QuestionQuality
from hocvu.measurement.queries.quality import (
    counts_by_flag,
    narrowed,
    quality_open_to,
    quality_page,
)
from hocvu.measurement.queries.quality_words import advice
from hocvu.measurement.rules.quality import Flag
from hocvu.people.queries.signed_in import person_of
from hocvu.questions.queries.bank import in_one_line
from hocvu.questions.queries.places import Places
from hocvu.questions.queries.reach import questions_open_to
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage


def _flags_in_words(row: QuestionQuality) -> str:
    return "; ".join(str(advice(Flag(each)).name) for each in row.flags) or _("nothing to look at")


def _flags_cell(row: QuestionQuality) -> SafeString:
    advices = [advice(Flag(each)) for each in row.flags]
    return render_to_string("measurement/parts/quality_flags.html", {"advices": advices})


def _rounded(name: str, times: int = 1) -> Callable[[QuestionQuality], float | None]:
    def value(row: QuestionQuality) -> float | None:
        number = getattr(row, name)
        return None if number is None else round(number * times, 2)

    return value


def _code(row: QuestionQuality) -> str:
    return row.question.code if row.question.version == 1 else str(row.question)


COLUMNS = (
    Column(
        "question",
        gettext_lazy("Question"),
        value=lambda row: in_one_line(row.question),
        href=lambda row: reverse("measurement:question_quality", args=[row.question_id]),
    ),
    Column(
        "code",
        gettext_lazy("Code"),
        order_by=("question__code", "question__version"),
        value=_code,
    ),
    Column("flags", gettext_lazy("What to look at"), value=_flags_in_words, cell=_flags_cell),
    Column("answers", gettext_lazy("Answers"), order_by="answers", numeric=True),
    Column(
        "difficulty",
        gettext_lazy("Right answers, %"),
        order_by="difficulty",
        value=_rounded("difficulty", 100),
        numeric=True,
    ),
    Column(
        "discrimination",
        gettext_lazy("Tells apart"),
        order_by="discrimination",
        value=_rounded("discrimination"),
        numeric=True,
    ),
    Column(
        "drift",
        gettext_lazy("Drift"),
        order_by="drift",
        value=_rounded("drift"),
        numeric=True,
        on_phone=False,
    ),
    Column(
        "component",
        gettext_lazy("Component"),
        order_by="question__component_code",
        value=lambda row: row.question.component_code,
    ),
    Column("calculated_at", gettext_lazy("Calculated"), order_by="calculated_at", on_phone=False),
)


@require_safe
def quality_list(request: HttpRequest) -> HttpResponse:
    """The questions I reach in the bank, with what their answers say."""
    reached = quality_open_to(person_of(request))
    filters = QualityFilters(request.GET, places=Places.on(day_of(timezone.now())))
    page = ListPage.of(
        request,
        narrowed(reached, filters.asked()),
        columns=COLUMNS,
        default_sort="discrimination",
        title=_("Quality of questions"),
        filters=filters,
    )
    counts = counts_by_flag(reached)
    return page.answer("measurement/quality_list.html", {"counts": counts})


@never_cache
@require_safe
def question_quality(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question in figures, pictures and words."""
    person = person_of(request)
    question = get_object_or_404(questions_open_to(person), pk=question_id)
    page = quality_page(question, person, timezone.now())
    return render(request, "measurement/question_quality.html", {"page": page})


@require_POST
def calculate_quality(request: HttpRequest, question_id: int) -> HttpResponse:
    """Have a job calculate this question's figures now."""
    person = person_of(request)
    question = get_object_or_404(questions_open_to(person), pk=question_id)
    ask_for_quality(question, by=person, at=timezone.now())
    messages.success(
        request, _("The figures are being calculated. Load this page again in a few minutes.")
    )
    return go_to("measurement:question_quality", question_id)
