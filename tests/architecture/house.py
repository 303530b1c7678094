"""The source tree as the tests in this folder look at it.

A *room* is a folder under `src/hocvu`. The *tools* of the lowest floor know no Django, `ui` is the
design system and `config` the wiring; every other room is a *context* with the file kinds of one.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hocvu"
TOOLS = frozenset(
    {
        "register",
        "signing",
        "typesetting",
        "portable",
        "spreadsheets",
        "psychometrics",
        "items",
        "question_files",
        "kernel",
    }
)
ROOMS = sorted(folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists())
CONTEXTS = [room for room in ROOMS if room not in {*TOOLS, "ui", "config"}]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def python_files(room: str) -> list[Path]:
    """Every module of a room but its migrations."""
    return [f for f in sorted((SOURCE / room).rglob("*.py")) if "migrations" not in f.parts]


def modules(room: str, kind: str) -> list[Path]:
    """`rules.py`, or every module of the package `rules/`."""
    folder = SOURCE / room
    return sorted([*folder.glob(f"{kind}.py"), *(folder / kind).rglob("*.py")])


def templates(room: str) -> list[Path]:
    return sorted((SOURCE / room).glob("templates/**/*.*"))


def shown(file: Path) -> str:
    return str(file.relative_to(SOURCE))


def docstring_of(room: str) -> str:
    return " ".join((ast.get_docstring(parsed(SOURCE / room / "__init__.py")) or "").split())


def said(room: str, subject: str) -> str:
    """What a room's docstring says after *Speaks to* or *Announces*, up to the full stop."""
    found = re.search(rf"\*{subject}:?\*:?\s*(.+?)\.(?=\s|$)", docstring_of(room))
    assert found, f"the docstring of {room} does not say *{subject}*"
    return found[1]


def imports_in(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every (module, name) that is imported, wherever the import stands; name "" for a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def functions_in(tree: ast.Module) -> dict[str, Function]:
    return {node.name: node for node in tree.body if isinstance(node, Function)}


def parameters_of(function: Function) -> set[str]:
    given = function.args
    return {argument.arg for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs]}
