"""Lists: paging, sorting by named columns only, filters kept in the address, export to .xlsx."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Self
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import F, Model, OrderBy, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.kernel.errors import NotPossible
from hocvu.kernel.vietnamese import fold
from hocvu.spreadsheets import write_table
from hocvu.ui.templatetags.figures import shown

PAGE_SIZES = (25, 50, 100)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS_AT_ONCE = 2_000
_LONGEST_WORD = 24  # a serial number such as 31-SKHCN-2026-000137; no address of an e-mail


class ListChanged(NotPossible):
    """Rows came or went while they were written: the file would not match its own count."""


@dataclass(frozen=True)
class Column:
    """One column: `value` is what the file gets (or row.<key>), `cell` what the page shows.

    A column sorts only when it names the fields to order by; each path may follow relations.
    """

    key: str
    label: str | Promise
    order_by: str | tuple[str, ...] = ()
    value: Callable[[Any], object] | None = None
    cell: Callable[[Any], SafeString] | None = None
    href: Callable[[Any], str] | None = None
    numeric: bool = False
    on_phone: bool = True
    named_on_phone: bool = False  # a `cell` that needs the name of its column beside it there

    def value_of(self, row: object) -> object:
        return self.value(row) if self.value else attrgetter(self.key)(row)

    def shown_for(self, row: object) -> str:
        return self.cell(row) if self.cell else shown(self.value_of(row))

    def ordering(self, *, descending: bool) -> list[OrderBy]:
        """Empty values last either way: nobody looks for them first."""
        fields = (self.order_by,) if isinstance(self.order_by, str) else self.order_by
        return [
            F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
            for name in fields
        ]


@dataclass(frozen=True)
class Cell:
    column: Column
    shown: str
    href: str

    @property
    def stays_together(self) -> bool:
        """A number or code is one word: broken in two lines it is read as two."""
        return self.column.key == "code" or (
            self.column.cell is None and " " not in self.shown and len(self.shown) <= _LONGEST_WORD
        )

    @property
    def needs_name(self) -> bool:
        """On a phone's card a bare figure needs the name of its column; a lamp does not."""
        return self.column.cell is None or self.column.named_on_phone


