"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvu.ui.navigation import NavigationItem, register


class QuestionsConfig(AppConfig):
    name = "hocvu.questions"
    label = "questions"

    def ready(self) -> None:
        group = _("Tests and skills")
        register(
            NavigationItem(
                _("Question bank"), "questions:bank", _writes_questions, order=35, group=group
            )
        )


def _writes_questions(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps
    from hocvu.people.rules.access import Permission  # noqa: PLC0415

    return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(
        Permission.WRITE_QUESTIONS
    )
