"""Rules that change with the law: which one holds on a day.

Every citation and every term is data with the day it takes effect, in a `*.toml` beside the module
that reads it; a decision keeps the rule of its own day.
"""

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar


class Dated(Protocol):
    @property
    def effective_from(self) -> date: ...


Rule = TypeVar("Rule", bound=Dated)


def rules_in(file: Path, table: str) -> list[dict[str, Any]]:
    """The tables `table` of a packaged file."""
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[table]
    return found


def in_force(rules: Sequence[Rule], on: date) -> Rule:
    """The rule of a day; before the first one took effect, the first."""
    ordered = sorted(rules, key=lambda rule: rule.effective_from)
    begun = [rule for rule in ordered if rule.effective_from <= on]
    return begun[-1] if begun else ordered[0]
