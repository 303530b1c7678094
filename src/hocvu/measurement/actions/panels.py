"""Panels: opened by a chair, rated by judges in two rounds, closed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.competency.queries import level_name
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.measurement import policies
from hocvu.measurement.models import AngoffRating, Panel, PanelJudge, PanelQuestion, Scale
from hocvu.measurement.queries.panels import fit_to_judge, items_to_judge, progress_of
from hocvu.measurement.rules.panels import (
    LEAST_JUDGES,
    LEAST_QUESTIONS,
    MOST_QUESTIONS,
    ROUNDS,
)
from hocvu.people.models import Person
from hocvu.questions.models import Question

_PERCENTS = range(101)


class LevelIsUnknown(NotPossible):
    """The framework of the scale has no such level."""


class PanelIsOpen(NotPossible):
    """Another panel sits for this level."""


class TooFewJudges(NotPossible):
    """So few judges that nobody could be said to stand apart."""


class JudgeIsUnfit(NotPossible):
    """Somebody who does not write questions, or chairs the panel."""


class QuestionsAreUnfit(NotPossible):
    """Too few or too many questions, or one without parameters on the scale."""


class RoundIsOver(NotPossible):
    """A rating came for a round that is not open any more, or not yet."""


class FirstRoundWasMissed(NotPossible):
    """A judge who did not finish the first round takes no part in the second."""


class RatingIsNoShare(NotPossible):
    """A rating is not a whole number from 0 to 100."""


class JudgesAreNotReady(NotPossible):
    """Too few judges have rated every question."""


class PanelIsInItsFirstRound(NotPossible):
    """It is closed after the second round."""


def open_panel(
    scale: Scale,
    *,
    level: str,
    title: str,
    borderline: str,
    judges: Collection[Person],
    questions: Collection[Question],
    by: Person,
    at: datetime,
) -> Panel:
    """Ask these judges about these questions; the panel itself, if `by` has just opened it."""
    with transaction.atomic():
        scale = Scale.objects.select_for_update(of=("self",)).select_related("framework").get(
            pk=scale.pk
        )  # fmt: skip
        _refuse_others(by)
        _refuse_level(scale, level)
        sitting = Panel.objects.filter(scale=scale, level=level, closed_at=None).first()
        if sitting is not None:
            return _same(sitting, title, by)
        _refuse_judges(judges, by, at)
        _refuse_questions(scale, questions)
        panel = Panel.objects.create(
            scale=scale,
            level=level,
            title=title,
            borderline=borderline,
            opened_by=by,
            opened_at=at,
        )
        PanelJudge.objects.bulk_create(PanelJudge(panel=panel, person=each) for each in judges)
        PanelQuestion.objects.bulk_create(
            PanelQuestion(panel=panel, question=each, position=position)
            for position, each in enumerate(questions, start=1)
        )
        record(
            *("panel_opened", panel),
            by=by,
            at=at,
            judges=len(judges),
            questions=len(questions),
        )
        return panel


def _refuse_others(by: Person) -> None:
    if not policies.can_run_panels(by):
        raise NotAllowed(
            _("Only those who write questions for the whole nation can run panels of judges."),
            _("Please ask the agency that keeps the national question bank."),
        )


def _refuse_level(scale: Scale, level: str) -> None:
    if level not in [each["code"] for each in scale.framework.levels]:
        raise LevelIsUnknown(
            _("The framework of this scale has no such level."),
            _("Please choose one of its levels."),
        )


def _same(sitting: Panel, title: str, by: Person) -> Panel:
    if sitting.opened_by_id == by.pk and sitting.title == title:
        return sitting  # sent twice
    raise PanelIsOpen(
        _("Another panel sits for %(level)s.")
        % {"level": level_name(sitting.scale.framework, sitting.level)},
        _("Please wait until it is closed."),
    )


def _refuse_judges(judges: Collection[Person], by: Person, at: datetime) -> None:
    if len({each.pk for each in judges}) < LEAST_JUDGES:
        raise TooFewJudges(
            _("A panel needs at least %(least)s judges.") % {"least": LEAST_JUDGES},
            _("Please invite more; ten or more make the line steadier."),
        )
    if by.pk in {each.pk for each in judges}:
        raise JudgeIsUnfit(
            _("Who chairs a panel does not judge on it."),
            _("Please invite somebody else, or have a colleague open the panel."),
        )
    if fit_to_judge(judges, day_of(at)) != {each.pk for each in judges}:
        raise JudgeIsUnfit(
            _("Judges see keys, so each of them must be somebody who writes questions."),
            _("Please have the missing ones given the role of a teacher first."),
        )


def _refuse_questions(scale: Scale, questions: Collection[Question]) -> None:
    wanted = {each.pk for each in questions}
    if not LEAST_QUESTIONS <= len(wanted) <= MOST_QUESTIONS or len(wanted) < len(questions):
        raise QuestionsAreUnfit(
            _("A panel judges from %(least)s to %(most)s different questions.")
            % {"least": LEAST_QUESTIONS, "most": MOST_QUESTIONS},
            _("Please choose more questions, or fewer."),
        )
    judged = items_to_judge(scale).filter(question__in=wanted)
    if judged.count() < len(wanted):
        raise QuestionsAreUnfit(
            _("Only questions in use that stand on the scale can be judged."),
            _("Please choose questions of the calibration that counts."),
        )


# --- Rating ------------------------------------------------------------------------------------


def rate_question(
    question: PanelQuestion, *, percent: int, panel_round: int, by: Person, at: datetime
) -> AngoffRating:
    """What share of people just at the level would be right. May be changed while the round is on.

    Sent again it changes nothing.
    """
    with transaction.atomic():
        # A round does not end between looking whether it is open and writing the rating.
        panel = Panel.objects.select_for_update(no_key=True).get(pk=question.panel_id)
        judge = PanelJudge.objects.filter(panel=panel, person=by).first()
        if judge is None:
            raise NotAllowed(
                _("Only the judges of this panel can rate its questions."),
                _("Please ask the person who opened the panel to invite you to the next one."),
            )
        _refuse_round(panel, judge, panel_round)
        if percent not in _PERCENTS:
            raise RatingIsNoShare(
                _("A rating is a whole number from 0 to 100."),
                _("Please think of a hundred people just at the level: how many would be right?"),
            )
        rating, is_new = AngoffRating.objects.get_or_create(
            judge=judge,
            question=question,
            round=panel_round,
            defaults={"percent": percent, "rated_at": at},
        )
        if not is_new and rating.percent == percent:
            return rating
        rating.percent, rating.rated_at = percent, at
        rating.save(update_fields=["percent", "rated_at"])
        record(
            *("panel_question_rated", panel),
            by=by,
            at=at,
            position=question.position,
            round=panel_round,
        )
        return rating


def _refuse_round(panel: Panel, judge: PanelJudge, panel_round: int) -> None:
    if panel.closed_at is not None or panel_round != panel.round:
        raise RoundIsOver(
            _("This round of the panel is over."),
            _("Please load the page of the panel again to see what comes next."),
        )
    if panel.round == ROUNDS[-1]:
        first = judge.ratings.filter(round=ROUNDS[0]).count()
        if first < panel.panel_questions.count():
            raise FirstRoundWasMissed(
                _("The second round has begun, and not all questions were rated in the first."),
                _("Please ask the person who opened the panel about the next one."),
            )


# --- Rounds ------------------------------------------------------------------------------------


def open_second_round(panel: Panel, *, by: Person, at: datetime) -> Panel:
    """Show everybody what all said, without names, and ask again. Twice changes nothing."""
    with transaction.atomic():
        panel = Panel.objects.select_for_update().get(pk=panel.pk)
        _refuse_others(by)
        if panel.round == ROUNDS[-1]:
            return panel
        ready = sum(each.counts for each in progress_of(panel))
        if ready < LEAST_JUDGES:
            raise JudgesAreNotReady(
                _("Only %(ready)s judges have rated every question; %(least)s are needed.")
                % {"ready": ready, "least": LEAST_JUDGES},
                _("Please wait until more have, and remind them."),
            )
        panel.round = ROUNDS[-1]
        panel.save(update_fields=["round"])
        record("panel_round_opened", panel, by=by, at=at, round=panel.round, judges=ready)
        return panel


def close_panel(panel: Panel, *, by: Person, at: datetime) -> Panel:
    """No more ratings; who did not rate a question again keeps the first one."""
    with transaction.atomic():
        panel = Panel.objects.select_for_update().get(pk=panel.pk)
        _refuse_others(by)
        if panel.closed_at is not None:
            return panel
        if panel.round != ROUNDS[-1]:
            raise PanelIsInItsFirstRound(
                _("A panel is closed after its second round."),
                _("Please open the second round first."),
            )
        panel.closed_at = at
        panel.save(update_fields=["closed_at"])
        record("panel_closed", panel, by=by, at=at)
        return panel
