"""What the database refuses by itself, and whether it still does."""

import pytest
from django.db import connection

from credentials.evil_scene import undone
from hocvu.inspection.queries.findings import Finding, Trouble
from hocvu.inspection.queries.guards import audit_of_guards, guards_of_migrations
from hocvu.inspection.queries.register import audit_register

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

    copies = [each for each in guards_of_migrations() if each[0] == "credentials_registercopy"]
    assert found() == [
        *((DOWN, f"{table} ({name})") for table, name in copies),
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


CERTIFICATE, ENTRY = "credentials_certificate", "credentials_registerentry"


def name_of(table, kind, said):
    """The constraint of this kind whose definition says so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s"
            " AND pg_get_constraintdef(oid) LIKE %s ORDER BY conname LIMIT 1",
            [table, kind, f"%{said}%"],
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("table", "kind", "said", "named"),
    [
        (ENTRY, "c", "reason", None),
        (CERTIFICATE, "c", "octet_length(tail)", "a_tail_is_small"),
        (CERTIFICATE, "u", "verification_code", None),
        (ENTRY, "f", "(certificate_id)", "certificate_id"),
    ],
    ids=["a rule", "a rule in a migration's own words", "only once", "a reference"],
)
def test_a_constraint_that_was_dropped_is_named(table, kind, said, named):
    constraint = name_of(table, kind, said)

    command(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")

    assert {where for _trouble, where in found()} == {f"{table} ({named or constraint})"}
    assert {trouble for trouble, _where in found()} == {DOWN}


@pytest.mark.parametrize(
    "instead",
    ["CHECK (octet_length(tail) <= 600000)", "CHECK (octet_length(tail) <= 6144) NOT VALID"],
    ids=["weaker", "not held against the rows that are there"],
)
def test_a_constraint_that_is_another_one_is_named(instead):
    command(f"ALTER TABLE {CERTIFICATE} DROP CONSTRAINT a_tail_is_small")
    command(f"ALTER TABLE {CERTIFICATE} ADD CONSTRAINT a_tail_is_small {instead}")

    assert found() == [(DOWN, f"{CERTIFICATE} (a_tail_is_small)")]


def test_a_number_that_may_be_missing_is_named():
    command(f"ALTER TABLE {CERTIFICATE} ALTER serial_number DROP NOT NULL")

    assert found() == [(DOWN, f"{CERTIFICATE} (serial_number)")]


def test_a_unique_index_that_is_gone_or_another_is_named():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid"
            " LEFT JOIN pg_constraint k ON k.conindid = c.oid"
            " WHERE i.indisunique AND k.oid IS NULL AND i.indrelid::regclass::text LIKE 'cred%%'"
            " ORDER BY 1 LIMIT 1"
        )
        name, made = cursor.fetchone()

    command(f"DROP INDEX {name}")
    assert [each for each in found() if name in each[1]]

    command(made.replace("UNIQUE ", ""))
    assert [each for each in found() if name in each[1]]


def test_whoever_begins_every_session_without_guards_is_named():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user")
        database, person = cursor.fetchone()
    for whose in (
        f'ROLE "{person}"',
        f'DATABASE "{database}"',
        f'ROLE "{person}" IN DATABASE "{database}"',
    ):
        command(f"ALTER {whose} SET session_replication_role = replica")

        ((trouble, where),) = found()

        assert trouble is Trouble.GUARDS_PASSED_BY
        assert "session_replication_role=replica" in where
        said = where.split(" · ")
        assert (person in said) == ("ROLE" in whose)
        assert (database in said) == ("DATABASE" in whose)
        command(f"ALTER {whose} RESET session_replication_role")
    assert found() == []


def test_looking_at_it_leaves_no_table_and_no_lock_behind():
    with connection.cursor() as cursor:
        found()
        cursor.execute("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND mode <>"
            " 'AccessShareLock' AND pid = pg_backend_pid()",
            [CERTIFICATE],
        )
        assert cursor.fetchone() == (0,)


def test_a_guard_switched_on_again_leaves_no_trace():
    """Said in the guide: what was changed meanwhile is found by the log, not here."""
    command("ALTER TABLE credentials_certificate DISABLE TRIGGER written_once")
    command("ALTER TABLE credentials_certificate ENABLE TRIGGER written_once")

    assert found() == []


def test_an_audit_of_the_register_names_a_guard_that_is_down(trust):
    command("ALTER TABLE credentials_registerentry DISABLE TRIGGER no_entry_is_dated_back")

    where = "credentials_registerentry (no_entry_is_dated_back)"
    assert audit_register() == [Finding(DOWN, where)]
