"""Within how many days a certificate is issued, and who is told that it was not."""

from datetime import date, timedelta

import pytest

from credentials.recognition_scene import NOON, decide
from hocvu.credentials.queries.runs import overdue_decisions
from hocvu.credentials.rules.deadlines import last_day_to_issue

TODAY = NOON.date()


@pytest.fixture
def decision(training_class, registrar):
    return decide(training_class, registrar)


@pytest.mark.parametrize(("kind", "days"), [("completion", 15), ("certificate", 5)])
def test_a_certificate_is_due_so_many_days_after_its_decision(kind, days):
    assert last_day_to_issue(kind, TODAY) == TODAY + timedelta(days=days)


def test_before_the_first_rule_the_first_rule_holds():
    assert last_day_to_issue("certificate", date(2025, 1, 1)) == date(2025, 1, 6)


def test_a_registrar_is_told_what_is_overdue(decision, registrar, stranger, client):
    late = TODAY + timedelta(days=16)

    assert overdue_decisions(registrar, late) == [decision]
    assert overdue_decisions(registrar, TODAY) == []
    assert overdue_decisions(stranger, late) == []
