"""Checking a receipt to the last step, and the sealed days for everybody to copy and keep."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams.forms.late import FinalReceiptForm
from hocvu.exams.models import SealedDay
from hocvu.exams.queries.access import attempts_open_to
from hocvu.exams.queries.sealed import (
    has_receipt,
    receipt_page,
    root_in_words,
    sealed_day,
    sealed_days,
)
from hocvu.exams.queries.seals import verifier_of
from hocvu.exams.views.edge import address_of
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import day as day_in_words

# A person checks a handful; a script that tries receipts is told to wait.
_CHECKS_A_MINUTE = 60


@never_cache
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of an attempt checked step by step, for those who may open its result."""
    person = person_of(request)
    seen = get_object_or_404(attempts_open_to(person), pk=pk)
    if seen.handed_in_at is None:
        return go_to("exams:result", pk)
    page = receipt_page(seen)
    key = verifier_of(page.check.proof.day) if page.check.proof else None
    context = {
        "page": page,
        "check": page.check,
        "attempt": seen,
        "title": in_language(seen.sitting.paper.title, seen.sitting.paper.title_en),
        "host": seen.sitting.training_class.host_unit,
        "is_own": seen.person == person,
        "key": key.to_text() if key else "",
    }
    return render(request, "exams/seal_receipt.html", context)


# --- For everybody -----------------------------------------------------------------------------

_COLUMNS = (
    Column(
        "day",
        gettext_lazy("Day"),
        order_by="day",
        href=lambda sealed: reverse("exams:sealed_day", args=[sealed.day]),
    ),
    Column("size", gettext_lazy("Number of attempts"), order_by="size", numeric=True),
    Column("root", gettext_lazy("Root"), value=root_in_words),
    Column("sealed_at", gettext_lazy("Signed"), order_by="sealed_at"),
)


@login_not_required
@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """Public: every sealed day, with the head that was signed."""
    page = ListPage.of(
        request,
        sealed_days(),
        columns=_COLUMNS,
        default_sort="-day",
        title=_("Sealed test days"),
    )
    return page.answer("exams/seal_days.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, day: str) -> HttpResponse:
    """Public: one day, its signed head, and whether a receipt belongs to it; never whose it is."""
    sealed = _day_or_404(day)
    if request.method == "POST" and _too_many(request):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    form = FinalReceiptForm(request.POST if request.method == "POST" else None)
    key = verifier_of(sealed.day)
    context = {
        "sealed": sealed,
        "title": _("Tests of %s") % day_in_words(sealed.day),
        "root": root_in_words(sealed),
        "form": form,
        "is_asked": form.is_valid(),
        "is_found": form.is_valid() and has_receipt(sealed, form.cleaned_data["receipt"]),
        "key": key.to_text() if key else "",
    }
    response = render(request, "exams/seal_day.html", context, status=422 if form.errors else 200)
    if form.is_bound:
        response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def note(request: HttpRequest, day: str) -> HttpResponse:  # noqa: ARG001 — as views are called
    """Public: the signed head of a day as it is, for whoever keeps a copy."""
    text = _day_or_404(day).note
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _day_or_404(written: str) -> SealedDay:
    sealed = sealed_day(written)
    if sealed is None:
        raise Http404
    return sealed


def _too_many(request: HttpRequest) -> bool:
    key = f"receipts:{address_of(request)}"
    if cache.add(key, 1, timeout=60):
        return False
    try:
        return cache.incr(key) > _CHECKS_A_MINUTE
    except ValueError:  # the minute ended between the two lines
        return False
