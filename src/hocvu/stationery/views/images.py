"""Seals and hand signatures of issuers."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvu.kernel.errors import NotPossible
from hocvu.people.models import SignedInRequest
from hocvu.stationery import policies
from hocvu.stationery.actions.images import add_image, withdraw_image
from hocvu.stationery.forms import ImageFilters, ImageForm
from hocvu.stationery.models import ImageKind, IssuerImage
from hocvu.stationery.queries.templates import images_open_to, issuers_open_to
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import day, number

_SEE_OTHER = 303


def _what(image: IssuerImage) -> str:
    if image.kind == ImageKind.SEAL:
        return _("Seal")
    return _("Signature of %s") % image.signer_name


COLUMNS = (
    Column(
        "what",
        gettext_lazy("Image"),
        order_by=("kind", "signer_name"),
        value=_what,
        href=lambda each: reverse("stationery:issuer_image", args=[each.pk]),
    ),
    Column(
        "issuer",
        gettext_lazy("Issuing unit"),
        order_by="issuer__sort_key",
        value=lambda each: each.issuer.name,
    ),
    Column("added_at", gettext_lazy("Added at"), order_by="added_at"),
    Column("withdrawn_at", gettext_lazy("Out of use since"), order_by="withdrawn_at"),
)


@require_safe
def image_list(request: HttpRequest) -> HttpResponse:
    """Images of the units I may see."""
    person = cast(SignedInRequest, request).user.person
    filters = ImageFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(images_open_to(person)),
        columns=COLUMNS,
        default_sort="-added_at",
        title=_("Seals and signatures"),
        filters=filters,
    )
    may_add = issuers_open_to(person).exists()
    return page.answer("stationery/image_list.html", {"may_add": may_add})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a seal or a signature."""
    person = cast(SignedInRequest, request).user.person
    policies.must_issue_somewhere(person)
    form = ImageForm(request.POST or None, request.FILES or None, issuers=issuers_open_to(person))
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            image = add_image(
                chosen["issuer"],
                ImageKind(chosen["kind"]),
                chosen["file"].read(),
                width_mm=float(chosen["width_mm"]),
                signer_name=chosen["signer_name"],
                by=person,
                at=timezone.now(),
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error("file", str(refused))
        else:
            return _to("stationery:issuer_image", image.pk)
    status = 422 if form.errors else 200
    return render(request, "stationery/add_image.html", {"form": form}, status=status)


@require_safe
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """One image and what is known about it."""
    person = cast(SignedInRequest, request).user.person
    image = get_object_or_404(images_open_to(person), pk=pk)
    size = _("%(width)s × %(height)s mm") % {
        "width": number(image.width_mm),
        "height": number(image.height_mm),
    }
    facts = [
        (_("Issuing unit"), image.issuer.name),
        (_("Size on paper"), size),
        (_("Added by"), f"{image.added_by.full_name}, {day(image.added_at)}"),
    ]
    context = {
        "image": image,
        "what": _what(image),
        "facts": facts,
        "may_withdraw": image.withdrawn_at is None
        and policies.can_design_for(person, image.issuer),
    }
    return render(request, "stationery/image.html", context)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The image itself."""
    person = cast(SignedInRequest, request).user.person
    image = get_object_or_404(images_open_to(person), pk=pk)
    response = HttpResponse(bytes(image.png), content_type="image/png")
    response["Cache-Control"] = "private, max-age=600"
    return response


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an image out of use."""
    person = cast(SignedInRequest, request).user.person
    image = get_object_or_404(images_open_to(person), pk=pk)
    withdraw_image(image, by=person, at=timezone.now())
    return _to("stationery:issuer_image", image.pk)


def _to(name: str, pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[pk]), status=_SEE_OTHER)
