"""Units loaded, people added, rosters previewed and imported."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from http import HTTPStatus
from itertools import cycle, islice

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import scenes
from bench.measuring import Measurement, expect, milliseconds, seconds
from hocvu.people.actions import NewPerson, add_people
from hocvu.people.models import Category, Person, Role, RosterImport
from hocvu.spreadsheets import write_table
from hocvu.units.actions import load_units
from hocvu.units.models import COMMUNAL_KINDS, LegacyUnit, Unit
from hocvu.units.queries import unit_with_code

_ROWS = 10_000
_ADDED_AT_ONCE = 20_000
_RUNS = 3
_HEADINGS = (
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD",
    "Chức vụ",
    "Đối tượng",
    "Đơn vị công tác",
)


def measure() -> list[Measurement]:
    call_command("migrate", verbosity=0, interactive=False)
    at = timezone.now()
    loaded = seconds(lambda: load_units(at=at))
    again = tuple(seconds(lambda: load_units(at=at)) for _ in range(_RUNS))
    expect("communes", Unit.objects.filter(kind__in=COMMUNAL_KINDS).count(), 3_321)
    scenes.prepared()
    officer = scenes.officer(Role.TRAINING_OFFICER, scenes.CITY)
    previews, imports, both = [], [], []
    for run in range(_RUNS):
        preview, take = _one_roster(scenes.browser_of(officer), run)
        previews.append(preview)
        imports.append(take)
        both.append(preview + take)
    added = seconds(lambda: add_people(_rows(_ADDED_AT_ONCE), by=None, at=at))
    scenes.settle()
    units = Unit.objects.count() + LegacyUnit.objects.count()
    return [
        Measurement(f"load {units:,} units of today and before July 2025", (loaded,), against=3),
        Measurement("load them again, unchanged", again),
        Measurement(
            f"roster of {_ROWS:,} rows previewed and imported, over HTTP", tuple(both), against=8
        ),
        Measurement("of which: upload, read, match, show the preview", tuple(previews)),
        Measurement("of which: import, show the outcome", tuple(imports)),
        Measurement(f"add {_ADDED_AT_ONCE:,} people at once", (added,), against=6),
        _people_page(officer),
    ]


def _one_roster(client: Client, run: int) -> tuple[float, float]:
    """Seconds for the preview and for the import of a roster of new people."""
    unit = unit_with_code(scenes.CITY)
    content = _roster(timezone.now())
    before = Person.objects.count()

    def preview() -> None:
        file = SimpleUploadedFile(f"danh-sach-{run}.xlsx", content)
        answer = client.post(reverse("people:upload_roster"), {"unit": unit.pk, "file": file})
        expect("upload", answer.status_code, HTTPStatus.SEE_OTHER)
        expect("preview", client.get(answer["Location"]).status_code, HTTPStatus.OK)

    def take() -> None:
        latest = RosterImport.objects.latest("pk").pk
        answer = client.post(reverse("people:import_roster", args=[latest]))
        expect("import", answer.status_code, HTTPStatus.SEE_OTHER)
        expect("outcome", client.get(answer["Location"]).status_code, HTTPStatus.OK)

    taken = seconds(preview), seconds(take)
    expect("people added", Person.objects.count() - before, _ROWS)
    return taken


def _rows(count: int) -> list[NewPerson]:
    """New people, spread over the communes and wards of the city."""
    city = unit_with_code(scenes.CITY)
    units = list(Unit.objects.filter(parent=city, kind__in=COMMUNAL_KINDS).order_by("path"))
    return [
        scenes.fiction().person(unit, "Chuyên viên", Category.CIVIL_SERVANT)
        for unit in islice(cycle(units), count)
    ]


def _roster(at: datetime) -> bytes:
    title = f"DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM {at.year}"
    return write_table(title, _HEADINGS, _as_cells(_rows(_ROWS)), sheet_name="Danh sách")


def _as_cells(people: list[NewPerson]) -> Iterator[list[object]]:
    names = dict(Unit.objects.values_list("pk", "name"))
    for number, person in enumerate(people, start=1):
        yield [
            number,
            person.full_name,
            f"{person.birth_day:02d}/{person.birth_month:02d}/{person.birth_year}",
            "Nam" if person.sex == "male" else "Nữ",
            person.identity_number,
            person.title,
            "Công chức",
            names[person.unit_id],
        ]


def _people_page(officer: Person) -> Measurement:
    client, address = scenes.browser_of(officer), reverse("people:list")
    taken = milliseconds(partial(client.get, address) for _ in range(23))
    people = Person.objects.count()
    return Measurement(f"the list of people, {people:,} in reach: server time", taken, "ms")
