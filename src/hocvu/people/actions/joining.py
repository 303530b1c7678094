"""People join: one at a time or by the ten thousand, in the same few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.vietnamese import fold, given_name_sort_key, nfc
from hocvu.people import policies
from hocvu.people.events import PeopleChangedPosts
from hocvu.people.models import Person
from hocvu.units.models import Unit


class IdentityNumberIsTaken(NotPossible):
    """Somebody else already has one of these numbers, or two new people share one."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person and their first post, as an officer states them."""

    full_name: str
    unit_id: int
    category: str
    sex: str = ""
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    identity_number: str | None = None
    title: str = ""
    phone: str = ""
    email: str = ""
    ethnic_group: str = ""  # code, see rules.ethnic_groups
    birth_place: str = ""
    from_on: date | None = None


def add_people(rows: Sequence[NewPerson], *, by: Person | None, at: datetime) -> list[int]:
    """Add these people with their main posts; their ids, in the order of the rows."""
    if not rows:
        return []
    with transaction.atomic():
        units = {row.unit_id for row in rows}
        for unit in Unit.objects.filter(pk__in=units):
            if not policies.can_import_into(by, unit):
                raise NotAllowed(
                    _("You may not add people to %(unit)s.") % {"unit": unit.name},
                    _("Please ask the training officer of that unit."),
                )
        _refuse_taken_numbers(rows)
        ids = insert_people(rows)
        record("people_added", "people", by=by, at=at, count=len(ids), units=len(units))
        publish(PeopleChangedPosts(tuple(ids), at))
        return ids


def _refuse_taken_numbers(rows: Sequence[NewPerson]) -> None:
    numbers = [row.identity_number for row in rows if row.identity_number]
    if len(set(numbers)) < len(numbers):
        raise IdentityNumberIsTaken(
            _("One identity number stands beside several people."),
            _("Please give each person their own number."),
        )
    if Person.objects.filter(identity_number__in=numbers).exists():
        raise IdentityNumberIsTaken(
            _("An identity number of this list already belongs to somebody."),
            _("Please look that person up instead of adding them again."),
        )


def insert_people(rows: Sequence[NewPerson]) -> list[int]:
    """COPY people and posts, inside the caller's transaction and after its checks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('people_person', 'id'))"
            " FROM generate_series(1, %s)",
            [len(rows)],
        )
        ids = [row[0] for row in cursor.fetchall()]
    _copy(
        "COPY people_person (id, full_name, search_key, sort_key, sex, birth_year, birth_month,"
        " birth_day, identity_number, phone, email, ethnic_group, birth_place) FROM STDIN",
        (_person_values(pk, row) for pk, row in zip(ids, rows, strict=True)),
    )
    _copy(
        "COPY people_post (person_id, unit_id, title, category, from_on, is_main) FROM STDIN",
        (
            (pk, row.unit_id, nfc(row.title), row.category, row.from_on, True)
            for pk, row in zip(ids, rows, strict=True)
        ),
    )
    return ids


def _copy(statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _person_values(pk: int, row: NewPerson) -> tuple[object, ...]:
    name = nfc(row.full_name)
    return (
        pk,
        name,
        fold(name),
        given_name_sort_key(name),
        row.sex,
        row.birth_year,
        row.birth_month,
        row.birth_day,
        row.identity_number or None,
        row.phone,
        row.email,
        row.ethnic_group,
        nfc(row.birth_place),
    )
