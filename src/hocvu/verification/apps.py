"""Wiring of this room."""

from django.apps import AppConfig
from django.core.signals import request_finished
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    name = "hocvu.verification"
    label = "verification"

    def ready(self) -> None:
        from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models are ready now
        from hocvu.people.rules.access import Permission  # noqa: PLC0415
        from hocvu.ui.navigation import NavigationItem, Place, register  # noqa: PLC0415
        from hocvu.verification.actions.checks import write_checks_when_due  # noqa: PLC0415

        request_finished.connect(write_checks_when_due)

        def is_nobody(request: HttpRequest) -> bool:
            return not request.user.is_authenticated

        register(
            NavigationItem(_("Verify a certificate"), "verification:verify", is_nobody, order=90)
        )

        def administers(request: HttpRequest) -> bool:
            user = request.user
            if not user.is_authenticated:
                return False
            held = scope_of(user.person).paths(Permission.GRANT_ROLES)
            return any(path.count(".") == 1 for path in held)  # the root of the tree

        register(
            NavigationItem(
                _("Keys of organisations"),
                "verification:keys",
                administers,
                order=90,
                place=Place.ACCOUNT,
            )
        )
