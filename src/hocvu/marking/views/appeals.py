"""Appeals: a learner raises one, whoever runs the class answers it."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams.policies import can_correct_key
from hocvu.exams.queries.access import attempts_of
from hocvu.exams.queries.pages import AttemptPage, attempt_page
from hocvu.kernel.errors import NotPossible
from hocvu.marking import policies
from hocvu.marking.actions import answer_appeal, raise_appeal
from hocvu.marking.forms.appeals import AppealFilters, AppealForm, RulingForm
from hocvu.marking.models import Appeal
from hocvu.marking.queries.appeals import appeals_of, appeals_open_to, can_be_marked_afresh, due_on
from hocvu.marking.rules.appeals import Remedy
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage


def _state(appeal: Appeal) -> str:
    if appeal.answered_at is None:
        return _("Not answered yet")
    return _("Upheld") if appeal.upheld else _("Not upheld")


APPEAL_COLUMNS = (
    Column(
        "learner",
        gettext_lazy("Learner"),
        order_by="attempt__person__sort_key",
        value=lambda appeal: appeal.attempt.person.full_name,
        href=lambda appeal: reverse("marking:answer_appeal", args=[appeal.pk]),
    ),
    Column(
        "about",
        gettext_lazy("About"),
        order_by="question__code",
        value=lambda appeal: appeal.question.code if appeal.question else _("The test as a whole"),
    ),
    Column(
        "paper",
        gettext_lazy("Test"),
        value=lambda appeal: in_language(
            appeal.attempt.sitting.paper.title, appeal.attempt.sitting.paper.title_en
        ),
        on_phone=False,
    ),
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="attempt__sitting__training_class__name",
        value=lambda appeal: appeal.attempt.sitting.training_class.name,
    ),
    Column("raised_at", gettext_lazy("Raised"), order_by="raised_at"),
    Column("due", gettext_lazy("Answer due by"), order_by="raised_at", value=due_on),
    Column("state", gettext_lazy("State"), order_by=("answered_at", "upheld"), value=_state),
)


@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """Appeals of the classes I run."""
    filters = AppealFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(appeals_open_to(person_of(request))),
        columns=APPEAL_COLUMNS,
        default_sort="due",
        title=_("Appeals"),
        filters=filters,
    )
    return page.answer("marking/appeals.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for my result, or one question of it, to be looked at again."""
    person = person_of(request)
    own = get_object_or_404(attempts_of(person), pk=pk, handed_in_at__isnull=False)
    at = timezone.now()
    page = attempt_page(own, reader=person, at=at)
    form = AppealForm(
        _questions(page), request.POST or None, initial={"question": request.GET.get("question")}
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            raise_appeal(
                own,
                given["text"],
                question_id=given["question"],
                client_id=given["client_id"],
                by=person,
                at=at,
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your appeal has been received."))
            return go_to("exams:result", pk)
    context = {"attempt": own, "form": form, "appeals": appeals_of(own, {}, at)}
    context["title"] = in_language(own.sitting.paper.title, own.sitting.paper.title_en)
    return render(request, "marking/raise_appeal.html", context, status=422 if form.errors else 200)


def _questions(page: AttemptPage) -> list[tuple[int, str]]:
    return [
        (each.id, _("Question %(number)s") % {"number": each.number}) for each in page.questions
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the learner says, what was answered and marked, and the answer."""
    person = person_of(request)
    raised = get_object_or_404(appeals_open_to(person), pk=pk)
    form = RulingForm(
        request.POST or None,
        is_written=can_be_marked_afresh(raised),
        has_question=raised.question is not None,
    )
    if form.is_valid():
        try:
            answer_appeal(raised, form.ruling, by=person, at=timezone.now())
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The learner can read your answer now."))
            return _afterwards(raised, form)
    at = timezone.now()
    page = attempt_page(raised.attempt, reader=person, at=at)
    return render(
        request,
        "marking/answer_appeal.html",
        {
            "appeal": raised,
            "form": form,
            "title": in_language(
                raised.attempt.sitting.paper.title, raised.attempt.sitting.paper.title_en
            ),
            "due_on": due_on(raised),
            "can_answer": policies.can_answer_appeal(person, raised),
            "can_correct": raised.question is not None and can_correct_key(person, raised.question),
            "question": next((q for q in page.questions if q.id == raised.question_id), None),
            "learner_waits": _learner_waits(raised, at),
            "page": page,
        },
        status=422 if form.errors else 200,
    )


def _learner_waits(raised: Appeal, at: datetime) -> bool:
    """Whether the learner is not shown yet what an answer might tell them."""
    page = attempt_page(raised.attempt, reader=raised.attempt.person, at=at)
    shown = page.with_key
    return (
        raised.question_id not in shown if raised.question_id else len(shown) < len(page.questions)
    )


def _afterwards(raised: Appeal, form: RulingForm) -> HttpResponse:
    """A fresh marking needs markers; anything else leads back to the list."""
    if form.ruling.remedy is Remedy.FRESH_MARKING:
        return go_to("marking:markers", raised.attempt.sitting_id)
    return go_to("marking:appeals")
