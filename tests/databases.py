"""The databases of the tests: migrated once, copied for every worker, emptied when a test commits.

Running all migrations takes longer than a hundred tests; a copy of their outcome takes a moment.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.test import TransactionTestCase

from hocvu.config.settings import PACKAGE
from hocvu.register.durable import alone

_MIGRATED = "hocvu_migrated_"
# What migrations and their signals leave behind; every other row belongs to the test that wrote it.
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}
_STRAGGLER = 5.0  # seconds for a page that was closed while the server still answered it


def use_no_more_disk_than_needed() -> None:
    """The server of the tests forgets all with the machine it runs on. A killed process loses
    nothing even so: the kernel keeps what was written."""
    for name in ("fsync", "full_page_writes"):
        tell_server(f"ALTER SYSTEM SET {name} = off")
    tell_server("SELECT pg_reload_conf()")


def migrated() -> str:
    """The name of a database with every migration, made by whoever comes first."""
    name = f"{_MIGRATED}{_fingerprint()}"
    with alone(settings.HOME / "test-migrated"):
        if not _exists(name):
            for old in _names_like(f"{_MIGRATED}%"):
                drop_database(old)
            unfinished = f"{name}_unfinished"
            create_database(unfinished)
            with connected_to(unfinished):
                call_command("migrate", verbosity=0)
            tell_server(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _fingerprint() -> str:
    known = hashlib.sha256(django.__version__.encode())
    requirements = PACKAGE.parent.parent / "requirements" / "main.txt"
    for each in [requirements, *sorted(PACKAGE.glob("*/migrations/*.py"))]:
        known.update(each.name.encode() + each.read_bytes())
    return known.hexdigest()[:16]


def empty_after_a_commit() -> None:
    """Let a test that commits be cleaned up row by row: it writes into few of the tables.

    Emptying every table, and telling every room that it migrated, takes twenty times as long.
    """
    if _may_pass_over_triggers():
        TransactionTestCase._fixture_teardown = lambda _: _empty()


def _may_pass_over_triggers() -> bool:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return cursor.fetchone()[0]


def _empty() -> None:
    connection = connections["default"]
    _wait_for_stragglers(connection)
    names = [each for each in connection.introspection.table_names() if each not in _KEPT]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{n}' FROM \"{n}\" LIMIT 1)" for n in names))
        written = [name for (name,) in cursor.fetchall()]
        if written:
            with no_trigger_objects():
                cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in written))


@contextmanager
def no_trigger_objects() -> Iterator[None]:
    """Rows that never change are changed, and references point nowhere, until the scene is set."""
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def _wait_for_stragglers(connection) -> None:
    """Until nobody else is in the middle of something here."""
    until = time.monotonic() + _STRAGGLER
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                " AND state <> 'idle'"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)


def create_database(name: str, *, like: str = "template1") -> None:
    drop_database(name)
    tell_server(f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY file_copy')


def drop_database(name: str) -> None:
    tell_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Whatever asks the database meanwhile asks this one."""
    named = connections["default"].settings_dict
    connections.close_all()
    before, named["NAME"] = named["NAME"], name
    try:
        yield
    finally:
        connections.close_all()
        named["NAME"] = before


def tell_server(sentence: str) -> None:
    """Say it to the server, outside any transaction."""
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(sentence)


def _exists(name: str) -> bool:
    return bool(_names_like(name))


def _names_like(pattern: str) -> list[str]:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
        return [name for (name,) in cursor.fetchall()]
