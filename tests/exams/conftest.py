"""A class of a commune with two learners, a paper of three questions, and its sitting."""

from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone

from exams.kinds import ITEMS, question_of
from exams.marking_scene import LATER, all_right, answered
from exams.scenes import MINUTE, NINE, enrol, grant, person, question, unit
from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.competency.models import Component, Framework
from hocvu.courses.models import Programme
from hocvu.exams.actions import hand_in, start_attempt
from hocvu.exams.models import Sitting
from hocvu.items.content import Kind
from hocvu.papers.models import Paper, PaperQuestion


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
def questions(db):
    return [
        question("Q1", "single", "a b* c", "1.2"),
        question("Q2", "multiple", "a* b* c* d e", "6.1"),
        question("Q3", "situation", "a* b c", "6.1", situation="Tình huống", situation_en="Case"),
    ]


@pytest.fixture
def paper(framework, questions):
    made = Paper.objects.create(
        code="bai",
        version=1,
        title="Bài kiểm tra",
        title_en="Test",
        minutes=30,
        pass_mark="7/10",
        framework=framework,
        level="CB2",
    )
    for position, each in enumerate(questions, start=1):
        PaperQuestion.objects.create(paper=made, question=each, position=position)
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
        paper_code="bai",
    )
    made = TrainingClass.objects.create(
        programme=programme,
        code="L1",
        name="Lớp một",
        host_unit=commune,
        mode="online",
        starts_on=date(2026, 11, 21),
        ends_on=date(2026, 11, 21),
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
def sitting(paper, training_class):
    return Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=NINE,
        closes_at=NINE + 120 * MINUTE,
        attempts_allowed=2,
    )


@pytest.fixture
def every_kind(db):
    """A question of every kind, by kind."""
    return {kind: question_of(kind, f"K-{kind.value}"[:20]) for kind in ITEMS}


@pytest.fixture
def attempt_of_every_kind(every_kind, framework, training_class, learner):
    """Under way at this moment."""
    paper = Paper.objects.create(
        code="moi-loai",
        version=1,
        title="Mọi loại câu hỏi",
        title_en="Every kind",
        minutes=60,
        pass_mark="7/10",
        framework=framework,
        level="CB2",
    )
    for position, each in enumerate(every_kind.values(), start=1):
        PaperQuestion.objects.create(paper=paper, question=each, position=position)
    now = timezone.now()
    sitting = Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=now - 60 * MINUTE,
        closes_at=now + 60 * MINUTE,
    )
    return start_attempt(sitting, by=learner, at=now - MINUTE)


# --- Who runs a class and learns in it -----------------------------------------------------------


@pytest.fixture
def learning_officer(officer, training_class, commune):
    """Runs the classes of the commune, and learns in this one."""
    enrol(training_class, officer, commune)
    return officer


@pytest.fixture
def chief(commune):
    return grant(person("Hoàng Thị Trưởng"), "training_officer", commune)


@pytest.fixture
def supervisor(training_class):
    """The class supervisor, enrolled in the class as well."""
    someone = person("Phan Văn Phụ Trách")
    training_class.supervisor = someone
    training_class.save()
    enrol(training_class, someone, training_class.host_unit)
    return someone


# --- Marking by people -------------------------------------------------------------------------


@pytest.fixture
def essay(paper):
    """A fourth question, worth four points by a rubric of one line."""
    question = question_of(Kind.ESSAY, "BAIVIET", component="1.2")
    PaperQuestion.objects.create(paper=paper, question=question, position=9)
    return question


@pytest.fixture
def waiting(sitting, learner, questions, essay):
    """Handed in, all right but for the essay, which waits for people."""
    attempt = answered(sitting, learner, all_right(questions) | {essay: ["text=Một bài"]})
    return hand_in(attempt, by=learner, at=LATER)


# --- Browsers ----------------------------------------------------------------------------------


@pytest.fixture
def phone(chromium, live_server, client, learner):
    """A learner's phone, signed in."""
    client.force_login(learner.account)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    context.add_cookies([cookie])
    yield context
    context.close()
