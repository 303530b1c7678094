"""A registrar's pages: who has earned recognition, approving results, proposing a decision."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.kernel.errors import Refused
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import SignedInRequest
from hocvu.recognition.actions import approve_results, propose_decision
from hocvu.recognition.forms import CandidateFilters, ClassFilters, DecisionForm
from hocvu.recognition.models import CertificateKind
from hocvu.recognition.policies import can_issue_for
from hocvu.recognition.queries.candidates import (
    Candidate,
    candidates_of,
    classes_to_recognise,
    fingerprint_of,
    ready_of,
)
from hocvu.recognition.queries.decisions import decisions_open_to, last_decision_of, next_number
from hocvu.recognition.queries.proposals import proposals_open_to, waiting_for
from hocvu.recognition.queries.results import are_current, latest_results
from hocvu.recognition.queries.words import sentence_of
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

_CLASS_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Class"),
        order_by="name",
        href=lambda row: reverse("recognition:candidates", args=[row.pk]),
    ),
    Column("code", gettext_lazy("Code"), order_by="code"),
    Column("ends_on", gettext_lazy("Ends"), order_by="ends_on"),
    Column("learners", gettext_lazy("Learners"), order_by="learners", numeric=True),
    Column("recognised", gettext_lazy("Recognised"), order_by="recognised", numeric=True),
    Column(
        "state",
        gettext_lazy("State"),
        value=lambda row: _("closed") if row.is_closed else _("still open"),
    ),
)


def classes(request: SignedInRequest) -> HttpResponse:
    filters = ClassFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(classes_to_recognise(request.user.person)),
        columns=_CLASS_COLUMNS,
        default_sort="-ends_on",
        title=_("Recognition of completion"),
        filters=filters,
    )
    waiting = waiting_for(request.user.person).count()
    return page.answer("recognition/classes.html", {"waiting": waiting})


def candidates(request: SignedInRequest, class_id: int) -> HttpResponse:
    training_class = _class_or_404(request, class_id)
    found = {each.enrolment_id: each for each in candidates_of(training_class)}
    filters = CandidateFilters(request.GET)
    page = ListPage.of(
        request,
        _narrowed(training_class, filters, found),
        columns=_candidate_columns(found),
        default_sort="name",
        title=_("Recognition: %(name)s") % {"name": training_class.name},
        filters=filters,
    )
    candidates = list(found.values())
    results = latest_results(training_class)
    context = {
        "training_class": training_class,
        "ready": ready_of(candidates),
        "withheld": [each for each in candidates if each.reasons],
        "results": results,
        "results_hold": are_current(results, candidates),
        "shown": fingerprint_of(candidates),
        "may_propose": can_issue_for(request.user.person, training_class.host_unit),
        "proposal": proposals_open_to(request.user.person)
        .filter(training_class=training_class, approved_at=None)
        .order_by("-proposed_at")
        .first(),
        "decisions": decisions_open_to(request.user.person)
        .filter(training_class=training_class)
        .order_by("-issued_at"),
    }
    return page.answer("recognition/candidates.html", context)


def approve_class_results(request: SignedInRequest, class_id: int) -> HttpResponse:
    """The results of a closed class, approved as they were shown."""
    training_class = _class_or_404(request, class_id)
    if request.method == "POST":
        approve_results(
            training_class,
            shown=request.POST.get("shown", ""),
            by=request.user.person,
            at=timezone.now(),
        )
    return go_to("recognition:candidates", training_class.pk)


def decide(request: SignedInRequest, class_id: int) -> HttpResponse:
    """Fill in the decision and propose it to those who may approve it."""
    training_class = _class_or_404(request, class_id)
    ready = ready_of(candidates_of(training_class))
    form = DecisionForm(request.POST or None, initial=_suggestion(training_class, ready))
    context = {"training_class": training_class, "ready": ready, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            proposal = propose_decision(
                training_class,
                form.text(),
                kind=form.cleaned_data["kind"],
                shown=form.cleaned_data["shown"],
                by=request.user.person,
                at=timezone.now(),
            )
        except Refused as refused:
            form = _form_for_the_new_list(request, ready)
            form.add_error(None, str(refused))
            context["form"] = form
        else:
            return go_to("recognition:proposal", proposal.pk)
    status = 422 if form.is_bound else 200
    return render(request, "recognition/decide.html", context, status=status)


def _class_or_404(request: SignedInRequest, class_id: int) -> TrainingClass:
    classes = classes_to_recognise(request.user.person).select_related("programme", "host_unit")
    return get_object_or_404(classes, pk=class_id)


def _form_for_the_new_list(request: SignedInRequest, ready: list[Candidate]) -> DecisionForm:
    """What was typed, for the people the page shows now: confirming again means these."""
    form = DecisionForm({**request.POST.dict(), "shown": fingerprint_of(ready)})
    form.is_valid()
    return form


def _suggestion(training_class: TrainingClass, ready: list[Candidate]) -> dict[str, object]:
    issuer, today = training_class.host_unit, day_of(timezone.now())
    last = last_decision_of(issuer)
    return {
        "kind": last.kind if last else CertificateKind.COMPLETION,
        "number": next_number(issuer, today.year),
        "symbol": last.symbol if last else f"QĐ-{issuer.code}",
        "decided_on": today,
        "place": last.place if last else "",
        "capacity": last.capacity if last else "",
        "signer_title": last.signer_title if last else "",
        "signer_name": last.signer_name if last else "",
        "shown": fingerprint_of(ready),
    }


def _narrowed(
    training_class: TrainingClass, filters: CandidateFilters, found: dict[int, Candidate]
) -> QuerySet[Enrolment]:
    enrolments = training_class.enrolments.active().select_related("person", "unit")
    if not filters.is_valid():
        return enrolments
    if name := filters.cleaned_data["q"]:
        enrolments = enrolments.filter(person__search_key__contains=fold(name))
    if wanted := filters.cleaned_data["earned"]:
        ids = [
            each.enrolment_id for each in found.values() if each.has_earned_it == (wanted == "yes")
        ]
        enrolments = enrolments.filter(pk__in=ids)
    return enrolments


def _candidate_columns(found: dict[int, Candidate]) -> tuple[Column, ...]:
    def words(row: Any) -> str:
        candidate = found[row.pk]
        if candidate.is_recognised:
            return _("recognised")
        return "; ".join(sentence_of(each) for each in candidate.reasons) or _("earned")

    def attendance(row: Any) -> str:
        evidence = found[row.pk].evidence
        return f"{evidence.attended}/{evidence.held}"

    def test(row: Any) -> str:
        passed = found[row.pk].evidence.passed
        return "–" if passed is None else _("passed") if passed else _("not passed")

    def as_lines(row: Any) -> SafeString:
        lines = words(row).split("; ")
        return format_html_join("", "<span class='line'>{}</span> ", ((line,) for line in lines))

    return (
        Column(
            "name",
            gettext_lazy("Name"),
            order_by="person__sort_key",
            value=lambda row: row.person.full_name,
        ),
        Column(
            "unit", gettext_lazy("Unit"), order_by="unit__sort_key", value=lambda row: row.unit.name
        ),
        Column("attendance", gettext_lazy("Half days attended"), value=attendance, numeric=True),
        Column("test", gettext_lazy("Test"), value=test),
        Column("recognition", gettext_lazy("Recognition"), value=words, cell=as_lines),
    )
