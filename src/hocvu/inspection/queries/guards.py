"""Whether the database still keeps the rows: triggers and constraints that migrations have made.

A superuser can switch a trigger off, change rows, and switch it on again: that leaves no trace in
the catalogues, nor does `session_replication_role`, which holds for one session alone. What was
changed then is found by the log. Here is found what is missing, off or altered *now*: a door that
was left open, for the next one to go through.

What ought to be there is read from the migrations themselves, in their order, and held against
PostgreSQL's catalogues (pg_trigger, pg_proc, pg_rules; `constraints`: pg_constraint,
pg_index, pg_attribute, and in pg_db_role_setting whose sessions pass all triggers by).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.db import connection
from django.db.migrations import Migration, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from hocvu.inspection.queries.constraints import constraints_down, sessions_without_guards
from hocvu.inspection.queries.findings import Finding, Trouble

_OURS: Final = "hocvu."
_STEP: Final = re.compile(
    r"(?P<function>CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+(?P<named>\w+)\s*\(.*?"
    r"AS\s+(?P<quote>\$\w*\$)(?P<body>.*?)(?P=quote))"
    r"|(?P<trigger>CREATE\s+(?:CONSTRAINT\s+)?TRIGGER\s.*?EXECUTE\s+FUNCTION\s+\w+\s*\([^)]*\))"
    r"|DROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?(?P<dropped>\w+)\s+ON\s+(?P<from>\w+)"
    r"|ALTER\s+TABLE\s+(?P<before>\w+)\s+RENAME\s+TO\s+(?P<after>\w+)",
    re.IGNORECASE | re.DOTALL,
)
_TRIGGER: Final = re.compile(
    r"CREATE (?:CONSTRAINT )?TRIGGER (?P<name>\w+) (?P<when>BEFORE|AFTER|INSTEAD OF) "
    r"(?P<events>.+?) ON (?:\w+\.)?(?P<table>\w+) (?P<rest>.*)"
    r"EXECUTE FUNCTION (?:\w+\.)?(?P<function>\w+) ?\((?P<given>[^)]*)\)",
    re.IGNORECASE,
)
_QUIET: Final = re.compile(r"NOT DEFERRABLE|INITIALLY IMMEDIATE", re.IGNORECASE)


@dataclass(frozen=True)
class Guard:
    """A trigger: everything that its behaviour depends on."""

    table: str
    name: str
    definition: tuple[str, ...]  # when, events in order, the rest, function and arguments
    source: str  # of its function


def audit_of_guards() -> Iterator[Finding]:
    """Triggers that are missing, off or other than they were made, and those nobody here made."""
    ought, found = guards_of_migrations(), _guards_found()
    for key, guard in ought.items():
        if found.get(key) != guard:
            yield Finding(Trouble.GUARD_IS_DOWN, f"{guard.table} ({guard.name})")
    tables = {guard.table for guard in ought.values()}
    for (table, name), active in found.items():
        if (table, name) not in ought and table in tables and active is not None:
            yield Finding(Trouble.STRANGE_GUARD, f"{table} ({name})")
    for table, name in _rules_on(tables):
        yield Finding(Trouble.STRANGE_GUARD, f"{table} ({name})")
    for table in _unchecked_references(tables):
        yield Finding(Trouble.GUARD_IS_DOWN, f"{table} (foreign key)")
    for table, name in constraints_down(tables, _statements_of_migrations()):
        yield Finding(Trouble.GUARD_IS_DOWN, f"{table} ({name})")
    for where in sessions_without_guards():
        yield Finding(Trouble.GUARDS_PASSED_BY, where)


@cache
def guards_of_migrations() -> Mapping[tuple[str, str], Guard]:
    """What all migrations of this project make together, by table and name."""
    definitions: dict[tuple[str, str], tuple[str, ...]] = {}
    sources: dict[str, str] = {}
    for statement in _statements_of_migrations():
        _carry_out(statement, definitions, sources)
    return {
        (table, name): Guard(table, name, definition, sources[definition[-2]])
        for (table, name), definition in definitions.items()
    }


def _statements_of_migrations() -> Iterator[str]:
    """The SQL that migrations of this project hold, in the order in which it is carried out."""
    loader = MigrationLoader(None)
    leaves = loader.graph.leaf_nodes()
    plan = dict.fromkeys(key for leaf in leaves for key in loader.graph.forwards_plan(leaf))
    for key in plan:
        migration = loader.graph.nodes[key]
        if isinstance(migration, Migration) and type(migration).__module__.startswith(_OURS):
            yield from _statements(migration.operations)


def _statements(operations: Sequence[Operation]) -> Iterator[str]:
    for each in operations:
        if isinstance(each, SeparateDatabaseAndState):
            yield from _statements(each.database_operations)
        elif isinstance(each, RunSQL):
            yield each.sql if isinstance(each.sql, str) else "\n".join(map(str, each.sql))


def _carry_out(
    statement: str, definitions: dict[tuple[str, str], tuple[str, ...]], sources: dict[str, str]
) -> None:
    for step in _STEP.finditer(statement):
        if step["function"]:
            sources[step["named"]] = step["body"]
        elif step["trigger"]:
            table, name, definition = _read(step["trigger"])
            definitions[table, name] = definition
        elif step["before"]:
            for table, name in [each for each in definitions if each[0] == step["before"]]:
                definitions[step["after"], name] = definitions.pop((table, name))
        else:
            definitions.pop((step["from"], step["dropped"]), None)


def _read(statement: str) -> tuple[str, str, tuple[str, ...]]:
    """Table, name and behaviour of a trigger, as it was written or as PostgreSQL tells it."""
    parts = _TRIGGER.fullmatch(" ".join(statement.replace('"', "").split()))
    if parts is None:
        return "", statement, (statement,)
    events = " OR ".join(sorted(re.split(r" OR ", parts["events"], flags=re.IGNORECASE)))
    rest = " ".join(_QUIET.sub("", parts["rest"]).split())
    definition = (parts["when"], events, rest, parts["function"], parts["given"])
    return parts["table"], parts["name"], definition


def _guards_found() -> dict[tuple[str, str], Guard | None]:
    """Triggers in the database that act in ordinary sessions; None for one that is off."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT pg_get_triggerdef(t.oid), p.prosrc, t.tgenabled::text IN ('O', 'A')
            FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)
        """)
        rows = cursor.fetchall()
    found: dict[tuple[str, str], Guard | None] = {}
    for statement, source, is_on in rows:
        table, name, definition = _read(statement)
        found[table, name] = Guard(table, name, definition, source) if is_on else None
    return found


def _rules_on(tables: set[str]) -> list[tuple[str, str]]:
    """Rewrite rules can swallow a row before any trigger sees it; none is ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, rulename FROM pg_rules WHERE tablename = ANY(%s) ORDER BY 1, 2",
            [sorted(tables)],
        )
        return list(cursor.fetchall())


def _unchecked_references(tables: set[str]) -> list[str]:
    """Tables whose foreign keys are not checked now: PostgreSQL keeps those by triggers as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE t.tgisinternal AND t.tgenabled::text NOT IN ('O', 'A')
              AND pg_table_is_visible(c.oid) AND c.relname = ANY(%s) ORDER BY 1
            """,
            [sorted(tables)],
        )
        return [table for (table,) in cursor.fetchall()]
