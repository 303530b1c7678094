"""Looking codes up: one statement that counts the question and says what state the rows are in."""

from collections.abc import Sequence
from dataclasses import dataclass

from hocvu.verification.queries.prepared import Lookup, Statement, rows
from hocvu.verification.rules.allowances import FOUND, NOT_FOUND, Purse
from hocvu.verification.rules.states import JOINED, REGISTER_STATE, STATE


@dataclass(frozen=True)
class Found:
    """What the database says about a code: which certificate, and the state of its rows."""

    spent: int
    register_state: str  # changes when a row of the register is removed or rewritten
    certificate_id: int | None
    state: str

    def is_within(self, purse: Purse) -> bool:
        return self.spent <= purse.budget


_ONE = f"""
    WITH counted AS (
        INSERT INTO verification_spentallowance AS held (key, minute, spent)
        VALUES (%(key)s, %(minute)s, CASE
            WHEN EXISTS (SELECT FROM credentials_certificate WHERE verification_code = %(code)s)
            THEN {FOUND} ELSE {NOT_FOUND} END)
        ON CONFLICT (key) DO UPDATE SET spent = held.spent + excluded.spent
        RETURNING spent)
    SELECT counted.spent, register.state, c.id, {STATE}
    FROM counted CROSS JOIN ({REGISTER_STATE}) register
    LEFT JOIN ({JOINED}) ON c.verification_code = %(code)s
"""  # noqa: S608 — put together from constants
_FIND = Statement("find_code", (("key", "bytea"), ("minute", "bigint"), ("code", "text")), _ONE)
_COLUMNS = ("verification_code", "serial_number", "file_sha256")
_FIND_MANY = {
    column: Lookup(
        f"find_by_{column}",
        "text",
        f"""
        SELECT c.{column}, register.state, c.id, {STATE}
        FROM ({REGISTER_STATE}) register CROSS JOIN {JOINED}
        WHERE c.{column} {{wanted}}
        """,  # noqa: S608 — put together from constants
    )
    for column in _COLUMNS
}


def find(code: str, purse: Purse) -> Found:
    """Count the question and look the code up; costs one statement whatever was typed."""
    asked = {"key": purse.key, "minute": purse.minute, "code": code}
    [(spent, register_state, certificate_id, state)] = rows(_FIND, asked)
    return Found(spent, register_state, certificate_id, state if certificate_id else "")


def find_many(column: str, values: Sequence[str]) -> dict[str, Found]:
    """What is known under each of these codes, serial numbers or file hashes; one statement."""
    found = _FIND_MANY[column].rows(values)
    return {row[0]: Found(0, row[1], row[2], row[3]) for row in found}
