from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hocvu.competency.actions import (
    ComponentIsUnknown,
    FrameworkWasEdited,
    NewResult,
    load_frameworks,
    record_results,
    withdraw_results,
)
from hocvu.competency.events import AssessmentsRecorded, ResultsWithdrawn
from hocvu.competency.models import (
    Component,
    ComponentResult,
    Framework,
    Result,
    ResultWithdrawal,
)
from hocvu.competency.queries import (
    framework_in_force,
    framework_shown_for,
    last_assessed_at,
    passed_results_in_force,
    results_of,
    skills_of,
)
from hocvu.competency.rules import Share, Shown, best_shown
from hocvu.kernel import events
from hocvu.people.models import Person

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
TODAY = date(2026, 11, 21)
CIRCULAR = "circular-02-2025"


@pytest.fixture
def framework(db):
    load_frameworks(at=AT)
    return framework_in_force(CIRCULAR, TODAY)


@pytest.fixture
def somebody(db):
    return Person.objects.create(full_name="Lý Thị Mẫu", search_key="", sort_key="")


def result(framework, someone, evidence="exams.attempt:1", components=None, **changes):
    given = {
        "level": "CB2",
        "passed": True,
        "points": Decimal(3),
        "out_of": Decimal(4),
        "assessed_at": AT,
        **changes,
    }
    shares = components if components is not None else {"6.1": Share(Decimal(3), Decimal(4))}
    return NewResult(someone.pk, framework.pk, evidence=evidence, components=shares, **given)


def test_the_circular_has_six_domains_24_components_and_8_levels(framework):
    assert framework.components.count() == 24
    assert framework.components.values("domain").distinct().count() == 6
    assert [level["code"] for level in framework.levels] == [
        *("CB1", "CB2", "TC1", "TC2", "NC1", "NC2", "CS1", "CS2")
    ]


def test_loading_frameworks_twice_changes_nothing(framework):
    assert load_frameworks(at=AT) == 0
    assert Framework.objects.filter(code=CIRCULAR).count() == 1


def test_an_edited_framework_needs_a_new_version(framework):
    Component.objects.filter(framework=framework, code="6.1").update(name="Khác")

    with pytest.raises(FrameworkWasEdited):
        load_frameworks(at=AT)


def test_a_framework_is_not_in_force_before_its_day(framework):
    with pytest.raises(Framework.DoesNotExist):
        framework_in_force(CIRCULAR, date(2025, 3, 10))
    assert framework_in_force(CIRCULAR, date(2025, 3, 11)) == framework


def test_a_result_is_recorded_with_its_components_and_announced(framework, somebody, monkeypatch):
    heard = []
    monkeypatch.setitem(events._reactions, AssessmentsRecorded, [heard.append])

    assert record_results([result(framework, somebody)], at=AT) == 1

    assert ComponentResult.objects.get().component.code == "6.1"
    assert heard == [AssessmentsRecorded(framework.pk, (somebody.pk,), AT)]


def test_the_same_evidence_counts_once(framework, somebody):
    twice = [result(framework, somebody), result(framework, somebody)]

    assert record_results(twice, at=AT) == 1
    assert record_results(twice, at=AT) == 0
    assert Result.objects.count() == ComponentResult.objects.count() == 1


def test_a_component_the_framework_does_not_know_refuses_all(framework, somebody):
    odd = result(framework, somebody, components={"9.9": Share(Decimal(1), Decimal(1))})

    with pytest.raises(ComponentIsUnknown):
        record_results([odd], at=AT)
    assert not Result.objects.exists()


def test_a_result_is_never_changed(framework, somebody):
    record_results([result(framework, somebody)], at=AT)

    with pytest.raises(DatabaseError), transaction.atomic():
        Result.objects.update(passed=False)


