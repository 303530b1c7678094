"""What the scenes of these tests are made of."""

from datetime import date, datetime, timedelta
from itertools import count

from hocvu.kernel.time import VIETNAM
from hocvu.kernel.vietnamese import fold, given_name_sort_key, text_sort_key
from hocvu.people.models import Account, Person, Post, RoleGrant
from hocvu.units.models import Unit, path_below

MORNING = datetime(2026, 11, 23, 7, 55, tzinfo=VIETNAM)  # a Monday, before session 1
MINUTE = timedelta(minutes=1)
# What any page asks for a signed-in person: session, account, person, roles, duties, session saved.
EVERY_PAGE = 8


def make_unit(parent, code, name, kind="ward"):
    return Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
    )


def make_person(name, unit, title=""):
    person = Person.objects.create(
        full_name=name, search_key=fold(name), sort_key=given_name_sort_key(name), birth_year=1980
    )
    Post.objects.create(person=person, unit=unit, title=title, category="civil_servant")
    return person


_usernames = count(1)


def make_officer(name, unit, role="training_officer"):
    person = make_person(name, unit)
    RoleGrant.objects.create(person=person, role=role, unit=unit, from_on=date(2026, 1, 1))
    return person


def sign_in(client, person):
    account = Account.objects.filter(person=person).first() or Account.objects.create(
        person=person, username=f"user{next(_usernames)}"
    )
    client.force_login(account)
    return client
