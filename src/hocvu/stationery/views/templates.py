"""Templates: the list, one template, and what its versions are."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.stationery import policies
from hocvu.stationery.actions.templates import start_template, start_version
from hocvu.stationery.forms import StartTemplateForm, TemplateFilters
from hocvu.stationery.models import CertificateTemplate, Kind
from hocvu.stationery.queries.histories import history_of_template
from hocvu.stationery.queries.templates import (
    issuers_open_to,
    templates_open_to,
    versions_open_to,
    versions_to_begin_from,
)
from hocvu.ui.languages import in_language
from hocvu.ui.tables import Column, ListPage

_SEE_OTHER = 303

COLUMNS = (
    Column(
        "name",
        gettext_lazy("Template"),
        order_by="name",
        value=lambda each: in_language(each.name, each.name_en),
        href=lambda each: reverse("stationery:template", args=[each.pk]),
    ),
    Column(
        "kind",
        gettext_lazy("Kind"),
        order_by="kind",
        value=lambda each: str(each.get_kind_display()),
    ),
    Column(
        "issuer",
        gettext_lazy("Issuing unit"),
        order_by="issuer__sort_key",
        value=lambda each: each.issuer.name if each.issuer else _("came with the system"),
    ),
    Column(
        "versions",
        gettext_lazy("Versions"),
        order_by="version_count",
        value=lambda each: each.version_count,
        numeric=True,
    ),
    Column(
        "drafts",
        gettext_lazy("Drafts"),
        order_by="draft_count",
        value=lambda each: each.draft_count,
        numeric=True,
        on_phone=False,
    ),
    Column(
        "last",
        gettext_lazy("Last written"),
        order_by="last_written_at",
        value=lambda each: each.last_written_at,
    ),
)


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """Templates of the units I may see, and those that came with the system."""
    person = cast(SignedInRequest, request).user.person
    filters = TemplateFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(templates_open_to(person)),
        columns=COLUMNS,
        default_sort="-last",
        title=_("Certificate templates"),
        filters=filters,
    )
    may_begin = issuers_open_to(person).exists()
    return page.answer("stationery/template_list.html", {"may_begin": may_begin})


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a template of one's own from another."""
    person = cast(SignedInRequest, request).user.person
    policies.must_issue_somewhere(person)
    form = StartTemplateForm(
        request.POST or None,
        issuers=issuers_open_to(person),
        versions=versions_to_begin_from(person),
        initial={"based_on": request.GET.get("from"), "kind": request.GET.get("kind")},
    )
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            version = start_template(
                chosen["issuer"],
                Kind(chosen["kind"]),
                chosen["name"],
                based_on=chosen["based_on"],
                by=person,
                at=timezone.now(),
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return _to("stationery:version", version.pk)
    status = 422 if form.errors else 200
    return render(request, "stationery/begin.html", {"form": form}, status=status)


@require_safe
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """One template and its versions."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(templates_open_to(person), pk=pk)
    versions = list(versions_open_to(person).filter(template=found).order_by("-number"))
    today = day_of(timezone.now())
    context = {
        "template": found,
        "name": in_language(found.name, found.name_en),
        "draft": next((each for each in versions if each.is_draft), None),
        "versions": [(each, each.state_on(today)) for each in versions],
        "latest": versions[0] if versions else None,
        "may_design": policies.can_design_for(person, found.issuer),
        "may_begin": issuers_open_to(person).exists(),
        "history_entries": history_of_template(versions),
    }
    return render(request, "stationery/template.html", context)


@require_POST
def begin_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version of a template from one of its versions."""
    person = cast(SignedInRequest, request).user.person
    based_on = get_object_or_404(versions_open_to(person), pk=pk)
    template_of_it: CertificateTemplate = based_on.template
    version = start_version(template_of_it, based_on=based_on, by=person, at=timezone.now())
    return _to("stationery:version", version.pk)


def _to(name: str, pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[pk]), status=_SEE_OTHER)
