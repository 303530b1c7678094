"""A served house in a country of its own, and browsers to visit it with."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser_scene import make_country
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from playwright.sync_api import sync_playwright
from visitors import HEIGHT, Visitor

from hocvu.ui.fonts import build_web_fonts

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Country:
    """A database and the data folder that belongs to it."""

    database: str
    folder: Path


@pytest.fixture(scope="session")
def country(
    django_test_environment, django_db_modify_db_settings, django_db_blocker, tmp_path_factory
) -> Iterator[Country]:
    """Made once a worker, never walked through itself."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    made = Country(f"browser_country_{worker}", tmp_path_factory.mktemp("country"))
    with django_db_blocker.unblock():
        _create_database(made.database)
        with _living_in(made):
            call_command("migrate", verbosity=0)
            make_country()
        yield made
        _drop_database(made.database)


@pytest.fixture(scope="module")
def width():
    """A file that overrides this with several widths gets a fresh house for each."""


@pytest.fixture(scope="module")
def house(country, width, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """The address of a server in a fresh copy of the country."""
    copy = Country(f"{country.database}_copy", tmp_path_factory.mktemp("house") / "home")
    shutil.copytree(country.folder, copy.folder)
    with django_db_blocker.unblock():
        _create_database(copy.database, like=country.database)
        with _living_in(copy), _served() as address, override_settings(SITE_ADDRESS=address):
            yield address
        _drop_database(copy.database)
    cache.clear()


@pytest.fixture(scope="module")
def chromium():
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright waits in an event loop of its own; the tests ask the database beside it.
        patched.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(SWITCHES)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visitor(chromium, house):
    """Make a visitor: `visitor(390)`, `visitor(1280, "daotao", java_script_enabled=False)`."""
    contexts = []

    def arrive(width, username="", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHT[width]},
            locale="vi-VN",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        arrived = Visitor(context, house)
        return arrived.is_signed_in_as(username) if username else arrived

    yield arrive
    for context in contexts:
        context.close()


@contextmanager
def _living_in(country: Country) -> Iterator[None]:
    """Point connections and data folder at this country; the packaged static files stay."""
    build_web_fonts(settings.WEB_FONTS)
    named = connections["default"].settings_dict
    connections.close_all()
    before, named["NAME"] = named["NAME"], country.database
    static = country.folder / "static"
    static.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    try:
        with override_settings(
            HOME=country.folder,
            AUTHORITY_FOLDER=country.folder / "authority",
            REGISTER_FOLDER=country.folder / "register",
            STATIC_ROOT=static,
            STORAGES={**settings.STORAGES, "staticfiles": plain},
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ):
            yield
    finally:
        connections.close_all()
        named["NAME"] = before


@contextmanager
def _served() -> Iterator[str]:
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def _create_database(name: str, *, like: str = "template1") -> None:
    connections.close_all()
    _drop_database(name)
    _tell_server(f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY file_copy')


def _drop_database(name: str) -> None:
    _tell_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _tell_server(sentence: str) -> None:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(sentence)
