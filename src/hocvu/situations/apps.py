"""Wiring of this room."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import NavigationItem, Place, Tab, is_signed_in, register, register_tab


class SituationsConfig(AppConfig):
    name = "hocvu.situations"
    label = "situations"

    def ready(self) -> None:
        register(
            NavigationItem(
                _("My situations"),
                "situations:mine",
                is_signed_in,
                order=22,
                place=Place.ACCOUNT,
            )
        )
        register(
            NavigationItem(
                _("Situations"),
                "situations:exercises",
                _sees_results,
                order=37,
                group=_("Tests and skills"),
            )
        )
        register_tab(
            "class",
            "situations",
            Tab(
                _("Open a situation exercise"),
                lambda training_class: reverse("situations:open", args=[training_class.pk]),
                _opens_exercises,
                order=12,
            ),
        )


def _sees_results(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(
        Permission.SEE_RESULTS
    )


def _opens_exercises(request: HttpRequest, training_class: Any) -> bool:
    from hocvu.situations.policies import can_open_exercises  # noqa: PLC0415 — as above

    return (
        request.user.is_authenticated
        and not training_class.is_closed
        and can_open_exercises(request.user.person, training_class)
    )
