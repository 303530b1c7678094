"""A small country: two cities, three wards, a campaign with two targets."""

import pytest
from django.core.cache import cache

from campaigns.coverage_scene import make_campaign, make_person, make_unit


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


@pytest.fixture
def nation(db):
    return make_unit(None, "VN", "Việt Nam", "nation")


@pytest.fixture
def city(nation):
    return make_unit(nation, "31", "Thành phố Hải Phòng", "city")


@pytest.fixture
def other_city(nation):
    return make_unit(nation, "01", "Thành phố Hà Nội", "city")


@pytest.fixture
def ward(city):
    return make_unit(city, "11473", "Phường Thủy Nguyên", place=(106.6, 20.9))


@pytest.fixture
def island(city):
    return make_unit(city, "11948", "Đặc khu Bạch Long Vĩ", "special_zone", place=(107.7, 20.1))


@pytest.fixture
def far_ward(other_city):
    return make_unit(other_city, "00070", "Phường Hoàn Kiếm", place=(105.85, 21.03))


@pytest.fixture
def campaign(db):
    return make_campaign()


@pytest.fixture
def leader(city):
    """Looks after the city; is not in scope of the movement."""
    return make_person(city, "Phạm Thị Lãnh", category="other", role="leader")


@pytest.fixture
def national_leader(nation):
    return make_person(nation, "Bùi Văn Cả Nước", category="other", role="leader")
