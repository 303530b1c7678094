"""A class of a commune, a small framework, and a scale with thirty questions."""

from datetime import date

import pytest

from exams.scenes import MINUTE, NINE, enrol, grant, person, question, unit
from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.competency.models import Component, Framework
from hocvu.courses.models import Programme
from hocvu.measurement.models import (
    AdaptiveSitting,
    AdaptiveTest,
    Calibration,
    ItemCalibration,
    Purpose,
    Scale,
)

COMPONENTS = ("1.1", "1.2", "2.1")
LEVELS = [
    {"code": "CB1", "name_vi": "Cơ bản, bậc 1", "name_en": "Basic, level 1"},
    {"code": "CB2", "name_vi": "Cơ bản, bậc 2", "name_en": "Basic, level 2"},
    {"code": "TC1", "name_vi": "Trung cấp, bậc 1", "name_en": "Intermediate, level 1"},
]


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
def bank_keeper(nation):
    """Writes questions for the whole nation."""
    return grant(person("Lê Thị Ngân Hàng"), "teacher", nation)


@pytest.fixture
def colleague(nation):
    return grant(person("Vũ Văn Đồng Nghiệp"), "teacher", nation)


@pytest.fixture
def framework(db):
    made = Framework.objects.create(
        code="khung",
        version="1",
        name="Khung năng lực",
        name_en="Framework",
        issued_by="Thông tư",
        effective_from=date(2025, 3, 11),
        levels=LEVELS,
    )
    for code in COMPONENTS:
        Component.objects.create(
            framework=made,
            code=code,
            domain=f"Miền {code[0]}",
            domain_en=f"Domain {code[0]}",
            name=f"Thành phần {code}",
            name_en=f"Component {code}",
        )
    return made


@pytest.fixture
def questions(db):
    return [
        question(f"Q{at:02}", "single", "a* b c", COMPONENTS[at % len(COMPONENTS)])
        for at in range(30)
    ]


@pytest.fixture
def scale(framework):
    return Scale.objects.create(
        framework=framework, code="thang", name="Thang", name_en="Scale", model="2pl", made_at=NINE
    )


@pytest.fixture
def calibration(scale, questions):
    """Approved: difficulties from −2 to 2, all equally discriminating."""
    made = Calibration.objects.create(
        scale=scale,
        number=1,
        asked_for_at=NINE,
        made_at=NINE,
        people=1_000,
        questions=len(questions),
        converged=True,
        approved_at=NINE,
    )
    ItemCalibration.objects.bulk_create(
        ItemCalibration(
            calibration=made,
            question=each,
            answers=1_000,
            a=1.5,
            b=-2 + 4 * at / (len(questions) - 1),
            c=0.0,
            se_a=0.1,
            se_b=0.1,
            se_c=0.0,
        )
        for at, each in enumerate(questions)
    )
    return made


@pytest.fixture
def skills_test(scale):
    return AdaptiveTest.objects.create(
        code="kiem-tra",
        version=1,
        title="Kiểm tra kỹ năng số",
        title_en="Digital skills test",
        scale=scale,
        purpose=Purpose.MEASURE,
        least_questions=4,
        most_questions=12,
        target_se=0.45,
        minutes=30,
        quotas={"1": "1/2", "2": "1/2"},
        most_exposure=0.6,
        months_valid=24,
    )


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
def sitting(skills_test, training_class, officer, calibration):
    return AdaptiveSitting.objects.create(
        test=skills_test,
        training_class=training_class,
        purpose=Purpose.MEASURE,
        opens_at=NINE,
        closes_at=NINE + 120 * MINUTE,
        opened_by=officer,
    )
