"""Correcting keys: what it would do, deciding it, and the report of whose result changed."""

from typing import cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams import rules
from hocvu.exams.actions import correct_key
from hocvu.exams.models import KeyCorrection, Remarking
from hocvu.exams.queries.corrections import standing_correction
from hocvu.exams.queries.shown import QuestionShown, Standing, question_shown
from hocvu.kernel.errors import NotPossible
from hocvu.marking.forms.corrections import KeyForm, QuestionFilters
from hocvu.marking.queries.corrections import (
    changes_foreseen_open_to,
    changes_open_to,
    corrections_open_to,
    effect_of,
    key_in_words,
    outcome_of,
    questions_to_correct_by,
)
from hocvu.people.models import Person
from hocvu.people.queries.signed_in import person_of
from hocvu.questions.actions import refuse_if_withheld
from hocvu.questions.models import Question
from hocvu.questions.queries.bank import in_one_line
from hocvu.questions.queries.withheld import keys_withheld_from, sentence_of_withheld
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

CORRECTION_COLUMNS = (
    Column(
        "decision",
        gettext_lazy("Decision"),
        order_by="decision_number",
        value=lambda each: each.decision_number,
        href=lambda each: reverse("marking:correction", args=[each.pk]),
    ),
    Column(
        "question",
        gettext_lazy("Question"),
        order_by="question__code",
        value=lambda each: str(each.question.code),
    ),
    Column("decided_on", gettext_lazy("Day of the decision"), order_by="decided_on"),
    Column(
        "changed",
        gettext_lazy("Results changed"),
        order_by="changed",
        numeric=True,
        value=lambda each: each.changed if each.remarked_at else None,
    ),
    Column("made_at", gettext_lazy("Corrected at"), order_by="made_at"),
)

QUESTION_COLUMNS = (
    Column(
        "code",
        gettext_lazy("Question"),
        order_by=("code", "version"),
        value=str,
        href=lambda question: reverse("marking:correct", args=[question.pk]),
    ),
    Column("stem", gettext_lazy("Text"), value=in_one_line),
    Column(
        "kind",
        gettext_lazy("Kind"),
        order_by="kind",
        value=lambda question: question.get_kind_display(),
        on_phone=False,
    ),
)


def _consequence(change: Remarking) -> str:
    if change.passed_before == change.passed_after:
        return _("Passed, as before") if change.passed_after else _("Not passed, as before")
    if change.passed_after:
        return _("Passed now")
    return _("No longer passed: a decision is needed")


CHANGE_COLUMNS = (
    Column(
        "learner",
        gettext_lazy("Learner"),
        order_by="attempt__person__sort_key",
        value=lambda change: change.attempt.person.full_name,
        href=lambda change: reverse("exams:result", args=[change.attempt_id]),
    ),
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="attempt__sitting__training_class__name",
        value=lambda change: change.attempt.sitting.training_class.name,
    ),
    Column(
        "paper",
        gettext_lazy("Test"),
        value=lambda change: in_language(
            change.attempt.sitting.paper.title, change.attempt.sitting.paper.title_en
        ),
        on_phone=False,
    ),
    Column(
        "attempt",
        gettext_lazy("Attempt"),
        value=lambda change: change.attempt.number,
        numeric=True,
        on_phone=False,
    ),
    Column(
        "points_before",
        gettext_lazy("Points before"),
        order_by="points_before",
        value=lambda change: change.points_before.normalize(),
        numeric=True,
    ),
    Column(
        "points_after",
        gettext_lazy("Points now"),
        order_by="points_after",
        value=lambda change: change.points_after.normalize(),
        numeric=True,
    ),
    Column(
        "consequence",
        gettext_lazy("Result"),
        order_by=("passed_after", "passed_before"),
        value=_consequence,
    ),
)


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Keys that were corrected."""
    person = person_of(request)
    page = ListPage.of(
        request,
        corrections_open_to(person),
        columns=CORRECTION_COLUMNS,
        default_sort="-made_at",
        title=_("Corrected keys"),
    )
    can_correct = questions_to_correct_by(person).exists()
    return page.answer("marking/corrections.html", {"can_correct": can_correct})


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The questions whose key I may correct."""
    filters = QuestionFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(questions_to_correct_by(person_of(request))),
        columns=QUESTION_COLUMNS,
        default_sort="code",
        title=_("Whose key was wrong?"),
        filters=filters,
    )
    return page.answer("marking/questions_to_correct.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """First what a corrected key would do; then, on the same page, to decide it."""
    person = person_of(request)
    question = get_object_or_404(questions_to_correct_by(person), pk=pk)
    refuse_if_withheld(question, person, timezone.now())
    shown = question_shown(question, 1, Standing(None), seed=None)
    standing = standing_correction(question)
    form = KeyForm(shown, request.POST or None, initial=_as_typed(standing))
    context: dict[str, object] = {"question": question, "shown": shown}
    context["standing"] = key_in_words(shown, standing)
    if form.is_valid():
        try:
            if request.POST.get("act") == "decide" and _was_looked_at(form):
                made = correct_key(question, form.key, form.decision, by=person, at=timezone.now())
                return go_to("marking:correction", made.pk)
            context |= _foreseen(question, shown, form, person)
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
    context["form"] = form
    return render(request, "marking/correct_key.html", context, status=422 if form.errors else 200)


def _as_typed(standing: rules.Correction) -> dict[str, object]:
    return {"right": sorted(standing.right), "everybody": standing.everybody}


def _was_looked_at(form: KeyForm) -> bool:
    return bool(form.cleaned_data["looked_at"] == form.name_of_key)


def _foreseen(
    question: Question, shown: QuestionShown, form: KeyForm, person: Person
) -> dict[str, object]:
    """What the page shows of the effect; the next time this key can be decided."""
    effect = effect_of(question, form.key)
    typed = cast("QueryDict", form.data).copy()
    typed["looked_at"] = form.name_of_key
    form.data = typed
    return {
        "effect": effect,
        "supposed": key_in_words(shown, form.key),
        "foreseen": changes_foreseen_open_to(person, effect),
    }


@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose result changed, as far as I may see results; how many in all."""
    person = person_of(request)
    found = get_object_or_404(corrections_open_to(person), pk=pk)
    page = ListPage.of(
        request,
        changes_open_to(person, found),
        columns=CHANGE_COLUMNS,
        default_sort="consequence",
        title=_("Results changed by decision %(number)s") % {"number": found.decision_number},
    )
    context = {"correction": found, "outcome": outcome_of(found), "facts": _facts(found, person)}
    return page.answer("marking/correction.html", context)


def _facts(found: KeyCorrection, reader: Person) -> list[tuple[str, object]]:
    """The reason of a correction tells the key as well."""
    until = keys_withheld_from(reader, timezone.now()).until(found.question)
    if until is not None:
        key: list[tuple[str, object]] = [(_("Key now"), sentence_of_withheld(until))]
    else:
        key = [(_("Key now"), _key_now(found)), (_("Reason"), found.reason)]
    return [
        (_("Question"), f"{found.question}: {in_one_line(found.question)}"),
        *key,
        (_("Day of the decision"), found.decided_on),
        (_("Corrected by"), found.made_by.full_name),
    ]


def _key_now(found: KeyCorrection) -> str:
    shown = question_shown(found.question, 1, Standing(None), seed=None)
    right, everybody = found.key.get("right", ()), found.key.get("everybody")
    return key_in_words(shown, rules.Correction(right=frozenset(right), everybody=bool(everybody)))
