"""Looking codes up: one statement that counts the question and says what state the rows are in."""

from collections.abc import Sequence

from hocvu.verification.queries.prepared import Lookup, Statement, rows
from hocvu.verification.rules.allowances import FOUND, NOT_FOUND, Purse
from hocvu.verification.rules.states import JOINED, NOBODYS, REGISTER_STATE, STATE, Found

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


def find(code: str, purse: Purse) -> Found | None:
    """Count the question and look the code up; costs one statement whatever was typed.

    None where more was asked than the purse holds.
    """
    asked = {"key": purse.key, "minute": purse.minute, "code": code}
    [(spent, *found)] = rows(_FIND, asked)
    if spent > purse.budget:
        return None
    return NOBODYS if found[1] is None else Found(*found)


def find_many(column: str, values: Sequence[str]) -> dict[str, Found]:
    """What is known under each of these codes, serial numbers or file hashes; one statement."""
    found = _FIND_MANY[column].rows(values)
    return {row[0]: Found(*row[1:]) for row in found}
