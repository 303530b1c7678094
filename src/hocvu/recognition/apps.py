"""Wiring of this room."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import NavigationItem, Tab, register, register_tab


class RecognitionConfig(AppConfig):
    name = "hocvu.recognition"

    def ready(self) -> None:
        register_tab(
            "class",
            "recognition",
            Tab(
                _("Who has earned recognition, and why the others have not"),
                lambda training_class: reverse("recognition:candidates", args=[training_class.pk]),
                _issues_for,
                order=20,
            ),
        )
        group = _("Certificates")
        for label, url_name, permission, order in (
            (_("Recognition"), "recognition:classes", _issues, 60),
            (_("Proposed decisions"), "recognition:proposals", _approves, 65),
        ):
            register(NavigationItem(label, url_name, permission, order=order, group=group))


def _issues(request: HttpRequest) -> bool:
    return _may(Permission.ISSUE_CERTIFICATES, request)


def _approves(request: HttpRequest) -> bool:
    return _may(Permission.APPROVE_DECISIONS, request)


def _may(permission: Permission, request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    user = request.user
    return user.is_authenticated and scope_of(user.person).may_anywhere(permission)


def _issues_for(request: HttpRequest, training_class: Any) -> bool:
    from hocvu.recognition.policies import can_issue_for  # noqa: PLC0415 — as above

    user = request.user
    return user.is_authenticated and can_issue_for(user.person, training_class.host_unit)
