"""scripts/map.py draws the house from its code."""

import importlib.util

import pytest
from house import ROOT

FLOORS = """
[[tool.importlinter.contracts]]
name = "Floors"
type = "layers"
containers = ["hocvu"]
layers = ["roof", "(planned)", "hall | cellar"]
"""
HALL = '''"""Where people meet. And more.

*Speaks to*: cellar. *Announces*: DoorOpened.
"""
'''


@pytest.fixture(scope="module")
def the_map():
    spec = importlib.util.spec_from_file_location("map_of_the_house", ROOT / "scripts/map.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def house(tmp_path):
    def write(name, text):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    write("pyproject.toml", FLOORS)
    write("docs/map.md", "")
    write("src/hocvu/roof/__init__.py", '"""The top."""')
    write("src/hocvu/cellar/__init__.py", '"""The bottom."""')
    write("src/hocvu/hall/__init__.py", HALL)
    write("src/hocvu/hall/models.py", "class Door(models.Model): ...\nclass Kind(TextChoices): ...")
    write("src/hocvu/hall/events.py", "class DoorOpened: ...")
    write("src/hocvu/hall/actions/__init__.py", "from x import open_door\n__all__ = ['open_door']")
    write(
        "src/hocvu/hall/actions/doors.py",
        "def open_door(door, *, by, at): ...\ndef turn_key(*, at): ...\ndef width_of(door): ...\n",
    )
    return tmp_path


def test_floors_stand_top_first_without_the_planned_ones(the_map, house):
    assert the_map.floors(house) == [["roof"], ["hall", "cellar"]]


def test_a_room_shows_its_purpose_its_tables_acts_and_events(the_map, house):
    section = the_map.section(house / "src/hocvu/hall")

    assert section.splitlines() == [
        "## hall",
        "",
        "Where people meet.",
        "",
        "- *Speaks to*: cellar",
        "- *Announces*: DoorOpened",
        "- *Models*: `Door`",
        "- *Actions*: `open_door`",
        "- *Events*: `DoorOpened`",
    ]


def test_check_says_when_the_map_is_old(the_map, house, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["map.py", "--check"])

    assert the_map.main(house) == 1
    assert "make map" in capsys.readouterr().err


def test_check_is_silent_when_the_map_is_true(the_map, house, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["map.py"])
    the_map.main(house)
    capsys.readouterr()

    monkeypatch.setattr("sys.argv", ["map.py", "--check"])

    assert the_map.main(house) == 0
    assert capsys.readouterr() == ("", "")


def test_what_has_grown_too_large_is_listed_and_fails_nothing(the_map, house, monkeypatch, capsys):
    long_function = "def build(a, b, c, d, e, f, g):\n" + "    pass\n" * 30
    (house / "src/hocvu/hall/rules.py").write_text(long_function)
    monkeypatch.setattr("sys.argv", ["map.py"])

    assert the_map.main(house) == 0
    told = capsys.readouterr().out
    assert "function    31" in told
    assert "parameters  7" in told
