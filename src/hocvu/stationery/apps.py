"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import NavigationItem, register


class StationeryConfig(AppConfig):
    name = "hocvu.stationery"
    label = "stationery"

    def ready(self) -> None:
        register(
            NavigationItem(
                _("Templates and blanks"),
                "stationery:templates",
                _sees_certificates,
                order=72,
                group=_("Certificates"),
            )
        )


def _sees_certificates(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(
        Permission.SEE_CERTIFICATES
    )
