"""Answering, handing in, the result."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams import policies, rules
from hocvu.exams.actions import hand_in, hand_in_overdue, save_answers
from hocvu.exams.actions.answering import AnswerDoesNotFit, refuse_unfit
from hocvu.exams.actions.files import FileDoesNotFit, TooManyFiles, hand_in_file
from hocvu.exams.actions.rooms import must_be_in_its_room
from hocvu.exams.forms import ReceiptForm, WholePage
from hocvu.exams.models import Attempt
from hocvu.exams.queries.access import attempts_of, attempts_open_to
from hocvu.exams.queries.asked import form_of
from hocvu.exams.queries.learner import sitting_for
from hocvu.exams.queries.origins import origin_told
from hocvu.exams.queries.pages import AttemptPage, attempt_page
from hocvu.exams.queries.seals import check_answers
from hocvu.exams.queries.shown import Unfit
from hocvu.exams.rules.files import LARGEST_FILE, SentFile
from hocvu.exams.views.edge import address_of
from hocvu.kernel.errors import Refused
from hocvu.people.models import Person
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions on one page. With scripts answers go one by one to `exams:answer`."""
    person = person_of(request)
    at = timezone.now()
    hand_in_overdue(at, person=person)
    own = get_object_or_404(attempts_of(person), pk=pk)
    if request.method == "POST":
        return _saved(request, own, by=person, at=at)
    if own.handed_in_at is not None:
        return go_to("exams:result", pk)
    must_be_in_its_room(own, address=address_of(request))
    return _questions(request, own, at)


def _questions(
    request: HttpRequest, own: Attempt, at: datetime, unfit: Mapping[int, Unfit] | None = None
) -> HttpResponse:
    left = rules.time_left(own.must_end_at, at)
    return render(
        request,
        "exams/attempt.html",
        {
            "page": attempt_page(own, unfit, reader=person_of(request), at=at),
            "title": _title(own),
            "left": int(left.total_seconds() * 1000),
            "now": int(at.timestamp() * 1000),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if unfit else HTTPStatus.OK,
    )


def _saved(request: HttpRequest, own: Attempt, *, by: Person, at: datetime) -> HttpResponse:
    """A whole page without scripts. What fits is saved, also when something else does not."""
    page = WholePage.sent_in(request.POST, request.FILES)
    unfit = _unfit(own, page) | _files_not_taken(own, page, by=by, at=at)
    fit = {
        question: lines
        for question, lines in page.choices.items()
        if question not in unfit and question not in page.files
    }
    changed = save_answers(own, fit, seen=page.seen, by=by, at=at)
    own.refresh_from_db(fields=["handed_in_at"])  # it may have ended while this was written
    if own.handed_in_at is not None:
        _say_what_was_kept(request, len(unfit))
        return go_to("exams:result", own.pk)
    _say_what_was_saved(request, len(changed), len(unfit))
    if unfit:
        return _questions(request, own, at, unfit)
    return go_to(f"exams:{'hand_in' if page.then_hand_in and not changed else 'attempt'}", own.pk)


def _unfit(own: Attempt, page: WholePage) -> dict[int, Unfit]:
    asked = {question.pk: question for question in form_of(own)}
    unfit = {}
    for question_id, lines in page.choices.items():
        try:
            refuse_unfit(asked.get(question_id), lines)
        except AnswerDoesNotFit as refused:
            unfit[question_id] = _as_unfit(lines, refused)
    return unfit


def _files_not_taken(
    own: Attempt, page: WholePage, *, by: Person, at: datetime
) -> dict[int, Unfit]:
    """Hands in the files that can be; the questions whose file cannot."""
    unfit = {}
    for question_id, file in page.files.items():
        sequence = max(int(at.timestamp() * 1000), page.seen[question_id] + 1)
        sent = SentFile(file.name or "", file.read(LARGEST_FILE + 1), sequence, uuid4())
        try:
            hand_in_file(own, question_id, sent, by=by, at=at)
        except (AnswerDoesNotFit, FileDoesNotFit, TooManyFiles) as refused:
            unfit[question_id] = _as_unfit(page.choices[question_id], refused)
    return unfit


def _as_unfit(lines: list[str], refused: Refused) -> Unfit:
    return Unfit(tuple(lines), f"{refused.sentence} {refused.next_step}")


def _say_what_was_kept(request: HttpRequest, unfit: int) -> None:
    messages.warning(request, _("The test had ended. What came after its end is kept."))
    if unfit:
        not_kept = ngettext(
            "%(n)s answer did not fit its question and could not be kept.",
            "%(n)s answers did not fit their questions and could not be kept.",
            unfit,
        )
        messages.warning(request, not_kept % {"n": unfit})


def _say_what_was_saved(request: HttpRequest, changed_elsewhere: int, unfit: int) -> None:
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
    if unfit:
        messages.warning(
            request,
            ngettext(
                "%(n)s answer could not be saved yet; the reason stands beside it. All others are "
                "saved.",
                "%(n)s answers could not be saved yet; the reasons stand beside them. All others "
                "are saved.",
                unfit,
            )
            % {"n": unfit},
        )
    if not changed_elsewhere and not unfit:
        messages.success(request, _("Your answers are saved."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in_attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what is still unanswered, then hands in."""
    person = person_of(request)
    at = timezone.now()
    own = get_object_or_404(attempts_of(person), pk=pk)
    if request.method == "POST":
        hand_in(own, by=person, at=at)
        return go_to("exams:result", pk)
    if own.handed_in_at is not None:
        return go_to("exams:result", pk)
    return render(request, "exams/hand_in.html", {"page": attempt_page(own, reader=person, at=at)})


@never_cache
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Passed or not, why, and the receipt; for the learner and for those who may see results."""
    person = person_of(request)
    at = timezone.now()
    seen = get_object_or_404(attempts_open_to(person), pk=pk)
    if seen.handed_in_at is None:
        hand_in_overdue(at, person=seen.person)
        seen = get_object_or_404(attempts_open_to(person), pk=pk)
    if seen.handed_in_at is None:
        return (
            go_to("exams:attempt", pk)
            if seen.person == person
            else go_to("exams:results", seen.sitting_id)
        )
    return render(request, "exams/result.html", _result_context(request, seen, person, at))


def _result_context(
    request: HttpRequest, seen: Attempt, person: Person, at: datetime
) -> dict[str, object]:
    page = attempt_page(seen, reader=person, at=at)
    form = ReceiptForm(request.GET if "receipt" in request.GET else None)
    kept = form.cleaned_data["receipt"] if form.is_valid() else ""
    is_own = seen.person == person
    return {
        "page": page,
        "title": _title(seen),
        "is_own": is_own,
        "met": sitting_for(person, seen.sitting, at) if is_own else None,
        "form": form,
        "facts": _facts(page),
        "check": check_answers(seen, kept=kept) if kept else None,
        "decides_late": policies.can_decide_late(person, seen),
    }


def _facts(page: AttemptPage) -> list[tuple[str, object]]:
    own = page.attempt
    from_sheet = origin_told(own)
    return [
        *([(_("Came in"), from_sheet)] if from_sheet else []),
        (_("Class"), own.sitting.training_class.name),
        (_("Attempt"), own.number),
        (_("Started"), own.started_at),
        (_("Handed in"), own.handed_in_at),
    ]


def _title(own: Attempt) -> str:
    return in_language(own.sitting.paper.title, own.sitting.paper.title_en)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script by which the page of an attempt can be loaded again without a network.

    A worker reaches only addresses below its own, so it is served from here.
    """
    return render(request, "exams/worker.js", content_type="text/javascript")
