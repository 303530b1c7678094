"""Wiring of this room."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CredentialsConfig(AppConfig):
    name = "hocvu.credentials"
    label = "credentials"

    def ready(self) -> None:
        from hocvu.credentials import reactions  # noqa: F401, PLC0415 — they listen from now on
        from hocvu.credentials.policies import can_issue_for  # noqa: PLC0415
        from hocvu.credentials.queries.notice_words import KINDS  # noqa: PLC0415
        from hocvu.notices.rules.kinds import register_kind  # noqa: PLC0415
        from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models are ready only now
        from hocvu.people.rules.access import Permission  # noqa: PLC0415
        from hocvu.ui.navigation import (  # noqa: PLC0415
            NavigationItem,
            Tab,
            register,
            register_tab,
        )

        def may(permission: Permission, request: HttpRequest) -> bool:
            user = request.user
            return user.is_authenticated and scope_of(user.person).may_anywhere(permission)

        def issues(request: HttpRequest) -> bool:
            return may(Permission.ISSUE_CERTIFICATES, request)

        def approves(request: HttpRequest) -> bool:
            return may(Permission.APPROVE_DECISIONS, request)

        def sees(request: HttpRequest) -> bool:
            return may(Permission.SEE_CERTIFICATES, request)

        def issues_for(request: HttpRequest, training_class: Any) -> bool:
            user = request.user
            return user.is_authenticated and can_issue_for(user.person, training_class.host_unit)

        for kind in KINDS:
            register_kind(kind)
        register_tab(
            "class",
            "credentials",
            Tab(
                _("Who has earned recognition, and why the others have not"),
                lambda training_class: reverse("credentials:candidates", args=[training_class.pk]),
                issues_for,
                order=20,
            ),
        )
        for label, url_name, permission, order in (
            (_("Recognition"), "credentials:classes", issues, 60),
            (_("Proposed decisions"), "credentials:proposals", approves, 65),
            (_("Root register"), "credentials:register", sees, 70),
            (_("Certificates of our people"), "credentials:received", sees, 72),
        ):
            group = _("Certificates")
            register(NavigationItem(label, url_name, permission, order=order, group=group))
