"""Who plays whom: the demo accounts, each with the role of one person at the screen."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from hocvu.config.rehearsal.fiction import Fiction
from hocvu.people.actions import add_people, create_account, grant_role
from hocvu.people.models import Category, Person, Role
from hocvu.register.durable import PRIVATE, put_whole
from hocvu.units.queries import unit_with_code

NATION, ACADEMY, CITY = "VN", "HCMA", "31"
SCHOOL, DEPARTMENT, WARD = "TCT-31", "31-SKHCN", "11560"


@dataclass(frozen=True)
class Part:
    """One account: whose post it is, and the roles held with it."""

    username: str
    plays: str
    unit: str
    title: str
    roles: tuple[tuple[Role, str], ...]


PARTS = (
    Part(
        "daotao",
        gettext_noop("training officer of Hải Phòng"),
        DEPARTMENT,
        "Chuyên viên phụ trách đào tạo",
        ((Role.TRAINING_OFFICER, CITY),),
    ),
    Part(
        "daotao.quocgia",
        gettext_noop("training officer of the National Academy"),
        ACADEMY,
        "Chuyên viên Vụ Quản lý đào tạo",
        ((Role.TRAINING_OFFICER, NATION),),
    ),
    Part(
        "vanthu",
        gettext_noop("registrar"),
        SCHOOL,
        "Chuyên viên cấp chứng chỉ",
        ((Role.REGISTRAR, CITY), (Role.REGISTRAR, ACADEMY)),
    ),
    Part(
        "lanhdao",
        gettext_noop("leader, whole nation"),
        ACADEMY,
        "Lãnh đạo Học viện",
        ((Role.LEADER, NATION),),
    ),
    Part(
        "lanhdao.haiphong",
        gettext_noop("leader, Hải Phòng"),
        DEPARTMENT,
        "Phó Giám đốc",
        ((Role.LEADER, CITY),),
    ),
    Part(
        "thanhtra",
        gettext_noop("inspector"),
        ACADEMY,
        "Thanh tra viên",
        ((Role.INSPECTOR, NATION),),
    ),
    Part(
        "quantri",
        gettext_noop("administrator"),
        ACADEMY,
        "Quản trị hệ thống",
        ((Role.ADMINISTRATOR, NATION),),
    ),
)
TEACHER = Part(
    "giangvien",
    gettext_noop("teacher of the National Academy"),
    ACADEMY,
    "Giảng viên",
    ((Role.TEACHER, NATION),),
)
COORDINATOR, LEARNER = "dieuphoi", "hocvien"
_TEACHERS_SEED, _TEACHERS_NUMBER = 2025, 900_001


def password() -> str:
    """The one password of all demo accounts, made once for this installation."""
    file = Path(settings.HOME) / "demo-password"
    if not file.exists():
        put_whole(file, "-".join(secrets.token_hex(2) for _ in range(4)), mode=PRIVATE)
    return file.read_text().strip()


def engage(fiction: Fiction, *, at: datetime) -> None:
    """Give every part its person, roles and account; the teacher comes later."""
    _engage(PARTS, fiction, at=at)


def engage_teacher(*, at: datetime) -> None:
    """In a step of its own, so that a nation rehearsed before there were teachers gets one too."""
    _engage([TEACHER], Fiction(_TEACHERS_SEED, first_number=_TEACHERS_NUMBER), at=at)


def _engage(parts: Sequence[Part], fiction: Fiction, *, at: datetime) -> None:
    people = [
        fiction.person(unit_with_code(part.unit), part.title, Category.CIVIL_SERVANT)
        for part in parts
    ]
    ids = add_people(people, by=None, at=at)
    for part, person in zip(parts, map(Person.objects.in_bulk(ids).__getitem__, ids), strict=True):
        for role, unit_code in part.roles:
            grant_role(person, role, unit_with_code(unit_code), by=None, at=at)
        create_account(person, part.username, password(), by=None, at=at)


def player(username: str) -> Person:
    return Person.objects.get(account__username=username)


def accounts() -> list[tuple[str, str]]:
    """Username and part of every demo account, as `make demo` prints them."""
    others = (
        (COORDINATOR, gettext_noop("bridge-point coordinator, on a phone")),
        (LEARNER, gettext_noop("learner, on a phone")),
    )
    return [*((part.username, part.plays) for part in (*PARTS, TEACHER)), *others]


__all__ = ["accounts", "engage", "engage_teacher", "password", "player"]
