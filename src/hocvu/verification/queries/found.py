"""Looking codes up: one statement that counts the question and says what state the rows are in.

The state of a row is its place and the transaction that wrote it (`ctid`, `xmin`): whoever writes
the row, with whatever rights, changes it. So what was verified of a row holds while its state is
the same, and need not be verified again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakSet

from django.db import ProgrammingError, connection
from django.db.backends.utils import CursorWrapper

from hocvu.verification.rules.allowances import FOUND, NOT_FOUND, Purse


@dataclass(frozen=True)
class Found:
    """What the database says about a code: which certificate, and the state of its rows."""

    spent: int
    register_state: str  # changes when a row of the register is removed or rewritten
    certificate_id: int | None
    state: str

    def is_within(self, purse: Purse) -> bool:
        return self.spent <= purse.budget


_STATE = """
    concat_ws(' ', c.ctid, c.xmin, e.ctid, e.xmin, d.ctid, d.xmin, u.ctid, u.xmin, k.ctid, k.xmin,
        f.ctid, f.xmin,
        (SELECT string_agg(concat_ws(' ', r.ctid, r.xmin), ' ' ORDER BY r.leaf_index)
         FROM credentials_registerentry r WHERE r.certificate_id = c.id))
"""
_JOINED = """
    credentials_certificate c
    LEFT JOIN credentials_decisionentry e ON e.id = c.entry_id
    LEFT JOIN credentials_recognitiondecision d ON d.id = e.decision_id
    LEFT JOIN credentials_correction k ON k.id = c.correction_id
    LEFT JOIN credentials_printedform f ON f.id = c.form_id
    LEFT JOIN units_unit u ON u.id = c.issuer_id
"""
_REGISTER_STATE = """
    SELECT concat_ws(' ', pg_relation_filenode(t.id),
        pg_stat_get_tuples_deleted(t.id) + pg_stat_get_xact_tuples_deleted(t.id),
        pg_stat_get_tuples_updated(t.id) + pg_stat_get_xact_tuples_updated(t.id)) AS state
    FROM (SELECT 'credentials_registerentry'::regclass::oid AS id) t
"""
_ONE = f"""
    WITH counted AS (
        INSERT INTO verification_spentallowance AS held (key, minute, spent)
        VALUES (%(key)s, %(minute)s, CASE
            WHEN EXISTS (SELECT FROM credentials_certificate WHERE verification_code = %(code)s)
            THEN {FOUND} ELSE {NOT_FOUND} END)
        ON CONFLICT (key) DO UPDATE SET spent = held.spent + excluded.spent
        RETURNING spent)
    SELECT counted.spent, register.state, c.id, {_STATE}
    FROM counted CROSS JOIN ({_REGISTER_STATE}) register
    LEFT JOIN ({_JOINED}) ON c.verification_code = %(code)s
"""  # noqa: S608 — put together from constants
_PREPARE = "PREPARE find_code (bytea, bigint, text) AS " + _ONE % {
    "key": "$1",
    "minute": "$2",
    "code": "$3",
}
_MANY = f"""
    SELECT c.{{column}}, register.state, c.id, {_STATE}
    FROM ({_REGISTER_STATE}) register CROSS JOIN {_JOINED}
    WHERE c.{{column}} = ANY(%s)
"""  # noqa: S608 — put together from constants


def find(code: str, purse: Purse) -> Found:
    """Count the question and look the code up; costs one statement whatever was typed."""
    with connection.cursor() as cursor:
        _ask(cursor, purse, code)
        spent, register_state, certificate_id, state = cursor.fetchone() or (0, "", None, "")
    return Found(spent, register_state, certificate_id, state if certificate_id else "")


# Database connections that know the statement already: planning it costs more than running it.
_prepared: WeakSet[object] = WeakSet()


def _ask(cursor: CursorWrapper, purse: Purse, code: str) -> None:
    asked: dict[str, bytes | int | str] = {"key": purse.key, "minute": purse.minute, "code": code}
    held = connection.connection
    if held not in _prepared:
        cursor.execute(_PREPARE)
        _prepared.add(held)
    try:
        cursor.execute("EXECUTE find_code (%(key)s, %(minute)s, %(code)s)", asked)
    except ProgrammingError:  # a pooler gave us another connection behind this one
        if connection.in_atomic_block:
            raise
        cursor.execute(_ONE, asked)


def find_many(column: str, values: Sequence[str]) -> dict[str, Found]:
    """What is known under each of these codes, serial numbers or file hashes; one statement."""
    if column not in _COLUMNS:
        raise ValueError(column)
    with connection.cursor() as cursor:
        cursor.execute(_MANY.format(column=column), [list(values)])
        return {row[0]: Found(0, row[1], row[2], row[3]) for row in cursor.fetchall()}


_COLUMNS = {"verification_code", "serial_number", "file_sha256"}
