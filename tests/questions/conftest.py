"""A city with two wards, and the people who write questions there."""

import pytest
from bank_scene import NOON, PASSWORD, with_role

from hocvu.competency.actions import load_frameworks
from hocvu.people.actions import create_account
from hocvu.people.models import Account
from hocvu.units.actions import create_unit
from hocvu.units.models import Unit


@pytest.fixture
def nation(db):
    load_frameworks(at=NOON)
    return Unit.objects.create(
        code="VN", kind="nation", path="VN.", name="Việt Nam", search_key="viet nam", sort_key="V"
    )


@pytest.fixture
def hai_phong(nation):
    return create_unit(nation, code="31", kind="city", name="Hải Phòng", by=None, at=NOON)


@pytest.fixture
def le_chan(hai_phong):
    return create_unit(hai_phong, code="11383", kind="ward", name="Lê Chân", by=None, at=NOON)


@pytest.fixture
def an_bien(hai_phong):
    return create_unit(hai_phong, code="11407", kind="ward", name="An Biên", by=None, at=NOON)


@pytest.fixture
def author(le_chan):
    return with_role("teacher", le_chan)


@pytest.fixture
def colleague(le_chan):
    return with_role("teacher", le_chan)


@pytest.fixture
def officer(hai_phong):
    return with_role("training_officer", hai_phong)


@pytest.fixture
def neighbour(an_bien):
    return with_role("teacher", an_bien)


@pytest.fixture
def national_author(nation):
    return with_role("teacher", nation)


@pytest.fixture
def leader(hai_phong):
    """Sees much, but writes no questions."""
    return with_role("leader", hai_phong)


@pytest.fixture
def signed_in(client):
    """A browser in which this person is signed in."""

    def enter(person):
        account = Account.objects.filter(person=person).first()
        account = account or create_account(person, f"ten{person.pk}", PASSWORD, by=None, at=NOON)
        client.force_login(account)
        return client

    return enter
