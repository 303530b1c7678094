"""The commands a person types, in an installation of their own."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from typer.testing import CliRunner

from hocvu.config.cli import app

COMMANDS = (
    "serve",
    "worker",
    "rehearse",
    "demo",
    "import-roster",
    "coverage",
    "verify",
    "check-keys",
    "check-answers",
    "deliveries",
    "createadmin",
)
PASSWORD = "mot-mat-khau-rat-dai-2026"


@pytest.fixture(scope="module")
def home():
    """A data folder outside pytest's own: each session of pytest closes that one to other users,
    and for root the database runs as another user."""
    with TemporaryDirectory(prefix="hocvu-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "home"


@pytest.fixture
def hocvu(home):
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"HOCVU_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "200", "LC_ALL": "C.UTF-8"}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "hocvu", *map(str, arguments)],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


@pytest.fixture(scope="module")
def officer(home):
    """A training officer of Hải Phòng, made the way a script would."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"HOCVU_HOME": str(home), "HOCVU_LOG": "ERROR"}
    subprocess.run([sys.executable, "-c", _MAKE_OFFICER], env=environment, check=True)
    return "canbo"


_MAKE_OFFICER = """
from hocvu.config import start
start.set_up()
from django.utils import timezone
from hocvu.config.installation import set_up
from hocvu.people.actions import NewPerson, add_people, create_account, grant_role
from hocvu.people.models import Person
from hocvu.units.queries import unit_with_code
at = timezone.now()
set_up(at=at)
city = unit_with_code("31")
person = NewPerson(full_name="Bế Cẩm Ý", unit_id=city.pk, category="civil_servant")
[pk] = add_people([person], by=None, at=at)
person = Person.objects.get(pk=pk)
grant_role(person, "training_officer", city, by=None, at=at)
create_account(person, "canbo", "mot-mat-khau-rat-dai-2026", by=None, at=at)
"""


def test_help_speaks_both_languages(hocvu):
    said = hocvu("--help")

    assert said.returncode == 0
    for command in COMMANDS:
        assert command in said.stdout
    for line in said.stdout.splitlines():
        if any(f" {command} " in line for command in COMMANDS):
            assert " / " in line, line


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_speaks_both_languages(command):
    said = CliRunner().invoke(app, [command, "--help"])

    assert said.exit_code == 0
    assert " / " in said.output


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("verify", "/no/such/file.pdf"), ("import-roster",), ("serve", "x")],
)
def test_wrong_use_answers_2(arguments):
    assert CliRunner().invoke(app, list(arguments)).exit_code == 2


def test_a_new_installation_verifies_before_anything_was_set_up(hocvu, tmp_path):
    stranger = tmp_path / "thu.pdf"
    stranger.write_bytes(b"%PDF-1.7\n%%EOF\n")

    assert hocvu("verify").returncode == 0
    said = hocvu("verify", stranger)

    assert said.returncode == 4
    assert "CANNOT BE DETERMINED" in said.stdout


def test_coverage_of_a_unit_nobody_knows_is_refused_in_a_sentence(hocvu):
    said = hocvu("coverage", "ZZ")

    assert said.returncode == 1
    assert "ZZ" in said.stdout
    assert "Traceback" not in said.stderr


def test_coverage_of_the_nation_names_its_provinces(hocvu):
    said = hocvu("coverage")

    assert said.returncode == 0
    assert "Hải Phòng" in said.stdout


def test_an_administrator_is_made_once_and_with_a_strong_password(hocvu):
    weak = hocvu("createadmin", "quantri", "--name", "Trần Văn Quản Trị", "--password", "ngan")
    made = hocvu("createadmin", "quantri", "--name", "Trần Văn Quản Trị", "--password", PASSWORD)
    again = hocvu("createadmin", "quantri", "--name", "Trần Văn Hai", "--password", PASSWORD)

    assert [weak.returncode, made.returncode, again.returncode] == [1, 0, 1]
    assert "quantri" in again.stdout
    assert PASSWORD not in made.stdout + made.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("thu.txt", b"Kinh gui"),
        ("hong.xlsx", b"PK\x03\x04 broken"),
        ("thu.pdf", b"%PDF-1.7"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_a_sentence(hocvu, officer, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)

    said = hocvu("import-roster", file, "--unit", "31", "--by", officer)

    assert said.returncode == 1
    assert said.stdout.strip()
    assert "Traceback" not in said.stderr


def test_an_account_nobody_has_imports_nothing(hocvu, tmp_path):
    file = tmp_path / "danh-sach.csv"
    file.write_text("Họ và tên\nĐặng Thu Đào\n")

    said = hocvu("import-roster", file, "--unit", "31", "--by", "nobody", "--take")

    assert said.returncode == 1
    assert "Traceback" not in said.stderr
