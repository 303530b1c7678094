"""Taking a test: what it is, answering, handing in, the result."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams import rules
from hocvu.exams.actions import hand_in, hand_in_overdue, save_answers, start_attempt
from hocvu.exams.forms import ReceiptForm, WholePage
from hocvu.exams.queries.access import attempts_of, attempts_open_to, sittings_open_to
from hocvu.exams.queries.learner import sitting_for, sittings_of
from hocvu.exams.queries.pages import AttemptPage, attempt_page
from hocvu.exams.queries.papers import in_language, number_of_questions
from hocvu.people.models import SignedInRequest
from hocvu.ui.templatetags.figures import percent

_SEE_OTHER = 303


def _see(name: str, pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"exams:{name}", args=[pk]), status=_SEE_OTHER)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The tests of my classes, and how I did."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    hand_in_overdue(at, person=person)
    return render(request, "exams/mine.html", {"sittings": sittings_of(person, at)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """What the test is and its rules; one button starts it or goes on with it."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    chosen = get_object_or_404(sittings_open_to(person), pk=pk)
    if request.method == "POST":
        return _see("attempt", start_attempt(chosen, by=person, at=at).pk)
    hand_in_overdue(at, person=person)
    return render(
        request,
        "exams/sitting.html",
        {
            "met": sitting_for(person, chosen, at),
            "questions": number_of_questions(chosen.paper_id),
            "required": percent(chosen.paper.required_share),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions on one page. With scripts answers go one by one to `exams:answer`."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    hand_in_overdue(at, person=person)
    own = get_object_or_404(attempts_of(person), pk=pk)
    if own.handed_in_at is not None:
        return _see("result", pk)
    if request.method == "POST":
        page = WholePage.sent_in(request.POST)
        changed = save_answers(own, page.choices, seen=page.seen, by=person, at=at)
        _say_what_was_saved(request, len(changed))
        return _see("hand_in" if page.then_hand_in and not changed else "attempt", pk)
    left = rules.time_left(own.must_end_at, at)
    return render(
        request,
        "exams/attempt.html",
        {
            "page": attempt_page(own),
            "title": in_language(own.sitting.paper.title, own.sitting.paper.title_en),
            "left": int(left.total_seconds() * 1000),
            "now": int(at.timestamp() * 1000),
        },
    )


def _say_what_was_saved(request: HttpRequest, changed_elsewhere: int) -> None:
    if changed_elsewhere:
        messages.warning(
            request,
            ngettext(
                "%(n)s answer had been changed in another window and was left as it is there. "
                "Please look at it again.",
                "%(n)s answers had been changed in another window and were left as they are "
                "there. Please look at them again.",
                changed_elsewhere,
            )
            % {"n": changed_elsewhere},
        )
    else:
        messages.success(request, _("Your answers are saved."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in_attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what is still unanswered, then hands in."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    own = get_object_or_404(attempts_of(person), pk=pk)
    if request.method == "POST":
        hand_in(own, by=person, at=at)
        return _see("result", pk)
    if own.handed_in_at is not None:
        return _see("result", pk)
    return render(request, "exams/hand_in.html", {"page": attempt_page(own)})


def _facts(page: AttemptPage) -> list[tuple[str, object]]:
    attempt = page.attempt
    return [
        (_("Class"), attempt.sitting.training_class.name),
        (_("Attempt"), attempt.number),
        (_("Started"), attempt.started_at),
        (_("Handed in"), attempt.handed_in_at),
    ]


@never_cache
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Passed or not, why, and the receipt; for the learner and for those who may see results."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    seen = get_object_or_404(attempts_open_to(person), pk=pk)
    if seen.handed_in_at is None:
        hand_in_overdue(at, person=seen.person)
        seen = get_object_or_404(attempts_open_to(person), pk=pk)
    if seen.handed_in_at is None:
        return _see("attempt", pk) if seen.person == person else _see("results", seen.sitting_id)
    page = attempt_page(seen)
    form = ReceiptForm(request.GET if "receipt" in request.GET else None)
    kept = form.cleaned_data["receipt"] if form.is_valid() else ""
    is_own = seen.person == person
    return render(
        request,
        "exams/result.html",
        {
            "page": page,
            "title": in_language(seen.sitting.paper.title, seen.sitting.paper.title_en),
            "is_own": is_own,
            "met": sitting_for(person, seen.sitting, at) if is_own else None,
            "form": form,
            "facts": _facts(page),
            "kept": kept,
            "kept_is_true": bool(kept) and rules.is_receipt(kept, page.receipt),
        },
    )
