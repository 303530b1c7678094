"""What the database refuses by itself, and whether it still does."""

import pytest
from django.db import connection

from credentials.evil_scene import undone
from hocvu.credentials.queries.guards_audited import audit_of_guards, guards_of_migrations
from hocvu.credentials.queries.register_log import Finding, Trouble, audit_register

DOWN, STRANGE = Trouble.GUARD_IS_DOWN, Trouble.STRANGE_GUARD


@pytest.fixture(autouse=True)
def all_of_it_undone(db):
    with undone():
        yield


def command(statement):
    """What an administrator types in psql."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def found():
    return [(each.trouble, each.where) for each in audit_of_guards()]


def test_every_trigger_of_the_database_is_one_that_migrations_made():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND c.relname NOT LIKE 'procrastinate%'
        """)
        assert set(cursor.fetchall()) == set(guards_of_migrations())
    assert found() == []


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE credentials_certificate DISABLE TRIGGER written_once",
        "ALTER TABLE credentials_certificate ENABLE REPLICA TRIGGER written_once",
        "DROP TRIGGER written_once ON credentials_certificate",
        (
            "DROP TRIGGER written_once ON credentials_certificate; CREATE TRIGGER written_once"
            " BEFORE UPDATE OR DELETE ON credentials_certificate FOR EACH ROW WHEN (false)"
            " EXECUTE FUNCTION refuse_change()"
        ),
        (
            "DROP TRIGGER written_once ON credentials_certificate; CREATE TRIGGER written_once"
            " BEFORE DELETE ON credentials_certificate FOR EACH ROW"
            " EXECUTE FUNCTION refuse_change()"
        ),
    ],
    ids=["off", "off in ordinary sessions", "dropped", "with a condition", "for deletes alone"],
)
def test_a_guard_that_keeps_nothing_any_more_is_named(statement):
    command(statement)

    assert found() == [(DOWN, "credentials_certificate (written_once)")]


def test_a_function_that_refuses_nothing_any_more_is_named_for_every_table_it_kept():
    command(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    )

    named = {where for trouble, where in found() if trouble is DOWN}
    kept = {
        guard for guard in guards_of_migrations().values() if "refuse_change" in guard.definition
    }
    assert named == {f"{guard.table} ({guard.name})" for guard in kept}
    assert len(named) > 30


def test_all_triggers_of_a_table_off_leaves_its_references_unchecked_too():
    command("ALTER TABLE credentials_registercopy DISABLE TRIGGER ALL")

    assert found() == [
        (DOWN, "credentials_registercopy (written_once)"),
        (DOWN, "credentials_registercopy (foreign key)"),
    ]


def test_a_trigger_or_rule_of_somebody_s_own_is_named():
    command(
        "CREATE TRIGGER quietly BEFORE INSERT ON credentials_registercopy FOR EACH ROW "
        "EXECUTE FUNCTION refuse_change()"
    )
    command(
        "CREATE RULE swallow AS ON INSERT TO credentials_registerentry DO INSTEAD NOTHING",
    )

    assert found() == [
        (STRANGE, "credentials_registercopy (quietly)"),
        (STRANGE, "credentials_registerentry (swallow)"),
    ]


def test_a_guard_switched_on_again_leaves_no_trace():
    """Said in the guide: what was changed meanwhile is found by the log, not here."""
    command("ALTER TABLE credentials_certificate DISABLE TRIGGER written_once")
    command("ALTER TABLE credentials_certificate ENABLE TRIGGER written_once")

    assert found() == []


def test_an_audit_of_the_register_names_a_guard_that_is_down(trust):
    command("ALTER TABLE credentials_registerentry DISABLE TRIGGER no_entry_is_dated_back")

    where = "credentials_registerentry (no_entry_is_dated_back)"
    assert audit_register() == [Finding(DOWN, where)]
