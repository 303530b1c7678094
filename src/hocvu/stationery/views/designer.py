"""The designer: writing a draft, seeing it, checking it, putting it in use."""

import base64
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import Person, SignedInRequest
from hocvu.stationery import policies
from hocvu.stationery.actions.templates import (
    give_up_draft,
    put_in_use,
    retire_version,
    write_version,
)
from hocvu.stationery.forms import DesignForm, PutInUseForm, RetireForm
from hocvu.stationery.models import TemplateVersion
from hocvu.stationery.queries.checks import Draft, checks_of, preview_of
from hocvu.stationery.queries.templates import versions_open_to
from hocvu.stationery.queries.words import FIELD_LABELS, SAMPLE_LABELS, sentence_of
from hocvu.stationery.rules.fields import CATALOGUE
from hocvu.stationery.rules.look import complete_look
from hocvu.stationery.rules.samples import Sample
from hocvu.typesetting import CannotTypeset
from hocvu.ui.languages import in_language

_SEE_OTHER = 303
_PIXELS_PER_INCH = 110


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """A version: to be written while it is a draft and one's own unit's, else to be looked at."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(versions_open_to(person), pk=pk)
    may_write = found.is_draft and policies.can_design_for(person, found.template.issuer)
    if not may_write:
        return render(request, "stationery/version.html", _shown(person, found))
    form = DesignForm(request.POST or None, initial=_kept(found))
    tries = request.POST.get("act") == "try"
    if request.POST and form.is_valid() and not tries:
        try:
            write_version(
                found,
                source=form.cleaned_data["source"],
                look=form.look,
                seen_at=form.cleaned_data["seen_at"],
                by=person,
                at=timezone.now(),
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return _to(found)
    context = _shown(person, found) | {"form": form, "fields": _fields()}
    if tries:
        context["preview"] = _preview(form, found)
    return render(request, "stationery/designer.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """How the draft on the screen would look, kept or not: a part of the designer's page."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(versions_open_to(person), pk=pk)
    form = DesignForm(request.POST, initial=_kept(found))
    context = {"preview": _preview(form, found), "version": found}
    return render(request, "stationery/parts/preview.html", context)


@never_cache
@require_safe
def image(request: HttpRequest, pk: int, sample: str) -> HttpResponse:
    """A kept version with a sample, as an image."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(versions_open_to(person), pk=pk)
    try:
        drawn = preview_of(
            Draft.of(found), Sample(sample), at=timezone.now(), pixels_per_inch=_PIXELS_PER_INCH
        )
    except (CannotTypeset, ValueError):
        return HttpResponse(status=404)
    return HttpResponse(drawn, content_type="image/png")


@never_cache
@require_safe
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """A kept version tried with everything certificates may carry."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(versions_open_to(person), pk=pk)
    context = _shown(person, found) | {"checks": checks_of(found, at=timezone.now())}
    return render(request, "stationery/checks.html", context)


@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft in use."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(versions_open_to(person), pk=pk)
    form = PutInUseForm(request.POST)
    if form.is_valid():
        found.written_at = form.cleaned_data["seen_at"]
        put_in_use(
            found,
            effective_from=form.cleaned_data["effective_from"],
            by=person,
            at=timezone.now(),
        )
        return _to(found)
    context = _shown(person, found) | {"use_form": form}
    return render(request, "stationery/version.html", context, status=422)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a version out of use."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(versions_open_to(person), pk=pk)
    form = RetireForm(request.POST)
    if form.is_valid():
        retire_version(found, by=person, at=timezone.now(), **form.cleaned_data)
        return _to(found)
    context = _shown(person, found) | {"retire_form": form}
    return render(request, "stationery/version.html", context, status=422)


@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(versions_open_to(person), pk=pk)
    give_up_draft(found, by=person, at=timezone.now())
    return HttpResponseRedirect(reverse("stationery:templates"), status=_SEE_OTHER)


def _kept(found: TemplateVersion) -> dict[str, Any]:
    """A draft as its form shows it; its moment exactly, to see whether it was written in since."""
    kept = {"source": found.source, "seen_at": found.written_at.isoformat(), "sample": Sample.USUAL}
    return complete_look(found.look) | kept


def _preview(form: DesignForm, found: TemplateVersion) -> dict[str, str]:
    """The image as a data address, or the sentence that says why there is none."""
    if not form.is_valid():
        return {"trouble": _("Correct the fields that are marked.")}
    template = found.template
    draft = Draft(form.cleaned_data["source"], form.look, template.kind, template.issuer)
    try:
        drawn = preview_of(
            draft, form.chosen_sample, at=timezone.now(), pixels_per_inch=_PIXELS_PER_INCH
        )
    except CannotTypeset as trouble:
        return {"trouble": sentence_of(trouble)}
    return {"image": "data:image/png;base64," + base64.b64encode(drawn).decode()}


def _shown(person: Person, found: TemplateVersion) -> dict[str, Any]:
    today = day_of(timezone.now())
    template = found.template
    return {
        "version": found,
        "template": template,
        "name": in_language(template.name, template.name_en),
        "state": found.state_on(today),
        "may_design": policies.can_design_for(person, template.issuer),
        "may_use": found.is_draft and policies.can_put_in_use(person, found),
        "use_form": PutInUseForm(
            initial={"effective_from": today, "seen_at": found.written_at.isoformat()}
        ),
        "retire_form": RetireForm(initial={"retired_on": today}),
        "samples": [(each.value, SAMPLE_LABELS[each]) for each in Sample],
    }


def _fields() -> list[tuple[str, str, str, bool]]:
    labels = {name: str(label) for name, label in FIELD_LABELS.items()}
    return [(each.name, labels[each.name], each.sample, each.differs) for each in CATALOGUE]


def _to(found: TemplateVersion) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("stationery:version", args=[found.pk]), status=_SEE_OTHER)
