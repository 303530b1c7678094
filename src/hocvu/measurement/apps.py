"""Wiring of this room."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import NavigationItem, Place, Tab, is_signed_in, register, register_tab


class MeasurementConfig(AppConfig):
    name = "hocvu.measurement"

    def ready(self) -> None:
        register(
            NavigationItem(
                _("My skills tests"),
                "measurement:mine",
                is_signed_in,
                order=21,
                place=Place.ACCOUNT,
            )
        )
        group = _("Tests and skills")
        for label, url_name, permission, order in (
            (_("Skills tests"), "measurement:sittings", _sees_results, 36),
            (_("Measuring scales"), "measurement:scales", _writes_questions, 38),
            (_("Cut scores"), "measurement:cut_scores", _writes_questions, 39),
            (_("Quality of questions"), "measurement:quality", _writes_questions, 39),
        ):
            register(NavigationItem(label, url_name, permission, order=order, group=group))
        register_tab(
            "class",
            "skills tests",
            Tab(
                _("Offer a skills test to this class"),
                lambda training_class: reverse("measurement:offer", args=[training_class.pk]),
                _offers_tests,
                order=11,
            ),
        )
        _withhold_keys()


def _withhold_keys() -> None:
    from hocvu.measurement.queries.ahead import tests_that_may_ask  # noqa: PLC0415 — as below
    from hocvu.questions.queries.withheld import register_withholding  # noqa: PLC0415

    register_withholding("measurement", tests_that_may_ask)


def _may(request: HttpRequest, permission: Permission) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(permission)


def _sees_results(request: HttpRequest) -> bool:
    return _may(request, Permission.SEE_RESULTS)


def _writes_questions(request: HttpRequest) -> bool:
    return _may(request, Permission.WRITE_QUESTIONS)


def _offers_tests(request: HttpRequest, training_class: Any) -> bool:
    from hocvu.measurement.policies import can_offer_tests  # noqa: PLC0415 — as above

    return (
        request.user.is_authenticated
        and not training_class.is_closed
        and can_offer_tests(request.user.person, training_class)
    )
