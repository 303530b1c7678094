"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvu.ui.navigation import NavigationItem, Place, register


class CompetencyConfig(AppConfig):
    name = "hocvu.competency"
    label = "competency"

    def ready(self) -> None:
        register(
            NavigationItem(
                _("My skills"), "competency:mine", _is_signed_in, order=25, place=Place.ACCOUNT
            )
        )


def _is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated
