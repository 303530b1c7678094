"""Wiring of this room."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import (
    NavigationItem,
    Section,
    Tab,
    is_signed_in,
    register,
    register_section,
    register_tab,
)


class MarkingConfig(AppConfig):
    name = "hocvu.marking"

    def ready(self) -> None:
        from hocvu.marking import reactions  # noqa: F401, PLC0415 — registers what answers events

        group = _("Tests and skills")
        register(
            NavigationItem(
                _("Answers to mark"), "marking:marking", _marks_answers, order=38, group=group
            )
        )
        register_section("result", "marking", Section("marking/parts/appeal.html", _what_became))
        _add_tabs()


def _add_tabs() -> None:
    register_tab(
        "my tests", "marking", Tab(_("Answers to mark"), _to("marking:marking"), _is_a_marker)
    )
    register_tab("sitting", "marking", Tab(_("Markers"), _to("marking:markers"), _runs_sitting))
    for order, label, page in (
        (10, _("Appeals"), "marking:appeals"),
        (11, _("Corrected keys"), "marking:corrections"),
    ):
        register_tab("sittings", page, Tab(label, _to(page), _anybody, order))
    register_tab(
        "question",
        "marking",
        Tab(_("Its key was wrong: correct it"), _to("marking:correct"), _corrects_key),
    )


def _to(address: str) -> Callable[[Any], str]:
    """The page of a thing, or one that needs none."""
    return lambda thing: reverse(address, args=[thing.pk] if thing is not None else [])


def _anybody(request: HttpRequest, _thing: object) -> bool:
    return is_signed_in(request)


def _marks_answers(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models load after apps

    return request.user.is_authenticated and scope_of(request.user.person).may_anywhere(
        Permission.MARK_ANSWERS
    )


def _is_a_marker(request: HttpRequest, _thing: object) -> bool:
    from hocvu.marking.queries.waiting import is_a_marker  # noqa: PLC0415 — as above

    return request.user.is_authenticated and is_a_marker(request.user.person)


def _runs_sitting(request: HttpRequest, sitting: Any) -> bool:
    from hocvu.exams.queries.rooms import sittings_run_by  # noqa: PLC0415 — as above

    person = request.user.person if request.user.is_authenticated else None
    return person is not None and sittings_run_by(person).filter(pk=sitting.pk).exists()


def _corrects_key(request: HttpRequest, question: Any) -> bool:
    from hocvu.marking.queries.corrections import questions_to_correct_by  # noqa: PLC0415

    person = request.user.person if request.user.is_authenticated else None
    return person is not None and questions_to_correct_by(person).filter(pk=question.pk).exists()


def _what_became(request: HttpRequest, page: Any) -> dict[str, object]:
    from hocvu.marking.queries.appeals import appeals_of  # noqa: PLC0415 — as above

    numbers = {each.id: each.number for each in page.questions}
    is_own = request.user.is_authenticated and page.attempt.person == request.user.person
    appeals = appeals_of(page.attempt, numbers, timezone.now(), told=page.with_key)
    return {"page": page, "is_own": is_own, "appeals": appeals}
