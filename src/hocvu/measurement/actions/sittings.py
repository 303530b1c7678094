"""Offering an adaptive test to a class."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import TrainingClass
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.measurement import policies
from hocvu.measurement.models import AdaptiveSitting, AdaptiveTest, Calibration, Purpose
from hocvu.measurement.queries.pools import domains_lacking
from hocvu.measurement.queries.scales import newest_approved
from hocvu.people.models import Person


class SittingEndsBeforeItOpens(NotPossible):
    pass


class ClassIsClosed(NotPossible):
    pass


class TestIsAlreadyOffered(NotPossible):
    """The class has this test for this purpose at other times."""

    __test__ = False


class TestIsNotReady(NotPossible):
    """Its questions are not calibrated yet, or too few of them are."""

    __test__ = False


def offer_test(
    test: AdaptiveTest,
    training_class: TrainingClass,
    *,
    purpose: Purpose,
    opens_at: datetime,
    closes_at: datetime,
    by: Person,
    at: datetime,
) -> AdaptiveSitting:
    """Offer this test to the learners of a class between two moments; offered twice, once."""
    with transaction.atomic():
        training_class = TrainingClass.objects.select_for_update(of=("self",)).get(
            pk=training_class.pk
        )
        if not policies.can_offer_tests(by, training_class):
            raise NotAllowed(
                _("Only officers who run this class, or its supervisor, can open a test for it."),
                _("Please ask the unit that hosts the class."),
            )
        if closes_at <= opens_at:
            raise SittingEndsBeforeItOpens(
                _("The test would close before it opens."),
                _("Choose a closing time after the opening time."),
            )
        before = AdaptiveSitting.objects.filter(
            test=test, training_class=training_class, purpose=purpose
        ).first()
        if before is not None:
            return _same_sitting(before, opens_at, closes_at)
        if training_class.is_closed:
            raise ClassIsClosed(
                _("This class has been closed."), _("Open the test in a class that is running.")
            )
        calibration_to_sit_with(test)
        sitting = AdaptiveSitting.objects.create(
            test=test,
            training_class=training_class,
            purpose=purpose,
            opens_at=opens_at,
            closes_at=closes_at,
            opened_by=by,
        )
        record("skills_test_offered", sitting, by=by, at=at, class_id=training_class.pk)
        return sitting


def _same_sitting(
    before: AdaptiveSitting, opens_at: datetime, closes_at: datetime
) -> AdaptiveSitting:
    """The sitting opened before, when this is the same wish sent twice."""
    if (before.opens_at, before.closes_at) != (opens_at, closes_at):
        raise TestIsAlreadyOffered(
            _("This class already has this test for this purpose, at other times."),
            _("Use that one, or choose another test or purpose."),
        )
    return before


def calibration_to_sit_with(test: AdaptiveTest) -> Calibration:
    """The calibration that counts, or `TestIsNotReady` with the reason."""
    calibration = newest_approved(test.scale_id)
    if calibration is None:
        raise TestIsNotReady(
            _("The questions of this test have not been calibrated yet."),
            _("It can be sat once a calibration of its scale from real answers is approved."),
        )
    lacking = domains_lacking(test, calibration)
    if lacking:
        raise TestIsNotReady(
            _("Too few questions of domain %(domains)s are calibrated for this test.")
            % {"domains": ", ".join(lacking)},
            _("It can be sat once more of them are calibrated."),
        )
    return calibration
