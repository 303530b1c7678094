"""Writing many rows of the register at once: COPY takes a third of what INSERT does."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import AutoField, Field, JSONField, Model
from psycopg.types.json import Jsonb

Row = TypeVar("Row", bound=Model)


def copy_in(rows: Sequence[Row]) -> Sequence[Row]:
    """Insert new rows of one kind, whole and in their order; ids are given where they are missing.

    As `bulk_create`: no signals, and what a constraint or trigger refuses fails the transaction.
    """
    if not rows:
        return rows
    meta = rows[0]._meta  # noqa: SLF001 — documented by Django as public
    fields: Sequence[Field[Any, Any]] = meta.concrete_fields
    if isinstance(meta.pk, AutoField):
        _number(rows, meta.db_table)
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(str(field.column)) for field in fields)
    statement = f"COPY {quoted(meta.db_table)} ({names}) FROM STDIN"
    columns = [(field.attname, isinstance(field, JSONField)) for field in fields]
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = row.__dict__
            copy.write_row(
                [Jsonb(values[name]) if is_json else values[name] for name, is_json in columns]
            )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 — public as well
    return rows


def _number(rows: Sequence[Model], table: str) -> None:
    new = [row for row in rows if row.pk is None]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, len(new)],
        )
        for row, (number,) in zip(new, cursor.fetchall(), strict=True):
            row.pk = number