@dataclass(frozen=True)
class Row:
    pk: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Heading:
    """The head of a column: its sort link, and how the rows stand now."""

    column: Column
    url: str
    sorted: str  # "ascending", "descending" or nothing


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class ListPage:
    """One page of a list for `ui/list.html`; two queries, and what the queryset prefetches."""

    request: HttpRequest
    queryset: QuerySet[Any]
    columns: Sequence[Column]
    default_sort: str
    title: str | Promise
    filters: BaseForm | None = None
    tickable: bool = False
    bulk_action: str = ""

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        queryset: QuerySet[Any],
        *,
        columns: Sequence[Column],
        default_sort: str,
        title: str | Promise,
        filters: BaseForm | None = None,
        tickable: bool = False,
        bulk_action: str = "",
    ) -> Self:
        """The page asked for: `?sort=-key&page=2&size=50`; nonsense falls back quietly."""
        return cls(request, queryset, columns, default_sort, title, filters, tickable, bulk_action)

    def answer(self, template: str, context: Mapping[str, object] | None = None) -> HttpResponse:
        """The page, or the whole list as a file when `?format=xlsx` asks for it."""
        if self.request.GET.get("format") == "xlsx":
            name = slugify(fold(str(self.title))) or "list"
            response = HttpResponse(self.as_xlsx(), content_type=_XLSX)
            response["Content-Disposition"] = f'attachment; filename="{quote(name)}.xlsx"'
            return response
        return render(self.request, template, {**(context or {}), "page": self})

    def as_xlsx(self) -> bytes:
        """Every row of the list in its order, not only this page."""
        written = 0

        def rows() -> Iterator[list[object]]:
            nonlocal written
            for row in self.ordered.iterator(chunk_size=_ROWS_AT_ONCE):
                written += 1
                yield [column.value_of(row) for column in self.columns]

        labels = [str(column.label) for column in self.columns]
        content = write_table(str(self.title), labels, rows(), sheet_name=str(self.title))
        if written != self.count:
            raise ListChanged(
                gettext_lazy("The list changed while the file was being written."),
                gettext_lazy("Please export it once more."),
            )
        return content

    # What is asked for

    @cached_property
    def sort(self) -> str:
        """The key of the column sorted by, with `-` in front for descending."""
        asked = self.request.GET.get("sort", "")
        known = {column.key for column in self.columns if column.order_by}
        return asked if asked.removeprefix("-") in known else self.default_sort

    @cached_property
    def size(self) -> int:
        asked = self.request.GET.get("size", "")
        return next((size for size in PAGE_SIZES if str(size) == asked), PAGE_SIZES[0])

    @cached_property
    def ordered(self) -> QuerySet[Any]:
        """All rows in their order; pk last, so that no row is met on two pages."""
        key = self.sort.removeprefix("-")
        ordering = next(
            (
                column.ordering(descending=self.sort.startswith("-"))
                for column in self.columns
                if column.key == key
            ),
            [],
        )
        return self.queryset.order_by(*ordering, "pk")

    @cached_property
    def _page(self) -> Page[Model]:
        return Paginator(self.ordered, self.size).get_page(self.request.GET.get("page"))

    # What the template shows

    @cached_property
    def count(self) -> int:
        return self._page.paginator.count

    @cached_property
    def rows(self) -> list[Row]:
        return [
            Row(
                str(row.pk),
                tuple(
                    Cell(column, column.shown_for(row), column.href(row) if column.href else "")
                    for column in self.columns
                ),
            )
            for row in self._page.object_list
        ]

    @cached_property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    @property
    def is_filtered(self) -> bool:
        asked = self.request.GET
        return any(asked[key] for key in asked if key not in {"page", "size", "sort", "format"})

    @property
    def range_in_words(self) -> str:
        """`26–50`: which rows these are."""
        return f"{shown(self._page.start_index())}–{shown(self._page.end_index())}"

    @property
    def page_in_words(self) -> str:
        last = self._page.paginator.num_pages
        return _("Page %(page)s of %(last)s") % {
            "page": shown(self._page.number),
            "last": shown(last),
        }

    @property
    def previous_url(self) -> str:
        return self.url(page=self._page.number - 1) if self._page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.url(page=self._page.number + 1) if self._page.has_next() else ""

    @property
    def sizes(self) -> list[Choice]:
        return [Choice(str(size), self.url(size=size), size == self.size) for size in PAGE_SIZES]

    @property
    def sort_choices(self) -> list[Choice]:
        """The columns to sort by, for a phone, where the table has no heads."""
        return [
            Choice(str(heading.column.label), heading.url, bool(heading.sorted))
            for heading in self.headings
            if heading.url
        ]

    @property
    def export_url(self) -> str:
        return self.url(format="xlsx")

    @property
    def unfiltered_url(self) -> str:
        return self.request.path

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter form sends along, hidden: the order and the size, not the page."""
        return [
            (key, self.request.GET[key]) for key in ("sort", "size") if self.request.GET.get(key)
        ]

    def url(self, **changes: object) -> str:
        """The same address with some questions changed; a new order or size starts at page one."""
        query = self.request.GET.copy()
        for key in ("page", "format"):
            query.pop(key, None)
        for key, value in changes.items():
            query[key] = str(value)
        return f"?{query.urlencode()}"

    def _heading(self, column: Column) -> Heading:
        if not column.order_by:
            return Heading(column, "", "")
        if self.sort == column.key:
            return Heading(column, self.url(sort=f"-{column.key}"), "ascending")
        if self.sort == f"-{column.key}":
            return Heading(column, self.url(sort=column.key), "descending")
        return Heading(column, self.url(sort=column.key), "")
