"""A small province with two wards and a department, and the people who act in it."""

import pytest
from people_scene import NOON, PASSWORD, somebody, unit, with_role

from hocvu.people.actions import create_account
from hocvu.units.models import Unit


@pytest.fixture
def nation(db):
    return Unit.objects.create(
        code="VN", kind="nation", path="VN.", name="Việt Nam", search_key="viet nam", sort_key="V"
    )


@pytest.fixture
def hai_phong(nation):
    return unit(nation, "31", "city", "Thành phố Hải Phòng")


@pytest.fixture
def ha_noi(nation):
    return unit(nation, "01", "city", "Thành phố Hà Nội")


@pytest.fixture
def le_chan(hai_phong):
    return unit(hai_phong, "11383", "ward", "Phường Lê Chân")


@pytest.fixture
def an_bien(hai_phong):
    return unit(hai_phong, "11407", "ward", "Phường An Biên")


@pytest.fixture
def ba_dinh(ha_noi):
    return unit(ha_noi, "00004", "ward", "Phường Ba Đình")


@pytest.fixture
def officer(hai_phong):
    return with_role("training_officer", hai_phong)


@pytest.fixture
def ward_officer(le_chan):
    return with_role("training_officer", le_chan)


@pytest.fixture
def leader(hai_phong):
    return with_role("leader", hai_phong)


@pytest.fixture
def administrator(hai_phong):
    return with_role("administrator", hai_phong)


@pytest.fixture
def nobody(an_bien):
    """Somebody without any role."""
    return somebody(an_bien, "Lê Thị Không")


@pytest.fixture
def signed_in(client):
    """A browser in which this person is signed in."""

    def enter(person):
        create_account(person, f"ten{person.pk}", PASSWORD, by=None, at=NOON)
        client.force_login(person.account)
        return client

    return enter
