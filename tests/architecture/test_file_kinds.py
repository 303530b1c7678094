"""A newcomer knows what a file holds by its name, because a context has no other files."""

import pytest
from house import CONTEXTS, SOURCE, python_files

MODULES = frozenset({"events", "rules", "models", "queries", "policies", "actions", "forms"}) | {
    *("views", "api", "hot", "admin", "reactions", "urls", "apps"),
}
FOLDERS = frozenset({"templates", "static", "migrations", "management", "locale", "templatetags"})

# What comes with the program and is read by `load_…`: data files, no code.
PACKAGED = {
    "notices": {"pace"},
    "units": {"data"},
    "people": {"ethnic_groups"},
    "courses": {"catalogue"},
    "competency": {"frameworks"},
    "questions": {"bank"},
    "papers": {"papers", "presets"},
    "situations": {"cases"},
    "measurement": {"scales", "tests"},
    "campaigns": {"campaigns"},
    "stationery": {"designs"},
}


@pytest.mark.parametrize("room", CONTEXTS)
def test_a_context_holds_only_known_kinds_of_files(room):
    found = {entry.name for entry in (SOURCE / room).iterdir()} - {"__pycache__"}

    known = {"__init__.py", *FOLDERS, *MODULES, *(f"{kind}.py" for kind in MODULES)}
    assert found - known - PACKAGED.get(room, set()) == set()


@pytest.mark.parametrize("room", CONTEXTS)
def test_a_kind_is_a_module_or_a_package_not_both(room):
    names = {entry.name for entry in (SOURCE / room).iterdir()}

    assert {kind for kind in MODULES if {kind, f"{kind}.py"} <= names} == set()


@pytest.mark.parametrize("room", sorted(PACKAGED))
def test_packaged_data_holds_no_code(room):
    code = [f for folder in PACKAGED[room] for f in (SOURCE / room / folder).rglob("*.py")]

    assert code == []


@pytest.mark.parametrize("room", CONTEXTS)
def test_templates_and_static_files_carry_their_contexts_name(room):
    folders = {
        entry.name
        for kind in ("templates", "static")
        if (SOURCE / room / kind).exists()
        for entry in (SOURCE / room / kind).iterdir()
    }

    assert folders <= {room}


def test_no_module_is_a_drawer_for_odds_and_ends():
    rooms = [folder.name for folder in SOURCE.iterdir() if folder.is_dir()]
    names = {file.stem for room in rooms for file in python_files(room)}

    assert names & {"utils", "helpers", "misc", "common"} == set()
