"""Sitting down to an adaptive test."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import Enrolment
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.measurement.actions.ending import Ending, end_overdue, finish
from hocvu.measurement.actions.sittings import calibration_to_sit_with
from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting, AdaptiveStep, StopReason
from hocvu.measurement.queries.choosing import next_step
from hocvu.measurement.queries.learner import may_begin
from hocvu.measurement.rules.measuring import NOTHING_KNOWN
from hocvu.measurement.rules.timing import must_end_at
from hocvu.people.models import Person


class SittingIsNotOpenYet(NotPossible):
    pass


class SittingIsClosed(NotPossible):
    pass


class TestIsTaken(NotPossible):
    """Its result for this person stands already."""

    __test__ = False


def start_run(sitting: AdaptiveSitting, *, by: Person, at: datetime) -> AdaptiveRun:
    """Begin, or go on with the run under way. The calibration that counts now holds to its end."""
    with transaction.atomic():
        _lock_learner(sitting, by)
        end_overdue(at, person=by)
        runs = list(AdaptiveRun.objects.filter(sitting=sitting, person=by).order_by("number"))
        if runs and runs[-1].ended_at is None:
            return runs[-1]
        _refuse_outside(sitting, at)
        if not may_begin(runs):
            raise TestIsTaken(
                _("You have already taken this test."), _("Please open its result instead.")
            )
        run = AdaptiveRun.objects.create(
            sitting=sitting,
            person=by,
            number=len(runs) + 1,
            calibration=calibration_to_sit_with(sitting.test),
            seed=secrets.randbits(62),
            started_at=at,
            must_end_at=must_end_at(at, sitting.test.minutes, sitting.closes_at),
        )
        record("skills_run_started", run, by=by, at=at, sitting_id=sitting.pk)
        ask_next(run, [], at=at)
        return run


def ask_next(run: AdaptiveRun, steps: list[AdaptiveStep], *, at: datetime) -> AdaptiveStep | None:
    """Write the next step of a locked run, or end it: then none."""
    last = steps[-1] if steps else None
    known = NOTHING_KNOWN if last is None else last.known_after
    found = next_step(run, steps, known, at=at)
    if isinstance(found, StopReason):
        finish([Ending(run, found)], at=at)
        return None
    found.save(force_insert=True)
    return found


def _lock_learner(sitting: AdaptiveSitting, by: Person) -> None:
    """The enrolment row is the lock: two windows do not begin two runs."""
    enrolments = Enrolment.objects.active().filter(training_class=sitting.training_class_id)
    if not enrolments.select_for_update(of=("self",)).filter(person=by).first():
        raise NotAllowed(
            _("Only learners of this class can take its test."),
            _("If you should be on the list of learners, please tell the class supervisor."),
        )


def _refuse_outside(sitting: AdaptiveSitting, at: datetime) -> None:
    if at < sitting.opens_at:
        raise SittingIsNotOpenYet(
            _("This test is not open yet."), _("Please come back when it opens.")
        )
    if at >= sitting.closes_at:
        raise SittingIsClosed(
            _("This test has closed."),
            _("If you could not take it in time, please tell the class supervisor."),
        )
