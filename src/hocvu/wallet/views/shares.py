"""A holder's links: made, shown again, withdrawn."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvu.credentials.models import Certificate
from hocvu.kernel.time import day_of
from hocvu.people.models import Person, SignedInRequest
from hocvu.portable.profile_links import add_to_profile
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.wallet.actions import make_share, withdraw_share
from hocvu.wallet.forms import ShareForm
from hocvu.wallet.models import Share
from hocvu.wallet.queries.holdings import certificates_held_by
from hocvu.wallet.queries.shares import address_of, shares_of
from hocvu.wallet.rules.shares import State, state_of
from hocvu.wallet.views.codes import qr_of


def _state_word(share: Share) -> str:
    return {
        State.OPEN: _("works"),
        State.OVER: _("over"),
        State.WITHDRAWN: _("withdrawn"),
    }[state_of(share.expires_at, share.withdrawn_at, timezone.now())]


_COLUMNS = (
    Column(
        "purpose",
        gettext_lazy("What the link is for"),
        order_by="purpose",
        href=lambda share: reverse("wallet:share", args=[share.pk]),
    ),
    Column("state", gettext_lazy("State"), value=_state_word),
    Column("expires_at", gettext_lazy("Link ends"), order_by="expires_at"),
    Column("made_at", gettext_lazy("Made"), order_by="made_at", on_phone=False),
    Column("opened", gettext_lazy("Times opened"), order_by="opened", numeric=True),
    Column("opened_last", gettext_lazy("Opened last"), order_by="opened_last"),
)


def shares(request: SignedInRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        shares_of(request.user.person),
        columns=_COLUMNS,
        default_sort="-made_at",
        title=_("Links to my certificates"),
    )
    return page.answer("wallet/shares.html")


def _the_only_one(holder: Person) -> list[int]:
    """Who has one certificate shows that one."""
    held = list(certificates_held_by(holder).filter(is_revoked=False).values_list("pk", flat=True))
    return held if len(held) == 1 else []


def new(request: SignedInRequest) -> HttpResponse:
    holder, at = request.user.person, timezone.now()
    ticked = [each for each in request.GET.getlist("certificate") if each.isdigit()]
    initial = {"client_id": uuid4(), "certificates": ticked or _the_only_one(holder)}
    form = ShareForm(request.POST or None, holder=holder, at=at, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        share = make_share(
            list(typed["certificates"]),
            form.terms(),
            client_id=typed["client_id"],
            by=holder,
            at=at,
        )
        return go_to("wallet:share", share.pk)
    status = 422 if form.is_bound else 200
    return render(request, "wallet/new_share.html", {"form": form}, status=status)


def share(request: SignedInRequest, share_id: int) -> HttpResponse:
    """The link again, how long it works, and when it was opened."""
    shown = get_object_or_404(shares_of(request.user.person), pk=share_id)
    state = state_of(shown.expires_at, shown.withdrawn_at, timezone.now())
    address = address_of(shown) if state is State.OPEN else ""
    certificates = [each.certificate for each in shown.shown.all()]
    to_profile = address and len(certificates) == 1
    context = {
        "share": shown,
        "state": state.value,
        "address": address,
        "qr": qr_of(address) if address else "",
        "certificates": certificates,
        "openings": shown.openings.order_by("-minute", "way")[:20],
        "profile": _profile_link(certificates[0], address) if to_profile else "",
    }
    response = render(request, "wallet/share.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def withdraw(request: SignedInRequest, share_id: int) -> HttpResponse:
    shown = get_object_or_404(shares_of(request.user.person), pk=share_id)
    withdraw_share(shown, by=request.user.person, at=timezone.now())
    return go_to("wallet:share", shown.pk)


def _profile_link(certificate: Certificate, address: str) -> str:
    """Where the link leads is what others will read there: for as long as the link works."""
    return add_to_profile(
        name=certificate.entry.decision.programme_name,
        institution=certificate.issuer.name,
        serial_number=certificate.serial_number,
        address=address,
        issued_on=day_of(certificate.issued_at),
    )
