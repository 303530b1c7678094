"""What every test may lean on: a real PostgreSQL, a browser, passwords that cost nothing."""

import os
import shutil

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import expect, sync_playwright

from databases import empty_after_a_commit, migrated, use_no_more_disk_than_needed
from hocvu.config import embedded

_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Playwright has one patience for all files: a busy machine is slow, not wrong.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker
) -> None:
    """Start the embedded server of the tests (or use the one named by DATABASE_URL)."""
    named = connections["default"].settings_dict
    # A pool outlives the thread that opened it; tests open and close their own connections.
    named["OPTIONS"].pop("pool", None)
    with django_db_blocker.unblock():
        if "DATABASE_URL" not in os.environ:
            from hocvu.config.settings import _database

            started = _database(embedded.start("test-postgres"))
            named.update({key: started[key] for key in ("HOST", "PORT", "USER")})
            use_no_more_disk_than_needed()
        named["TEST"]["TEMPLATE"] = migrated()
        empty_after_a_commit()


@pytest.fixture(scope="session", autouse=True)
def passwords_that_cost_nothing():
    """Hundreds of people sign in; what guessing a password costs is not what tests ask."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="module")
def chromium():
    """A browser for the tests of one file: while it lives, nothing else can run an event loop."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright waits in an event loop of its own; the tests ask the database beside it.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_SWITCHES)
        )
        yield browser
        browser.close()
