"""Which programme holds on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import get_language

from hocvu.courses.models import Programme, Topic


def programmes_in_force(on: date) -> QuerySet[Programme]:
    """The newest version of every programme that holds on this day, by name."""
    newest = (
        Programme.objects.filter(valid_from__lte=on)
        .order_by("code", "-valid_from", "-version")
        .distinct("code")
        .values("pk")
    )
    return Programme.objects.filter(pk__in=newest).order_by("name", "pk")


def programme_in_force(code: str, on: date) -> Programme:
    """The version of this programme that holds on this day, or `Programme.DoesNotExist`."""
    return programmes_in_force(on).get(code=code)


def title_of(topic: Topic) -> str:
    """The topic in the language of the page."""
    return topic.title_en if get_language() == "en" and topic.title_en else topic.title


def titles_of(topics: Iterable[Topic]) -> tuple[str, ...]:
    """The topics of a half day, in the language of the page."""
    return tuple(title_of(topic) for topic in topics)


def name_of(programme: Programme) -> str:
    """The programme in the language of the page."""
    return programme.name_en if get_language() == "en" and programme.name_en else programme.name
