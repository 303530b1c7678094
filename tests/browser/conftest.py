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
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from visitors import HEIGHT, Visitor

from databases import connected_to, create_database, drop_database, migrated
from hocvu.ui.fonts import build_web_fonts


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
        create_database(made.database, like=migrated())
        with _living_in(made):
            make_country()
        yield made
        drop_database(made.database)


@pytest.fixture(scope="module")
def width():
    """A file that overrides this with several widths gets a fresh house for each."""


@pytest.fixture(scope="module")
def house(country, width, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """The address of a server in a fresh copy of the country."""
    copy = Country(f"{country.database}_copy", tmp_path_factory.mktemp("house") / "home")
    shutil.copytree(country.folder, copy.folder)
    with django_db_blocker.unblock():
        create_database(copy.database, like=country.database)
        with _living_in(copy), _served() as address, override_settings(SITE_ADDRESS=address):
            yield address
        drop_database(copy.database)
    cache.clear()


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
    static = country.folder / "static"
    static.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        connected_to(country.database),
        override_settings(
            HOME=country.folder,
            AUTHORITY_FOLDER=country.folder / "authority",
            REGISTER_FOLDER=country.folder / "register",
            STATIC_ROOT=static,
            STORAGES={**settings.STORAGES, "staticfiles": plain},
        ),
    ):
        yield


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
