"""Statements asked thousands of times a second: planned once for each database connection.

Planning them costs more than running them, and building them anew costs more than both.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.db import ProgrammingError, connection

# Which statements a database connection knows.
_known: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Statement:
    """`sql` names its values as `%(name)s`; `types` says of which type each of them is."""

    name: str
    types: tuple[tuple[str, str], ...]
    sql: str

    @property
    def prepare(self) -> str:
        places = {name: f"${number}" for number, (name, _type) in enumerate(self.types, start=1)}
        types = ", ".join(each for _name, each in self.types)
        return f"PREPARE {self.name} ({types}) AS {self.sql % places}"

    @property
    def execute(self) -> str:
        return f"EXECUTE {self.name} ({', '.join(f'%({name})s' for name, _type in self.types)})"


@dataclass(frozen=True)
class Lookup:
    """A statement about one value or many; `sql` holds `{wanted}` behind the column.

    Two statements, because PostgreSQL plans one about a list anew each time.
    """

    name: str
    type: str
    sql: str

    @property
    def _one(self) -> Statement:
        sql = self.sql.format(wanted="= %(wanted)s")
        return Statement(f"{self.name}_one", (("wanted", self.type),), sql)

    @property
    def _many(self) -> Statement:
        sql = self.sql.format(wanted="= ANY(%(wanted)s)")
        return Statement(f"{self.name}_many", (("wanted", f"{self.type}[]"),), sql)

    def rows(self, wanted: Collection[int | str]) -> list[tuple[Any, ...]]:
        """What is found about these."""
        if len(wanted) == 1:
            return rows(self._one, {"wanted": next(iter(wanted))})
        return rows(self._many, {"wanted": list(wanted)})


def rows(statement: Statement, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What the statement finds."""
    with connection.cursor() as cursor:
        known = _known.setdefault(connection.connection, set())
        try:
            if statement.name not in known:
                cursor.execute(statement.prepare)
                known.add(statement.name)
            cursor.execute(statement.execute, values)
        except ProgrammingError:  # a pooler gave us another connection behind this one
            if connection.in_atomic_block:
                raise
            cursor.execute(statement.sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
