"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import NavigationItem, Place, register


class ExamsConfig(AppConfig):
    name = "hocvu.exams"
    label = "exams"

    def ready(self) -> None:
        register(
            NavigationItem(
                _("My tests"), "exams:mine", _is_signed_in, order=20, place=Place.ACCOUNT
            )
        )
        register(NavigationItem(_("Test results"), "exams:sittings", _sees_results, order=36))


def _is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _sees_results(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(
        Permission.SEE_RESULTS
    )
