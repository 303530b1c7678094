#!/usr/bin/env python3
"""Draw docs/map.md from the code, and show what has grown too large to be read at a glance.

    python scripts/map.py            write docs/map.md, list the signals to look again
    python scripts/map.py --check    exit 1 if docs/map.md is not what the code would give

The order of the floors comes from the import contracts in pyproject.toml, so it is written once.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
ROW_BASES: Final = {"Model", "AbstractBaseUser"}
Function = ast.FunctionDef | ast.AsyncFunctionDef

INTRODUCTION: Final = """\
# Map of the house

Drawn from the code by `make map`; edit the docstrings, not this page. Read it from the bottom up:
a room may use what stands below it, never what stands above or beside it. To affect what stands
above, it announces an event. The order is held by the import contracts in `pyproject.toml`.
"""

# --- Reading the code --------------------------------------------------------------------------


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def floors(root: Path) -> list[list[str]]:
    """The rooms of every floor, top first; rooms that are planned but not built are left out."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    house = next(c for c in contracts if c["type"] == "layers" and c["containers"] == ["hocvu"])
    named = [re.findall(r"\w+", layer) for layer in house["layers"]]
    built = [[room for room in floor if (root / "src/hocvu" / room).is_dir()] for floor in named]
    return [floor for floor in built if floor]


def modules(room: Path, kind: str) -> list[Path]:
    """The files of one kind: `actions.py`, or every module of the package `actions/`."""
    return sorted([*room.glob(f"{kind}.py"), *(room / kind).rglob("*.py")])


def rows_in(module: ast.Module) -> list[str]:
    """Names of the classes that are tables."""
    return [
        node.name
        for node in module.body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).rpartition(".")[2] in ROW_BASES for base in node.bases)
    ]


def acts_of(room: Path) -> list[str]:
    """The public functions that say when: `at` is what every act takes.

    Of a package these are the ones its `__init__` offers; the others only help them.
    """
    acts = [act for file in modules(room, "actions") for act in acts_in(parse(file))]
    package = room / "actions/__init__.py"
    offered = ast.unparse(parse(package)) if package.exists() else ""
    return [act for act in acts if not offered or f"'{act}'" in offered]


def acts_in(module: ast.Module) -> list[str]:
    return [
        node.name
        for node in module.body
        if isinstance(node, Function)
        and not node.name.startswith("_")
        and any(argument.arg == "at" for argument in parameters(node))
    ]


def events_in(module: ast.Module) -> list[str]:
    return [node.name for node in module.body if isinstance(node, ast.ClassDef)]


def parameters(function: Function) -> list[ast.arg]:
    """Everything a caller can pass, the object itself left out."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    named += [each for each in (given.vararg, given.kwarg) if each is not None]
    return [each for each in named if each.arg not in {"self", "cls"}]


# --- The map -----------------------------------------------------------------------------------


def purpose(docstring: str) -> str:
    """Its first sentence, on one line."""
    opening = " ".join(docstring.split("\n\n", maxsplit=1)[0].split())
    return re.split(r"(?<=\.)\s", opening)[0]


def said(docstring: str, subject: str) -> str:
    """What follows *Speaks to* or *Announces*, up to the full stop."""
    text = " ".join(docstring.split())
    found = re.search(rf"\*{subject}:?\*:?\s*(.+?)\.(?=\s|$)", text)
    return found[1] if found else ""


def draw(root: Path) -> str:
    storeys = floors(root)
    rows = ["| floor | rooms |", "| ---: | --- |"]
    for above, floor in enumerate(storeys):
        links = " · ".join(f"[{room}](#{room})" for room in floor)
        rows.append(f"| {len(storeys) - above} | {links} |")
    rooms = [section(root / "src/hocvu" / room) for floor in storeys for room in floor]
    return "\n".join([INTRODUCTION, *rows, "", *rooms]).rstrip() + "\n"


def section(room: Path) -> str:
    docstring = ast.get_docstring(parse(room / "__init__.py")) or ""
    facts = {
        "Speaks to": said(docstring, "Speaks to"),
        "Announces": said(docstring, "Announces"),
        "Models": in_code(n for file in modules(room, "models") for n in rows_in(parse(file))),
        "Actions": in_code(acts_of(room)),
        "Events": in_code(n for file in modules(room, "events") for n in events_in(parse(file))),
    }
    lines = [f"- *{name}*: {value}" for name, value in facts.items() if value]
    return "\n".join([f"## {room.name}", "", purpose(docstring), "", *lines, ""])


def in_code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


# --- Signals to look again ---------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Signal:
    """Something larger than it reads well. Nothing fails; a person looks and decides."""

    what: str
    limit: int
    measured: int
    where: str


def signals(root: Path) -> Iterator[Signal]:
    source = root / "src"
    code = [file for file in sorted(source.rglob("*.py")) if "migrations" not in file.parts]
    for file in code:
        name = str(file.relative_to(source))
        longest = ("models.py", 400) if file.name == "models.py" else ("module", 300)
        yield Signal(*longest, lines_of(file), name)
        yield from function_signals(file, name)
    for what, limit, pattern in (("template", 150, "*.html"), ("script", 120, "*.js")):
        for file in sorted(source.rglob(pattern)):
            yield Signal(what, limit, lines_of(file), str(file.relative_to(source)))
    for room in sorted({room for floor in floors(root) for room in floor}):
        what, limit = ("kernel", 500) if room == "kernel" else ("context", 3500)
        total = sum(lines_of(file) for file in code if room in file.relative_to(source).parts[1:2])
        yield Signal(what, limit, total, f"hocvu/{room}")


def function_signals(file: Path, name: str) -> Iterator[Signal]:
    for node in ast.walk(parse(file)):
        if not isinstance(node, Function):
            continue
        where, taken = f"{name}:{node.lineno} {node.name}", parameters(node)
        height = (node.end_lineno or node.lineno) - node.lineno + 1
        is_view = (
            "views" in f"{file.parent.name} {file.stem}" and taken[:1] and taken[0].arg == "request"
        )
        yield Signal(*(("view", 20) if is_view else ("function", 30)), height, where)
        yield Signal("parameters", 6, len(taken), where)


def lines_of(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def table(found: list[Signal]) -> str:
    """The worst of each kind first."""
    ordered = sorted(found, key=lambda signal: (signal.what, -signal.measured, signal.where))
    rows = [("what", "is", "look again at", "where")]
    rows += [(each.what, str(each.measured), f"> {each.limit}", each.where) for each in ordered]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    )


# --- The command -------------------------------------------------------------------------------


def main(root: Path = ROOT) -> int:
    words = argparse.ArgumentParser(description="Draw docs/map.md from the code.")
    words.add_argument("--check", action="store_true", help="only say whether it is up to date")
    check = words.parse_args().check
    page, drawn = root / "docs/map.md", draw(root)
    if check:
        if page.exists() and page.read_text(encoding="utf-8") == drawn:
            return 0
        sys.stderr.write("docs/map.md does not show the code as it is now: run `make map`.\n")
        return 1
    page.write_text(drawn, encoding="utf-8")
    found = [each for each in signals(root) if each.measured > each.limit]
    sys.stdout.write("docs/map.md is drawn.\n")
    if found:
        sys.stdout.write(f"\nSignals to look again; nothing fails.\n\n{table(found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
