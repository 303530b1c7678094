"""Marking dispositions, blind: a number stands for the author, other marks are not shown."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.kernel.errors import NotPossible
from hocvu.people.models import SignedInRequest
from hocvu.situations.actions import mark_disposition
from hocvu.situations.forms import MarkForm
from hocvu.situations.queries.access import dispositions_marked_by, dispositions_to_mark_by
from hocvu.situations.queries.marking import marking_page
from hocvu.ui.languages import in_language
from hocvu.ui.tables import Column, ListPage

_SEE_OTHER = 303


MARKING_COLUMNS = (
    Column(
        "number",
        gettext_lazy("Disposition"),
        order_by="pk",
        value=lambda each: _("Disposition no. %(number)s") % {"number": each.pk},
        href=lambda each: reverse("situations:mark", args=[each.pk]),
    ),
    Column(
        "case",
        gettext_lazy("Case"),
        order_by="run__exercise__case__title",
        value=lambda each: in_language(
            each.run.exercise.case.title, each.run.exercise.case.title_en
        ),
    ),
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="run__exercise__training_class__name",
        value=lambda each: each.run.exercise.training_class.name,
    ),
    Column(
        "finished",
        gettext_lazy("Handed in"),
        order_by="run__finished_at",
        value=lambda each: each.run.finished_at,
    ),
)


@require_safe
def marking_list(request: HttpRequest) -> HttpResponse:
    """What waits for a mark from me."""
    person = cast(SignedInRequest, request).user.person
    page = ListPage.of(
        request,
        dispositions_to_mark_by(person),
        columns=MARKING_COLUMNS,
        default_sort="finished",
        title=_("Dispositions to mark"),
    )
    return page.answer("situations/marking_list.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """One disposition, its rubric, and points for each line of it."""
    person = cast(SignedInRequest, request).user.person
    if dispositions_marked_by(person).filter(pk=pk).exists():  # sent twice
        return HttpResponseRedirect(reverse("situations:marking"), status=_SEE_OTHER)
    disposition = get_object_or_404(dispositions_to_mark_by(person), pk=pk)
    page = marking_page(disposition)
    form = MarkForm(page, request.POST or None)
    if form.is_valid():
        try:
            mark_disposition(
                disposition,
                form.points,
                remark=form.cleaned_data["remark"],
                by=person,
                at=timezone.now(),
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your mark is saved."))
            return HttpResponseRedirect(reverse("situations:marking"), status=_SEE_OTHER)
    context = {"page": page, "form": form}
    return render(request, "situations/mark.html", context, status=422 if form.errors else 200)
