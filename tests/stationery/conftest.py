"""A school of a city with two registrars and a leader, and an officer of another school."""

import pytest

from hocvu.stationery.actions.packaged import load_templates
from stationery.stationery_scene import NOON, grant, person, unit


@pytest.fixture
def nation(db):
    return unit(None, "VN", "nation", "Việt Nam")


@pytest.fixture
def city(nation):
    return unit(nation, "31", "city", "Thành phố Hải Phòng")


@pytest.fixture
def school(city):
    return unit(city, "TCT-HP", "political_school", "Trường Chính trị mẫu Hải Phòng")


@pytest.fixture
def other_school(nation):
    other = unit(nation, "48", "city", "Thành phố Đà Nẵng")
    return unit(other, "TCT-DN", "political_school", "Trường Chính trị mẫu Đà Nẵng")


@pytest.fixture
def registrar(school):
    return grant(person("Phạm Thị Văn Thư"), "registrar", school)


@pytest.fixture
def colleague(school):
    return grant(person("Lê Văn Đồng Nghiệp"), "registrar", school)


@pytest.fixture
def leader(school):
    return grant(person("Trần Văn Hiệu Trưởng"), "leader", school)


@pytest.fixture
def stranger(other_school):
    """A registrar too, somewhere else."""
    return grant(person("Đỗ Văn Nơi Khác"), "registrar", other_school)


@pytest.fixture
def packaged(db):
    load_templates(at=NOON)
