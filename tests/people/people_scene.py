"""Words of the scenes in these tests: units, people, roles."""

import itertools
from datetime import datetime

from hocvu.kernel.time import VIETNAM
from hocvu.people.actions import NewPerson, add_people, grant_role
from hocvu.people.models import Person
from hocvu.units.actions import create_unit

NOON = datetime(2026, 11, 21, 12, tzinfo=VIETNAM)
PASSWORD = "một câu dễ nhớ và đủ dài"
_numbers = itertools.count(1)


def unit(parent, code, kind, name):
    return create_unit(parent, code=code, kind=kind, name=name, by=None, at=NOON)


def somebody(at_unit, name="Nguyễn Văn An", **known):
    row = NewPerson(full_name=name, unit_id=at_unit.pk, category="civil_servant", **known)
    return Person.objects.get(pk=add_people([row], by=None, at=NOON)[0])


def with_role(role, at_unit, *, works_in=None):
    person = somebody(works_in or at_unit, f"Người Giữ Vai {next(_numbers)}")
    grant_role(person, role, at_unit, by=None, at=NOON)
    return person
