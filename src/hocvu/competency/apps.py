"""Wiring of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hocvu.ui.navigation import NavigationItem, Place, is_signed_in, register


class CompetencyConfig(AppConfig):
    name = "hocvu.competency"
    label = "competency"

    def ready(self) -> None:
        register(
            NavigationItem(
                _("My skills"), "competency:mine", is_signed_in, order=25, place=Place.ACCOUNT
            )
        )
