"""An administrator gives organisations keys and takes them back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import SignedInRequest
from hocvu.ui.tables import Column, ListPage
from hocvu.verification.actions import grant_access_key, withdraw_access_key
from hocvu.verification.forms import AccessKeyForm
from hocvu.verification.policies import can_grant_access_keys
from hocvu.verification.queries.access_keys import access_keys_open_to

_COLUMNS = (
    Column("organisation", _("Organisation"), order_by="organisation"),
    Column("purpose", _("What it is for")),
    Column("public_part", _("Public part of the key")),
    Column("granted_at", _("Granted"), order_by="granted_at"),
    Column("granted_by", _("Granted by"), value=lambda key: key.granted_by.full_name),
    Column("withdrawn_at", _("Withdrawn"), order_by="withdrawn_at"),
)


def keys(request: SignedInRequest) -> HttpResponse:
    """Every key that was ever granted."""
    _must_be_allowed(request)
    page = ListPage.of(
        request,
        access_keys_open_to(request.user.person),
        columns=_COLUMNS,
        default_sort="-granted_at",
        title=_("Keys of organisations"),
    )
    return page.answer("verification/keys.html", {"in_force": _in_force(request)})


def grant(request: SignedInRequest) -> HttpResponse:
    """Make a key; it is shown once."""
    _must_be_allowed(request)
    form = AccessKeyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "verification/grant.html", {"form": form}, status=status)
    granted = grant_access_key(**form.cleaned_data, by=request.user.person, at=timezone.now())
    response = render(request, "verification/granted.html", {"granted": granted})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def withdraw(request: SignedInRequest, key_id: int) -> HttpResponse:
    """End a key."""
    key = get_object_or_404(access_keys_open_to(request.user.person), pk=key_id)
    withdraw_access_key(key, by=request.user.person, at=timezone.now())
    return redirect("verification:keys")


def _in_force(request: SignedInRequest) -> list[object]:
    keys = access_keys_open_to(request.user.person).filter(withdrawn_at=None)
    return list(keys.order_by("organisation", "pk"))


def _must_be_allowed(request: SignedInRequest) -> None:
    if not can_grant_access_keys(request.user.person):
        raise NotAllowed(
            _("Only an administrator of the whole installation can grant or withdraw keys."),
            _("Ask the administrator of the agency that runs this installation."),
        )
