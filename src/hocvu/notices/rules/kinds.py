"""What can be told, and in which words. Rooms above register their kinds in `apps.ready()`.

A notice keeps facts (ids, numbers of decisions, counts; never a name), not sentences: its words are
found when it is read or sent, in the language of whoever reads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """What happened, what it means, what to do: whole sentences in the language that is active.

    The heading is also an e-mail's subject, which others may see over a shoulder: no names in it.
    """

    heading: str
    happened: str
    meaning: str
    what_to_do: str
    path: str = ""  # of the page where it is done, from the site's root
    button: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of notice; an urgent one is sent at any hour of the day."""

    code: str
    words: Callable[[Facts], Words]
    is_urgent: bool = False


_kinds: dict[str, Kind] = {}
_page: list[Callable[[int], str]] = []


def register_kind(kind: Kind) -> None:
    """Say how a kind of notice reads; the same code again replaces it."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    return _kinds[code]


def register_page(path_of: Callable[[int], str]) -> None:
    """Say where a notice is read, by its number; one room does this once."""
    _page[:] = [path_of]


def page_of(notice_id: int) -> str:
    """The path of a notice's own page; nothing where no room shows notices."""
    return _page[0](notice_id) if _page else ""
