"""What a person was told: their list, one notice, and the language of their e-mails."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvu.notices.actions import choose_language, read_notice
from hocvu.notices.models import Notice
from hocvu.notices.queries.inbox import language_of, notices_of
from hocvu.notices.queries.letters import words_of
from hocvu.people.models import SignedInRequest
from hocvu.portal.forms import LanguageForm
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import moment


def _emailed(notice: Notice) -> str:
    """What became of the e-mail, for whom it is about."""
    if not notice.address:
        return _("no address known")
    delivery = notice.delivery
    if delivery is not None and delivery.failed_at:
        return _("could not be delivered")
    if delivery is not None and delivery.sent_at:
        return _("sent %(at)s") % {"at": moment(delivery.sent_at)}
    return _("is being sent")


_COLUMNS = (
    Column(
        "heading",
        gettext_lazy("Notice"),
        value=lambda row: words_of(row).heading,
        href=lambda row: reverse("portal:notice", args=[row.pk]),
    ),
    Column("told_at", gettext_lazy("On"), order_by=("told_at",)),
    Column(
        "state",
        gettext_lazy("State"),
        order_by="read_at",
        value=lambda row: _("read") if row.read_at else _("not read yet"),
    ),
    Column("email", gettext_lazy("By e-mail"), value=_emailed),
)


def notices(request: SignedInRequest) -> HttpResponse:
    person = request.user.person
    page = ListPage.of(
        request,
        notices_of(person.pk),
        columns=_COLUMNS,
        default_sort="-told_at",
        title=_("Notices"),
    )
    form = LanguageForm(initial={"language": language_of(person.pk)})
    return page.answer("portal/notices.html", {"form": form, "address": person.email})


def notice(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """One notice; opening it is reading it."""
    shown = get_object_or_404(notices_of(request.user.person.pk), pk=notice_id)
    if request.method == "GET":
        read_notice(shown, at=timezone.now())
    context = {"notice": shown, "words": words_of(shown), "emailed": _emailed(shown)}
    return render(request, "portal/notice.html", context)


@require_POST
def language(request: SignedInRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    if form.is_valid():
        choose_language(request.user.person.pk, form.cleaned_data["language"])
    return go_to("portal:notices")
