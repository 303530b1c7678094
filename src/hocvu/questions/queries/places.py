"""Where questions belong: what can be chosen, and what it is called."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from django.db.models import QuerySet

from hocvu.competency.models import Component
from hocvu.competency.queries import frameworks_in_force
from hocvu.items.storing import to_json
from hocvu.questions.models import Question
from hocvu.questions.queries.items import item_of
from hocvu.questions.rules.places import Place
from hocvu.ui.languages import in_language

_NAMES = ("component_code", "level", "topic", "target_group", "source")


def place_of(question: Question) -> Place:
    return Place(**{name: getattr(question, name) for name in _NAMES})


def mark_of(question: Question) -> str:
    """Changes whenever a word of the question, its key or its place changes."""
    said = [to_json(item_of(question)), place_of(question).as_json(), question.media]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Places:
    """Components and levels of the frameworks in force, by code, in their order. Two queries."""

    components: dict[str, str]
    levels: dict[str, str]

    @classmethod
    def on(cls, day: date) -> Self:
        frameworks = list(frameworks_in_force(day))
        components = Component.objects.filter(framework__in=frameworks).order_by("pk")
        return cls(
            {each.code: in_language(each.name, each.name_en) for each in components},
            {
                level["code"]: in_language(level["name_vi"], level.get("name_en", ""))
                for framework in frameworks
                for level in framework.levels
            },
        )

    @cached_property
    def component_choices(self) -> list[tuple[str, str]]:
        return [(code, f"{code} {name}") for code, name in self.components.items()]

    @cached_property
    def level_choices(self) -> list[tuple[str, str]]:
        return [(code, f"{code} – {name}") for code, name in self.levels.items()]


def topics_of(questions: QuerySet[Question]) -> list[str]:
    """The topics that these questions have been given, for filters and suggestions."""
    return sorted(set(questions.exclude(topic="").values_list("topic", flat=True).distinct()))
