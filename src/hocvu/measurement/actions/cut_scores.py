"""Cut scores: what a closed panel found becomes the line, by a decision. Written once."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.measurement import policies
from hocvu.measurement.actions.panels import TooFewJudges
from hocvu.measurement.models import CutScore, Panel, Scale
from hocvu.measurement.queries.panels import PanelData, newest_cuts, panel_data
from hocvu.measurement.rules.panels import LEAST_JUDGES, between_neighbours, cut_of
from hocvu.people.models import Person
from hocvu.psychometrics import angoff


class PanelIsNotClosed(NotPossible):
    """Its judges are still rating."""


class CutScoreIsSet(NotPossible):
    """Another decision has made the cut score of this panel."""


class DecisionIsIncomplete(NotPossible):
    """It has no number or no reason, or its date lies ahead."""


class JudgeIsNotOutlying(NotPossible):
    """Only judges who stand apart may be left out."""


class CutScoreIsOutOfReach(NotPossible):
    """No ability on the scale leads one to expect what the judges said."""


class LevelsWouldCross(NotPossible):
    """A level would begin below one that stands under it."""


def set_cut_score(
    panel: Panel,
    *,
    decision_number: str,
    decided_on: date,
    reason: str,
    left_out: Collection[int] = (),
    by: Person,
    at: datetime,
) -> CutScore:
    """Draw the line where the panel says. The same decision sent again changes nothing.

    left_out   primary keys of outlying judges (`PanelJudge`) whose ratings do not count
    """
    with transaction.atomic():
        Scale.objects.select_for_update().get(pk=panel.scale_id)
        panel = Panel.objects.select_related("scale__framework").get(pk=panel.pk)
        if not policies.can_run_panels(by):
            raise NotAllowed(
                _("Only those who write questions for the whole nation can set cut scores."),
                _("Please ask the agency that keeps the national question bank."),
            )
        before = CutScore.objects.filter(panel=panel).first()
        if before is not None:
            return _same(before, decision_number)
        _refuse_decision(panel, decision_number, decided_on, reason, at)
        found = panel_data(panel)
        cut = _cut(found, set(left_out))
        _refuse_crossing(panel, cut.theta)
        made = CutScore.objects.create(
            scale=panel.scale,
            level=panel.level,
            panel=panel,
            calibration=found.calibration,
            share=cut.raw / len(found.questions),
            theta=cut.theta,
            se=cut.theta_error,
            judges=len(cut.rounds[-1].judges),
            left_out=sorted(left_out),
            decision_number=decision_number,
            decided_on=decided_on,
            decided_by=by,
            reason=reason,
            set_at=at,
        )
        record("cut_score_set", made, by=by, at=at, reason=reason, panel_id=panel.pk)
        return made


def _same(before: CutScore, decision_number: str) -> CutScore:
    if before.decision_number == decision_number:
        return before
    raise CutScoreIsSet(
        _("Decision %(number)s has set the cut score of this panel.")
        % {"number": before.decision_number},
        _("Please open a new panel to change it."),
    )


def _refuse_decision(
    panel: Panel, decision_number: str, decided_on: date, reason: str, at: datetime
) -> None:
    if panel.closed_at is None:
        raise PanelIsNotClosed(
            _("The judges of this panel are still rating."),
            _("Please close the panel after its second round first."),
        )
    if not decision_number.strip() or not reason.strip() or decided_on > day_of(at):
        raise DecisionIsIncomplete(
            _("A cut score needs the number of its decision, a date not in the future, a reason."),
            _("Please fill in what is missing."),
        )


def _cut(found: PanelData, left_out: set[int]) -> angoff.CutScore:
    if len(found.items) < len(found.questions):
        raise CutScoreIsOutOfReach(*_out_of_reach())
    everybody = cut_of(found.ratings, found.curves)
    if everybody is None:
        raise CutScoreIsOutOfReach(*_out_of_reach())
    outlying = {
        found.ratings.judge_ids[each.judge]
        for each in everybody.rounds[-1].judges
        if each.is_outlying
    }
    if not left_out <= outlying:
        raise JudgeIsNotOutlying(
            _("Only judges whose ratings stand far apart from all others can be left out."),
            _("Please choose among those named as standing apart."),
        )
    kept = found.ratings.without(left_out)
    if len(kept.judge_ids) < LEAST_JUDGES:
        raise TooFewJudges(
            _("A panel needs at least %(least)s judges.") % {"least": LEAST_JUDGES},
            _("Please leave nobody out, or open a new panel with more judges."),
        )
    cut = cut_of(kept, found.curves)
    if cut is None:
        raise CutScoreIsOutOfReach(*_out_of_reach())
    return cut


def _out_of_reach() -> tuple[str, str]:
    return (
        _("No ability on the scale fits what the judges said of these questions."),
        _("Please open a new panel, with questions from easy to hard that stand on the scale."),
    )


def _refuse_crossing(panel: Panel, theta: float) -> None:
    upwards = [str(each["code"]) for each in panel.scale.framework.levels]
    if not between_neighbours(panel.level, theta, newest_cuts(panel.scale), upwards):
        raise LevelsWouldCross(
            _("This level would begin below a level under it, or above one over it."),
            _("Please set the cut score of the other level anew first."),
        )
