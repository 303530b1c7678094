"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import NavigationItem, register


class PapersConfig(AppConfig):
    name = "hocvu.papers"

    def ready(self) -> None:
        group = _("Tests and skills")
        register(
            NavigationItem(_("Papers"), "papers:papers", _only_writes_papers, order=37, group=group)
        )


def _only_writes_papers(request: HttpRequest) -> bool:
    """Whoever sees results finds the papers on the page of the tests."""
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    if not request.user.is_authenticated:
        return False
    scope = scope_of(request.user.person)
    sees_results = scope.may_anywhere(Permission.SEE_RESULTS)
    return scope.may_anywhere(Permission.WRITE_QUESTIONS) and not sees_results
