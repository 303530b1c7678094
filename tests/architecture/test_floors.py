"""Rooms stand on floors, and their docstrings say truly whom they speak to and what they tell."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from house import (
    CONTEXTS,
    ROOMS,
    ROOT,
    SOURCE,
    imports_in,
    modules,
    parsed,
    python_files,
    said,
    shown,
    templates,
)

PURE_TOOLS = ("kernel", "spreadsheets", "items", "psychometrics")  # plain values in and out
THE_WIRING = "config"  # the only room that knows everyone
A_TEMPLATE_OF = re.compile(r"""{%\s*(?:extends|include)\s+["'](\w+)/""")
LOADED = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")


def _contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {each["name"]: each for each in settings["tool"]["importlinter"]["contracts"]}


def _rooms_of_tag_libraries():
    return {
        library.stem: library.relative_to(SOURCE).parts[0]
        for library in SOURCE.glob("*/templatetags/*.py")
        if library.stem != "__init__"
    }


def _rooms_used_by(room):
    """Rooms whose code it imports, whose templates it extends or includes, whose tags it loads."""
    libraries, used = _rooms_of_tag_libraries(), set()
    for file in python_files(room):
        for module, name in imports_in(parsed(file)):
            package, _, rest = module.partition(".")
            used |= {(rest or name).split(".")[0]} if package == "hocvu" else {package}
    for file in templates(room):
        text = file.read_text(encoding="utf-8")
        used |= set(A_TEMPLATE_OF.findall(text))
        used |= {
            libraries.get(word, "") for words in LOADED.findall(text) for word in words.split()
        }
    return used & {*ROOMS, "hocvu_verifier"} - {room}


def test_every_import_looks_down(tmp_path):
    command = Path(sys.executable).with_name("lint-imports")

    told = subprocess.run(
        [command, "--no-logo", "--cache-dir", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout + told.stderr


def test_every_context_keeps_the_order_of_its_files():
    ordered = _contracts()["Order inside a context"]["containers"]

    assert sorted(ordered) == [f"hocvu.{context}" for context in CONTEXTS]


@pytest.mark.parametrize("room", [room for room in ROOMS if room != THE_WIRING])
def test_a_room_speaks_to_whom_it_says(room):
    named = set(re.findall(r"\w+", said(room, "Speaks to"))) & {*ROOMS, "hocvu_verifier"}

    used = _rooms_used_by(room)
    assert named == used, f"not said: {sorted(used - named)}; not so: {sorted(named - used)}"


@pytest.mark.parametrize("room", [room for room in ROOMS if room != THE_WIRING])
def test_a_room_announces_what_it_says(room):
    events = {
        node.name
        for file in modules(room, "events")
        if room != "kernel"  # whose `events` is how rooms announce
        for node in parsed(file).body
        if isinstance(node, ast.ClassDef)
    }

    assert set(re.findall(r"\b[A-Z]\w+", said(room, "Announces"))) == events


@pytest.mark.parametrize("room", CONTEXTS)
def test_an_announced_event_is_published(room):
    """By the room itself: nobody announces a fact of another room."""
    events = set(re.findall(r"\b[A-Z]\w+", said(room, "Announces")))
    published = {
        ast.unparse(node.args[0].func)
        for file in python_files(room)
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("publish")
        and node.args
        and isinstance(node.args[0], ast.Call)
    }

    assert events == {event for event in published if event[:1].isupper()}


@pytest.mark.parametrize("room", ROOMS)
def test_rules_and_events_are_pure(room):
    """Standard library, arrays, the tools of the lowest floor, each other: no storage, no clock."""
    for file in [*modules(room, "rules"), *modules(room, "events")]:
        tree = parsed(file)
        for module, name in imports_in(tree):
            first = module.split(".")[0]
            ours = f"{module}.{name}".startswith(
                (
                    f"hocvu.{room}.rules",
                    f"hocvu.{room}.events",
                    *(f"hocvu.{tool}." for tool in PURE_TOOLS),
                )
            )
            pure = first == "numpy" or first in sys.stdlib_module_names
            assert ours or pure, f"{shown(file)} imports {module}"
            assert first not in {"random", "secrets", "time"}, f"{shown(file)} imports {module}"
        asked = {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not asked & {"now", "today", "utcnow"}, f"{shown(file)} looks at a clock"
