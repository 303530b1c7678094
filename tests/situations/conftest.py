"""A class of a commune with two learners, officers, and the small case offered to it."""

from datetime import date
from uuid import uuid4

import pytest

from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.competency.models import Component, Framework
from hocvu.courses.models import Programme, Topic
from hocvu.situations.actions import decide, open_node, save_disposition, start_run
from situations.situation_scene import MINUTE, NINE, enrol, grant, offer, person, unit


@pytest.fixture
def nation(db):
    return unit(None, "VN", "nation", "Việt Nam")


@pytest.fixture
def commune(nation):
    city = unit(nation, "31", "city", "Thành phố Hải Phòng")
    return unit(city, "11473", "ward", "Phường Thủy Nguyên")


@pytest.fixture
def other_commune(nation):
    city = unit(nation, "48", "city", "Thành phố Đà Nẵng")
    return unit(city, "20194", "ward", "Phường Hải Châu")


@pytest.fixture
def officer(commune):
    return grant(person("Phạm Thị Cán Bộ"), "training_officer", commune)


@pytest.fixture
def markers(commune, officer):
    """Three people who run classes of the commune."""
    others = [
        grant(person(name), "training_officer", commune) for name in ("Lê Chấm Một", "Vũ Chấm Hai")
    ]
    return [officer, *others]


@pytest.fixture
def stranger(other_commune):
    """An officer with the same role, somewhere else."""
    return grant(person("Đỗ Văn Nơi Khác"), "training_officer", other_commune)


@pytest.fixture
def framework(db):
    made = Framework.objects.create(
        code="khung",
        version="1",
        name="Khung năng lực",
        name_en="Framework",
        issued_by="Thông tư",
        effective_from=date(2025, 3, 11),
        levels=[{"code": "CB2", "name_vi": "Cơ bản, bậc 2", "name_en": "Basic, level 2"}],
    )
    for code in ("1.2", "6.1"):
        Component.objects.create(
            framework=made, code=code, domain="Miền", domain_en="Domain", name=code, name_en=code
        )
    return made


@pytest.fixture
def training_class(commune, officer):
    programme = Programme.objects.create(
        code="ct",
        version=1,
        name="Chương trình",
        name_en="Programme",
        mode="online",
        target_group="",
        days=1,
        valid_from=date(2026, 1, 1),
        min_attendance="4/5",
    )
    Topic.objects.create(
        programme=programme,
        code="T1",
        position=1,
        title="Chuyên đề",
        title_en="Topic",
        kind="lecture",
        periods=4,
    )
    made = TrainingClass.objects.create(
        programme=programme,
        code="L1",
        name="Lớp một",
        host_unit=commune,
        mode="online",
        starts_on=date(2026, 11, 22),
        ends_on=date(2026, 11, 22),
        opened_at=NINE - 60 * MINUTE,
    )
    BridgePoint.objects.create(training_class=made, unit=commune, name="Hội trường", is_main=True)
    return made


@pytest.fixture
def learner(training_class, commune):
    someone = person("Nguyễn Văn Học")
    enrol(training_class, someone, commune)
    return someone


@pytest.fixture
def classmate(training_class, other_commune):
    """Learns in the same class, but belongs to another province."""
    someone = person("Trần Thị Bạn")
    enrol(training_class, someone, other_commune)
    return someone


@pytest.fixture
def exercise(framework, training_class):
    return offer(framework, training_class)


@pytest.fixture
def run(exercise, learner):
    return start_run(exercise, by=learner, at=NINE)


@pytest.fixture
def choose():
    """Decide as a device does, each time under a name of its own."""

    def choose(run, node, decision, *, by=None, at=NINE, client_id=None):
        by = by or run.person
        return decide(run, node, decision, client_id=client_id or uuid4(), by=by, at=at)

    return choose


@pytest.fixture
def at_the_note(choose):
    """Take a run along the expert's way to where something is written."""

    def at_the_note(run, *, by=None, at=NINE):
        by = by or run.person
        choose(run, "desk", "good", by=by, at=at)
        open_node(run, "flood", by=by, at=at)
        choose(run, "flood", "good", by=by, at=at)
        return run

    return at_the_note


@pytest.fixture
def finished_with_text(at_the_note, choose):
    """Run through the expert's way and hand in a text."""

    def finished_with_text(run, text="Giao đồng chí A xử lý trước 17 giờ.", *, by=None, at=NINE):
        by = by or run.person
        at_the_note(run, by=by, at=at)
        save_disposition(run, "note", text, client_id=uuid4(), by=by, at=at)
        choose(run, "note", "written", by=by, at=at)
        run.refresh_from_db()
        return run.dispositions.get()

    return finished_with_text
