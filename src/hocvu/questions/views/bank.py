"""The bank: the list, one question, and what is done with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.questions import policies
from hocvu.questions.actions import (
    FileFormat,
    copy_question,
    export_questions,
    put_in_use,
    refuse_if_withheld,
    refuse_unless_can_retire,
    refuse_unless_can_review,
    retire_question,
    review_question,
    send_for_review,
    share_question,
)
from hocvu.questions.forms.bank import BankFilters, OwnerForm, RetireForm, ReviewForm
from hocvu.questions.models import Question, QuestionQuerySet
from hocvu.questions.queries.bank import bank_of, in_one_line, question_page
from hocvu.questions.queries.items import item_of
from hocvu.questions.queries.places import Places
from hocvu.questions.queries.reach import (
    owners_open_to,
    questions_open_to,
    writes_for_everybody,
)
from hocvu.questions.queries.words import STATE_TONES, STATE_WORDS, group_in_words
from hocvu.questions.views.door import writer_of
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import shown as shown_number
from hocvu.ui.templatetags.ui import state as state_mark


def _state_cell(question: Question) -> SafeString:
    return render_to_string("ui/parts/state.html", state_mark(*_state(question)))


def _state(question: Question) -> tuple[str, str]:
    return STATE_TONES[question.state], str(STATE_WORDS[question.state])


def _owner(question: Question) -> str:
    return question.owner.name if question.owner else str(_("the national bank"))


def _code(question: Question) -> str:
    return question.code if question.version == 1 else str(question)


COLUMNS = (
    Column(
        "question",
        gettext_lazy("Question"),
        value=in_one_line,
        href=lambda each: reverse("questions:question", args=[each.pk]),
    ),
    Column("code", gettext_lazy("Code"), order_by=("code", "version"), value=_code),
    Column(
        "state",
        gettext_lazy("State"),
        value=lambda each: str(STATE_WORDS[each.state]),
        cell=_state_cell,
    ),
    Column(
        "kind", gettext_lazy("Kind"), order_by="kind", value=lambda each: each.get_kind_display()
    ),
    Column("component", gettext_lazy("Component"), order_by="component_code",
           value=lambda each: each.component_code),
    Column("level", gettext_lazy("Level"), order_by="level"),
    Column("topic", gettext_lazy("Topic"), order_by="topic"),
    Column(
        "group",
        gettext_lazy("For whom"),
        order_by="target_group",
        value=lambda each: group_in_words(each.target_group),
        on_phone=False,
    ),
    Column("owner", gettext_lazy("Owner"), order_by="owner__sort_key", value=_owner),
)  # fmt: skip


def _asked_for(request: SignedInRequest) -> tuple[BankFilters, QuestionQuerySet]:
    person = writer_of(request)
    places = Places.on(day_of(now()))
    reached = questions_open_to(person).standing()
    filters = BankFilters(request.GET, places=places, questions=reached)
    return filters, bank_of(person, filters.asked())


@require_GET
def bank(request: SignedInRequest) -> HttpResponse:
    filters, questions = _asked_for(request)
    page = ListPage.of(
        request,
        questions,
        columns=COLUMNS,
        default_sort="code",
        title=gettext_lazy("Question bank"),
        filters=filters,
        tickable=True,
        bulk_action=f"{reverse('questions:many')}?{request.GET.urlencode()}",
    )
    return page.answer("questions/bank.html", {"formats": FileFormat})


@require_POST
def many(request: SignedInRequest) -> HttpResponse:
    """One act on the ticked questions; a file holds the whole list where none is ticked."""
    _filters, questions = _asked_for(request)
    ticked = [each for each in request.POST.getlist("row") if each.isdecimal()]
    act = request.POST.get("act", "")
    if act in {each.value for each in FileFormat}:
        chosen = questions.filter(pk__in=ticked) if ticked else questions
        return _file(request, chosen, FileFormat(act))
    person, chosen = request.user.person, questions.filter(pk__in=ticked)
    if act == "send":
        sent = send_for_review(chosen, by=person, at=now())
        words = ngettext("%(n)s question sent.", "%(n)s questions sent.", sent)
        messages.success(request, words % {"n": sent})
    elif act == "use":
        used = put_in_use(chosen, by=person, at=now())
        words = ngettext("%(n)s question put in use.", "%(n)s questions put in use.", used)
        messages.success(request, words % {"n": used})
    address = f"{reverse('questions:bank')}?{request.GET.urlencode()}"
    return HttpResponseRedirect(address, status=303)


def _file(
    request: SignedInRequest, questions: QuestionQuerySet, file_format: FileFormat
) -> HttpResponse:
    exported = export_questions(questions, file_format, by=request.user.person, at=now())
    if exported.withheld:
        left_out = ngettext(
            "%(n)s question is not in the file: a test may still ask it of you.",
            "%(n)s questions are not in the file: a test may still ask them of you.",
            exported.withheld,
        )
        messages.warning(request, left_out % {"n": exported.withheld})
    response = HttpResponse(exported.content, content_type=exported.content_type)
    response["Content-Disposition"] = f'attachment; filename="{exported.name}"'
    return response


# --- One question ------------------------------------------------------------------------------


def _reached(request: SignedInRequest, question_id: int) -> Question:
    return get_object_or_404(questions_open_to(request.user.person), pk=question_id)


@require_GET
def question(request: SignedInRequest, question_id: int) -> HttpResponse:
    person = request.user.person
    reached = _reached(request, question_id)
    page = question_page(reached, person, now())
    said = any(each.reviewer_id == person.pk for each in page.reviews)
    context: dict[str, Any] = {
        "page": page,
        "question": reached,
        "tone_and_state": _state(reached),
        "facts": _facts(reached),
        "with_key": request.GET.get("as") != "learner" and not page.withheld,
        "may_write": policies.can_write(person, reached) and page.newer is None,
        "may_retire": policies.can_retire(person, reached) and not reached.retired_at,
        "may_review": policies.can_review(person, reached) and not said,
        "copy_form": OwnerForm(
            owners=owners_open_to(person), national=writes_for_everybody(person)
        ),
    }
    return render(request, "questions/question.html", context)


def _facts(question: Question) -> list[tuple[str, object]]:
    places, item = Places.on(day_of(now())), item_of(question)
    component, level = question.component_code, question.level
    points = shown_number(item.points)
    facts: list[tuple[str, object]] = [
        (_("Component"), " ".join([component, places.components.get(component, "")]).strip()),
        (_("Level"), " – ".join(filter(None, [level, places.levels.get(level, "")]))),
        (_("Topic"), question.topic),
        (_("For whom"), group_in_words(question.target_group)),
        (_("Source"), question.source),
        (_("Bank of"), _owner(question)),
        (_("Points"), points),
        (_("Name in its file"), item.name),
        (_("Tags"), ", ".join(item.tags)),
    ]
    return [(term, said) for term, said in facts if said]


def _back(question: Question) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("questions:question", args=[question.pk]), status=303)


@require_POST
def send(request: SignedInRequest, question_id: int) -> HttpResponse:
    reached = _reached(request, question_id)
    send_for_review([reached], by=request.user.person, at=now())
    return _back(reached)


@require_POST
def use(request: SignedInRequest, question_id: int) -> HttpResponse:
    reached = _reached(request, question_id)
    put_in_use([reached], by=request.user.person, at=now())
    return _back(reached)


@require_POST
def share(request: SignedInRequest, question_id: int) -> HttpResponse:
    reached = _reached(request, question_id)
    shared = request.POST.get("shared") == "yes"
    return _back(share_question(reached, shared=shared, by=request.user.person, at=now()))


@require_POST
def copy(request: SignedInRequest, question_id: int) -> HttpResponse:
    person = request.user.person
    reached = _reached(request, question_id)
    form = OwnerForm(
        request.POST, owners=owners_open_to(person), national=writes_for_everybody(person)
    )
    if not form.is_valid():
        return _back(reached)
    return _back(copy_question(reached, owner=form.chosen_owner(), by=person, at=now()))


def review(request: SignedInRequest, question_id: int) -> HttpResponse:
    person = request.user.person
    reached = _reached(request, question_id)
    refuse_unless_can_review(reached, person)
    refuse_if_withheld(reached, person, now())
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        remarks = form.cleaned_data["remarks"]
        review_question(reached, approves=form.approves, remarks=remarks, by=person, at=now())
        return _back(reached)
    context = {"form": form, "question": reached, "page": question_page(reached, person, now())}
    status = 422 if request.method == "POST" else 200
    return render(request, "questions/review.html", context, status=status)


def retire(request: SignedInRequest, question_id: int) -> HttpResponse:
    reached = _reached(request, question_id)
    refuse_unless_can_retire(reached, request.user.person)
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        retire_question(reached, reason=reason, by=request.user.person, at=now())
        return _back(reached)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "questions/retire.html", {"form": form, "question": reached}, status=status
    )