def test_many_results_take_as_many_statements_as_one(framework, somebody):
    def recorded(first, count):
        many = [
            result(framework, somebody, evidence=f"exams.attempt:{n}")
            for n in range(first, first + count)
        ]
        with CaptureQueriesContext(connection) as asked:
            record_results(many, at=AT)
        return len(asked)

    assert recorded(1, 1) == recorded(100, 40)


def test_only_passed_results_that_are_still_valid_make_somebody_proficient(framework, somebody):
    record_results(
        [
            result(framework, somebody, "exams.attempt:1", passed=False),
            result(framework, somebody, "exams.attempt:2", valid_until=TODAY - timedelta(days=1)),
            result(framework, somebody, "exams.attempt:3", valid_until=TODAY),
        ],
        at=AT,
    )

    standing = passed_results_in_force(framework, TODAY)
    assert [each.evidence for each in standing] == ["exams.attempt:3"]


def shown(points, days_ago, valid_until=None):
    share = Share(Decimal(points), Decimal(3))
    return Shown(1, share, "CB2", AT - timedelta(days=days_ago), valid_until, f"e{days_ago}")


def test_a_weaker_test_later_takes_nothing_away():
    assert best_shown([shown(3, 9), shown(1, 1)], on=TODAY)[1].evidence == "e9"


def test_of_equal_results_the_latest_is_the_evidence():
    assert best_shown([shown(2, 1), shown(2, 9)], on=TODAY)[1].evidence == "e1"


def test_a_result_that_has_expired_shows_nothing():
    assert best_shown([shown(3, 9, TODAY - timedelta(days=1))], on=TODAY) == {}


def test_my_skills_show_every_component_and_what_i_have_shown(framework, somebody):
    record_results([result(framework, somebody)], at=AT)

    page = skills_of(somebody, framework_shown_for(somebody, TODAY), on=TODAY)

    skills = {skill.code: skill for domain in page.domains for skill in domain.skills}
    assert (page.shown, page.total, len(skills)) == (1, 24, 24)
    assert skills["6.1"].ratio == Fraction(3, 4)
    assert skills["1.1"].ratio is None
    assert page.level_reached == "Cơ bản, bậc 2"


# --- Withdrawn results -------------------------------------------------------------------------


def withdrawn(evidence="exams.attempt:1"):
    return withdraw_results([evidence], reason="Đáp án sai", by=None, at=AT)


def test_a_withdrawn_result_counts_for_nothing_and_stays_written(framework, somebody):
    record_results([result(framework, somebody)], at=AT)

    assert withdrawn() == 1

    assert not results_of(somebody).exists()
    assert not passed_results_in_force(framework, TODAY).exists()
    assert skills_of(somebody, framework, on=TODAY).shown == 0
    assert last_assessed_at(somebody) is None
    assert ResultWithdrawal.objects.get().result == Result.objects.get()


def test_what_was_not_withdrawn_still_counts(framework, somebody):
    both = [result(framework, somebody), result(framework, somebody, "exams.attempt:1/2")]
    record_results(both, at=AT)

    withdrawn()

    assert [each.evidence for each in results_of(somebody)] == ["exams.attempt:1/2"]


def test_a_withdrawal_is_announced_once_with_the_people_concerned(framework, somebody, monkeypatch):
    heard = []
    monkeypatch.setitem(events._reactions, ResultsWithdrawn, [heard.append])
    record_results([result(framework, somebody)], at=AT)

    assert (withdrawn(), withdrawn()) == (1, 0)

    assert heard == [ResultsWithdrawn(framework.pk, (somebody.pk,), AT)]


def test_nothing_is_withdrawn_of_evidence_nobody_recorded(framework):
    assert withdrawn("exams.attempt:404") == 0


def test_a_withdrawal_is_written_once(framework, somebody):
    record_results([result(framework, somebody)], at=AT)
    withdrawn()

    with pytest.raises(DatabaseError), transaction.atomic():
        ResultWithdrawal.objects.update(reason="Khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        ResultWithdrawal.objects.all().delete()
