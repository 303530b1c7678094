"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "hocvu.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from hocvu.campaigns import reactions  # noqa: F401, PLC0415 — registers what answers events
        from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models are ready only now
        from hocvu.people.rules.access import Permission  # noqa: PLC0415
        from hocvu.ui.navigation import NavigationItem, register  # noqa: PLC0415

        def sees_coverage(request: HttpRequest) -> bool:
            user = request.user
            return user.is_authenticated and scope_of(user.person).may_anywhere(
                Permission.SEE_COVERAGE
            )

        register(NavigationItem(_("Coverage"), "campaigns:start", sees_coverage, order=50))
