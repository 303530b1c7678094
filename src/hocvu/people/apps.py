"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvu.ui.navigation import (
    AccountMenu,
    NavigationItem,
    Place,
    is_signed_in,
    register,
    register_account,
)


class PeopleConfig(AppConfig):
    name = "hocvu.people"
    label = "people"

    def ready(self) -> None:
        register_account(AccountMenu("people:sign_in", "people:sign_out", _name))
        group = _("People and units")
        for label, url_name, permission, order in (
            (_("People"), "people:list", _has_a_role, 40),
            (_("Rosters"), "people:rosters", _keeps_rosters, 45),
            (_("Units"), "people:units", _has_a_role, 46),
        ):
            register(NavigationItem(label, url_name, permission, order=order, group=group))
        register(
            NavigationItem(_("My account"), "people:account", is_signed_in, place=Place.ACCOUNT)
        )


def _name(request: HttpRequest) -> str:
    return request.user.person.full_name if request.user.is_authenticated else ""


def _has_a_role(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    return request.user.is_authenticated and bool(scope_of(request.user.person).grants)


def _keeps_rosters(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps
    from hocvu.people.rules.access import Permission  # noqa: PLC0415

    return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(
        Permission.IMPORT_PEOPLE
    )
