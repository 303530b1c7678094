"""Wiring of this room."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import NavigationItem, Place, Tab, is_signed_in, register, register_tab


class ExamsConfig(AppConfig):
    name = "hocvu.exams"
    label = "exams"

    def ready(self) -> None:
        register(
            NavigationItem(_("My tests"), "exams:mine", is_signed_in, order=20, place=Place.ACCOUNT)
        )
        group = _("Tests and skills")
        results = NavigationItem(
            _("Test results"), "exams:sittings", _sees_results, order=36, group=group
        )
        register(results)
        register_tab(
            "class",
            "exams",
            Tab(
                _("Open a test"),
                lambda training_class: reverse("exams:open", args=[training_class.pk]),
                _opens_tests,
                order=10,
            ),
        )
        _withhold_keys()


def _withhold_keys() -> None:
    from hocvu.exams.queries.ahead import tests_that_may_ask  # noqa: PLC0415 — as below
    from hocvu.questions.queries.withheld import register_withholding  # noqa: PLC0415

    register_withholding("exams", tests_that_may_ask)


def _sees_results(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(
        Permission.SEE_RESULTS
    )


def _opens_tests(request: HttpRequest, training_class: Any) -> bool:
    from hocvu.exams.policies import can_run_tests  # noqa: PLC0415 — models load after apps

    return (
        request.user.is_authenticated
        and not training_class.is_closed
        and can_run_tests(request.user.person, training_class)
    )
