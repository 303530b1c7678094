"""Whether the database still keeps what all rows have in common: constraints and references.

What ought to be there is made once more, as temporary tables that live no longer than a savepoint;
so PostgreSQL itself spells both, and a constraint that was dropped, weakened or never validated
differs from the one that migrations make. Nothing that is there already is touched or locked.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import ForeignKey, Model
from django.db.models.options import Options

Kept = dict[tuple[str, str], str]  # (kind, how PostgreSQL spells it) → name

_CONSTRAINT: Final = re.compile(
    r"ALTER\s+TABLE\s+(?P<table>\w+)\s+(?:ADD\s+CONSTRAINT\s+(?P<added>\w+)\s[^;]*"
    r"|DROP\s+CONSTRAINT\s+(?:IF\s+EXISTS\s+)?(?P<dropped>\w+))",
    re.IGNORECASE,
)


class _Scratch(DatabaseSchemaEditor):
    """Makes tables that nobody else sees; they stand in front of those of the same name."""

    sql_create_table = "CREATE TEMPORARY TABLE %(table)s (%(definition)s)"


def constraints_down(tables: set[str], statements: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Table and name of whatever is missing or altered; `statements` are all of the migrations'."""
    models = _models_of(tables)
    written = frozenset(_written_in_sql(statements).items())
    for table, ought in _ought_to_be(frozenset(models), written).items():
        found = _kept(table)
        yield from ((table, name) for what, name in sorted(ought.items()) if what not in found)
        yield from ((table, column) for column in _references_down(models[table]))


def sessions_without_guards() -> Iterator[str]:
    """For whom triggers are passed by from the beginning of a session on."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT concat_ws(' · ', d.datname, r.rolname, setting)
            FROM pg_db_role_setting s
            CROSS JOIN LATERAL unnest(s.setconfig) AS setting
            LEFT JOIN pg_database d ON d.oid = s.setdatabase
            LEFT JOIN pg_roles r ON r.oid = s.setrole
            WHERE setting LIKE 'session\\_replication\\_role=%'
              AND setting <> 'session_replication_role=origin'
            UNION ALL
            SELECT concat_ws('=', name, reset_val) FROM pg_settings
            WHERE name = 'session_replication_role' AND reset_val <> 'origin'
            ORDER BY 1
        """)
        yield from (where for (where,) in cursor.fetchall())


def _models_of(tables: Collection[str]) -> dict[str, type[Model]]:
    named = {_about(each).db_table: each for each in apps.get_models(include_auto_created=True)}
    return {table: named[table] for table in sorted(tables & named.keys())}


def _about(model: type[Model]) -> "Options[Model]":
    return model._meta  # noqa: SLF001 — Django's documented name for it


def _written_in_sql(statements: Iterator[str]) -> dict[tuple[str, str], str]:
    """Constraints that a migration adds in its own words."""
    added: dict[tuple[str, str], str] = {}
    for statement in statements:
        for step in _CONSTRAINT.finditer(statement):
            if step["added"]:
                added[step["table"], step["added"]] = step[0]
            else:
                added.pop((step["table"], step["dropped"]), None)
    return added


@cache  # migrations do not change while a process runs
def _ought_to_be(
    tables: frozenset[str], written: frozenset[tuple[tuple[str, str], str]]
) -> dict[str, Kept]:
    models = _models_of(tables)
    with transaction.atomic():
        with _Scratch(connection, atomic=False) as editor:
            for model in models.values():
                editor.create_model(model)
            # A temporary table may not refer to a lasting one: references are looked at apart.
            editor.deferred_sql = [
                each for each in editor.deferred_sql if "FOREIGN KEY" not in str(each)
            ]
        with connection.cursor() as cursor:
            for (table, _name), statement in sorted(written):
                if table in tables:
                    cursor.execute(statement)
        ought = {table: _kept(f"pg_temp.{table}") for table in models}
        transaction.set_rollback(True)
    return ought


def _kept(table: str) -> Kept:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 'constraint', pg_get_constraintdef(oid), conname FROM pg_constraint
            WHERE conrelid = %(table)s::regclass AND contype IN ('c', 'u', 'p', 'x')
            UNION ALL
            SELECT 'index', regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING', ''),
                   c.relname
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = %(table)s::regclass AND i.indisunique AND i.indisvalid
            UNION ALL
            SELECT 'not null', attname, attname FROM pg_attribute
            WHERE attrelid = %(table)s::regclass AND attnum > 0 AND attnotnull
              AND NOT attisdropped
            """,
            {"table": table},
        )
        return {(kind, spelled): name for kind, spelled, name in cursor.fetchall()}


def _references_down(model: type[Model]) -> list[str]:
    """Columns that no longer refer to what they should, or whose references were not checked."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.attname, t.relname FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            JOIN pg_class t ON t.oid = c.confrelid
            WHERE c.conrelid = %s::regclass AND c.contype = 'f' AND c.convalidated
            """,
            [_about(model).db_table],
        )
        found = set(cursor.fetchall())
    wanted = (each for each in _about(model).local_fields if isinstance(each, ForeignKey))
    return [
        each.column
        for each in wanted
        if getattr(each, "db_constraint", True)
        and (each.column, _about(each.related_model).db_table) not in found
    ]
