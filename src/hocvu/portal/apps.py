"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvu.notices.rules.kinds import register_page
from hocvu.ui.navigation import NavigationItem, Place, is_signed_in, register


class PortalConfig(AppConfig):
    name = "hocvu.portal"
    label = "portal"

    def ready(self) -> None:
        register_page(lambda notice_id: reverse("portal:notice", args=[notice_id]))
        register(
            NavigationItem(
                _("Notices"), "portal:notices", is_signed_in, order=10, place=Place.ACCOUNT
            )
        )
        register(NavigationItem(_("E-mails"), "portal:deliveries", _keeps_it, order=95))


def _keeps_it(request: HttpRequest) -> bool:
    from hocvu.portal.queries import keeps_the_installation  # noqa: PLC0415 — models load after apps

    return request.user.is_authenticated and keeps_the_installation(request.user.person)
