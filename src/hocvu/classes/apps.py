"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ClassesConfig(AppConfig):
    name = "hocvu.classes"
    label = "classes"

    def ready(self) -> None:
        from hocvu.classes.queries import has_duties  # noqa: PLC0415 — models are loaded by now
        from hocvu.classes.queries.notice_words import KINDS  # noqa: PLC0415
        from hocvu.notices.rules.kinds import register_kind  # noqa: PLC0415
        from hocvu.people.queries.scope import scope_of  # noqa: PLC0415
        from hocvu.people.rules.access import Permission  # noqa: PLC0415
        from hocvu.ui.navigation import (  # noqa: PLC0415
            NavigationItem,
            Place,
            is_signed_in,
            register,
        )

        def sees_classes(request: HttpRequest) -> bool:
            return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(
                Permission.SEE_CLASSES
            )

        def has_a_duty(request: HttpRequest) -> bool:
            return request.user.is_authenticated and has_duties(request.user.person)

        for kind in KINDS:
            register_kind(kind)
        register(NavigationItem(_("Classes"), "classes:list", sees_classes, order=20))
        register(NavigationItem(_("Roll calls"), "classes:duties", has_a_duty, order=25))
        register(
            NavigationItem(
                _("Check in"), "classes:check_in", is_signed_in, order=10, place=Place.ACCOUNT
            )
        )
