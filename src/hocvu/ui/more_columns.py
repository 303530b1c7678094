"""Columns that a room adds to a list of things from a room below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hocvu.ui.tables import Column


@dataclass(frozen=True)
class MoreColumns:
    """What stands behind the columns of a list, and how its rows come to hold what these show."""

    columns: Callable[[Any], Sequence[Column]]  # given what the list is about
    rows: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    order: int = 100


_added: dict[str, dict[str, MoreColumns]] = {}


def register_columns(page: str, name: str, added: MoreColumns) -> None:
    """Add columns to a kind of list (`decisions`); the same name again replaces them."""
    _added.setdefault(page, {})[name] = added


def with_more_columns(
    page: str, rows: QuerySet[Any], columns: Sequence[Column], *, about: object = None
) -> tuple[QuerySet[Any], tuple[Column, ...]]:
    """Rows and columns of a list with those that rooms above add, in order."""
    every = tuple(columns)
    for added in sorted(_added.get(page, {}).values(), key=lambda added: added.order):
        rows, every = added.rows(rows), (*every, *added.columns(about))
    return rows, every
