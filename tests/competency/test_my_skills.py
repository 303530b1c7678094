from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from hocvu.competency.actions import NewResult, load_frameworks, record_results
from hocvu.competency.models import Framework
from hocvu.competency.rules import Share
from hocvu.people.models import Account, Person

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def my_page(client, db):
    person = Person.objects.create(full_name="Lý Thị Mẫu", search_key="", sort_key="")
    client.force_login(Account.objects.create(person=person, username="mau", password="!"))

    def shown():
        return client.get(reverse("competency:mine")).content.decode()

    return shown


def test_my_skills_show_a_lamp_and_its_evidence(my_page):
    load_frameworks(at=AT)
    share = Share(Decimal(3), Decimal(4))
    found = NewResult(
        person_id=Person.objects.get().pk,
        framework_id=Framework.objects.get().pk,
        level="CB2",
        passed=True,
        points=share.points,
        out_of=share.out_of,
        assessed_at=AT,
        evidence="exams.attempt:1",
        components={"6.1": share},
    )
    record_results([found], at=AT)

    text = my_page()

    assert "75,0\u00a0%" in text
    assert "3 trên 4 điểm" in text
    assert "20/11/2026" in text


def test_before_any_framework_is_loaded_my_skills_say_so(my_page):
    assert "Chưa có khung năng lực nào" in my_page()
