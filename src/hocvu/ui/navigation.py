"""What the base page links to. Contexts register in their `apps.ready()`; ui knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject


class Place(Enum):
    MAIN = "main"
    ACCOUNT = "account"


@dataclass(frozen=True)
class NavigationItem:
    """A page worth a link; `permission` says for whom, from what the request already holds.

    Links of one `group` that follow each other share a place in the bar and open under its name.
    """

    label: str | Promise
    url_name: str
    permission: Callable[[HttpRequest], bool]
    order: int = 100
    place: Place = Place.MAIN
    group: str | Promise = ""


@dataclass(frozen=True)
class Tab:
    """A link that a room adds to the record page of a thing from a room below it."""

    label: str | Promise
    href: Callable[[Any], str]
    permission: Callable[[HttpRequest, Any], bool]
    order: int = 100


@dataclass(frozen=True)
class Section:
    """A part that a room adds to the page of a thing from a room below it."""

    template: str
    context: Callable[[HttpRequest, Any], dict[str, object]]  # of that template
    order: int = 100


@dataclass(frozen=True)
class AccountMenu:
    """Where people sign in and out, and who is here: an empty name is nobody."""

    sign_in: str
    sign_out: str
    name_of: Callable[[HttpRequest], str]


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False
    group: str = ""


@dataclass(frozen=True)
class Account:
    name: str
    sign_in_url: str
    sign_out_url: str
    links: tuple[Link, ...]


_items: dict[tuple[str, Place], NavigationItem] = {}
_menu: list[AccountMenu] = []
_tabs: dict[str, dict[str, Tab]] = {}
_sections: dict[str, dict[str, Section]] = {}


def is_signed_in(request: HttpRequest) -> bool:
    """For links that everybody has who is signed in."""
    return request.user.is_authenticated


def register(item: NavigationItem) -> None:
    """Add a link; the same address registered again replaces the earlier one."""
    _items[item.url_name, item.place] = item


def register_account(menu: AccountMenu) -> None:
    """Say where to sign in; one context does this once."""
    _menu[:] = [menu]


def links_for(request: HttpRequest, place: Place) -> tuple[Link, ...]:
    """The links this request may follow, in order; the longest address it lies under is current."""
    items = sorted(
        (item for item in _items.values() if item.place is place and item.permission(request)),
        key=lambda item: (item.order, item.url_name),
    )
    urls = [reverse(item.url_name) for item in items]
    here = max((url for url in urls if _lies_under(request.path, url)), key=len, default="")
    return tuple(
        Link(str(item.label), url, url == here, str(item.group))
        for item, url in zip(items, urls, strict=True)
    )


def account_of(request: HttpRequest) -> Account | None:
    """Who is signed in and where to go; nothing where no context offers accounts."""
    if not _menu:
        return None
    menu = _menu[0]
    return Account(
        menu.name_of(request),
        reverse(menu.sign_in),
        reverse(menu.sign_out),
        links_for(request, Place.ACCOUNT),
    )


def register_tab(page: str, name: str, tab: Tab) -> None:
    """Add a tab to a kind of record page (`class`); the same name again replaces it."""
    _tabs.setdefault(page, {})[name] = tab


def tabs_of(page: str, request: HttpRequest, thing: object) -> tuple[Link, ...]:
    """What rooms above offer this person about a thing."""
    tabs = sorted(_tabs.get(page, {}).values(), key=lambda tab: tab.order)
    return tuple(
        Link(str(tab.label), tab.href(thing)) for tab in tabs if tab.permission(request, thing)
    )


def register_section(page: str, name: str, section: Section) -> None:
    """Add a section to a kind of page (`result`); the same name again replaces it."""
    _sections.setdefault(page, {})[name] = section


def sections_of(page: str) -> list[Section]:
    """What rooms above add to a kind of page, in order."""
    return sorted(_sections.get(page, {}).values(), key=lambda section: section.order)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: `navigation`, `account`, `language_url`; worked out only where shown.

    A request refused before anybody could be recognised (a wrong host) has no `user`: its page
    shows neither.
    """
    if not hasattr(request, "user"):
        return {"navigation": (), "account": None, "language_url": ""}
    return {
        "navigation": SimpleLazyObject(lambda: links_for(request, Place.MAIN)),
        "account": SimpleLazyObject(lambda: account_of(request)),
        "language_url": SimpleLazyObject(_language_url),
    }


def _language_url() -> str:
    try:
        return reverse("set_language")
    except NoReverseMatch:
        return ""


def _lies_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
