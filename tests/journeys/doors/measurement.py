"""Measurement: adaptive tests, scales and calibrations, panels of judges, quality of questions."""

from uuid import uuid4

from journeys.doors.door import OF_CLASSES, Door, acts, list_of
from journeys.doors.exams import exam_body
from journeys.doors.eyes import Eyes, active
from journeys.doors.questions import asked, may_be_asked, opens_question, tell_question

# --- Who ---------------------------------------------------------------------------------------


def _learns_in(eyes, sitting):
    return any(each.training_class == sitting.training_class for each in eyes.own_enrolments())


def _opens_results(eyes, sitting):
    return eyes.sees_all_results(sitting.training_class) or any(
        active(each) and each.unit in eyes.seen for each in eyes.learners(sitting.training_class)
    )


def _is_own(eyes, run):
    return run.person == eyes.me


def _opens_run(eyes, run):
    training_class = run.sitting.training_class
    return (
        _is_own(eyes, run)
        or eyes.sees_all_results(training_class)
        or any(
            each.person == run.person and each.unit in eyes.seen
            for each in eyes.learners(training_class)
        )
    )


def _sees_scales(eyes, _thing):
    """Who writes questions anywhere may know how difficult questions are."""
    return bool(eyes.written)


def _calibrates(eyes, _thing):
    return eyes.writes_for_everybody


def _may_approve(eyes, calibration):
    """Four eyes."""
    return _calibrates(eyes, calibration) and calibration.asked_for_by != eyes.me


def _judges(eyes, panel):
    return any(each.panel == panel and each.person == eyes.me for each in eyes.world.judges)


def _rates(eyes, panel):
    """Judges see the key, so nobody rates what a test may still ask them."""
    return _judges(eyes, panel) and not may_be_asked(eyes, panel.asked[0])


def _opens_panel(eyes, panel):
    return _calibrates(eyes, panel) or _judges(eyes, panel)


# --- What is told ------------------------------------------------------------------------------


def _tell_sitting(eyes, sitting):
    return eyes.marks(
        sitting.training_class.name, sitting.test.title, sitting.test.about
    ) | eyes.tell_units([sitting.training_class.host_unit])


def tell_own_skills_tests(eyes):
    own = [each for each in eyes.world.skills_sittings if _learns_in(eyes, each)]
    return set().union(*(_tell_sitting(eyes, each) for each in own), set())


def _tell_results(eyes, sitting):
    told = _tell_sitting(eyes, sitting)
    for enrolment in eyes.learners(sitting.training_class):
        if eyes.sees_all_results(sitting.training_class) or enrolment.unit in eyes.seen:
            told |= eyes.tell_learner(enrolment)
    return told


def _tell_run(eyes, run):
    """The question it stands at as learners read it: never a key, never one that was answered."""
    told = _tell_sitting(eyes, run.sitting)
    return told if run.ended_at else told | asked(eyes, run.asked[-1])


def _tell_result(eyes, run):
    """How able, and why each question was asked; not what it said."""
    return _tell_sitting(eyes, run.sitting) | eyes.tell_names(run.person)


def _tell_scale(eyes, scale):
    told = eyes.marks(scale.name)
    for each in eyes.world.calibrations:
        told |= eyes.tell_names(each.asked_for_by, each.approved_by)
    return told


def _tell_calibration(eyes, calibration):
    return _tell_scale(eyes, calibration.scale)


def _cut_score_of(eyes, panel):
    return next((each for each in eyes.world.cut_scores if each.panel == panel), None)


def _tell_panel(eyes, panel):
    """Its judges by name, never beside what each said; and the decision it led to."""
    told = eyes.marks(panel.title, panel.borderline, panel.scale.name)
    told |= eyes.tell_names(panel.opened_by)
    for judge in eyes.world.judges:
        told |= eyes.tell_names(judge.person) if judge.panel == panel else set()
    cut = _cut_score_of(eyes, panel)
    return told | _tell_cut_score(eyes, cut) if cut else told


def _tell_cut_score(eyes, cut):
    told = eyes.marks(cut.decision_number, cut.reason, cut.scale.name)
    return told | eyes.tell_names(cut.decided_by)


def _tell_ballot(eyes, panel):
    """Judges see the questions with their keys."""
    told = _tell_panel(eyes, panel)
    return told.union(*(tell_question(eyes, question) for question in panel.asked))


# --- What is sent ------------------------------------------------------------------------------


def _offer_body(eyes, _training_class):
    test = eyes.world.skills_sittings[0].test
    return {**exam_body(), "test": test.pk, "purpose": "after"}


def _answer_body(_eyes, run):
    return {"number": len(run.asked), "client_id": uuid4(), "act": "unknown"}


_of_sittings = {"things": lambda world: world.skills_sittings}
_of_own_runs = {"things": lambda world: world.skills_runs, "opens": _is_own, "tells": _tell_run}
_of_scales = {"things": lambda world: world.scales, "tells": _tell_scale}
_of_panels = {"things": lambda world: world.panels, "tells": _tell_panel}
_of_questions = {
    "things": lambda world: world.questions,
    "opens": opens_question,
    "tells": tell_question,
}
_decision = {"decision_number": "1/QĐ", "decided_on": "2026-01-01", "reason": "Theo hội đồng"}

DOORS = {
    # adaptive tests
    "measurement:mine": Door(tells=lambda eyes, _: tell_own_skills_tests(eyes)),
    "measurement:sittings": Door(
        tells=list_of(lambda world: world.skills_sittings, _opens_results, _tell_sitting)
    ),
    "measurement:sitting": Door(
        **_of_sittings, opens=_learns_in, tells=_tell_sitting, posts=acts(_learns_in)
    ),
    "measurement:results": Door(**_of_sittings, opens=_opens_results, tells=_tell_results),
    "measurement:offer": Door(
        **OF_CLASSES,
        opens=Eyes.runs,
        tells=lambda eyes, each: (
            eyes.tell_class(each) | eyes.marks(eyes.world.skills_sittings[0].test.title)
        ),
        posts=acts(Eyes.runs, _offer_body),
    ),
    "measurement:run": Door(**_of_own_runs, posts=acts(_is_own, _answer_body)),
    "measurement:end": Door(**_of_own_runs, posts=acts(_is_own)),
    "measurement:result": Door(
        things=lambda world: world.skills_runs, opens=_opens_run, tells=_tell_result
    ),
    "measurement:explanation": Door(
        things=lambda world: world.skills_runs,
        opens=lambda eyes, run: run.ended_at is not None and _opens_run(eyes, run),
        tells=_tell_result,
    ),
    # scales
    "measurement:scales": Door(tells=list_of(lambda w: w.scales, _sees_scales, _tell_scale)),
    "measurement:scale": Door(**_of_scales, opens=_sees_scales),
    "measurement:calibrate": Door(**_of_scales, opens=_sees_scales, posts=acts(_calibrates)),
    "measurement:calibration": Door(
        things=lambda world: world.calibrations, opens=_sees_scales, tells=_tell_calibration
    ),
    "measurement:approve": Door(
        things=lambda world: world.calibrations,
        opens=_sees_scales,
        tells=_tell_calibration,
        posts=acts(_may_approve),
    ),
    # quality of questions
    "measurement:quality": Door(
        tells=list_of(lambda world: world.questions, opens_question, tell_question)
    ),
    "measurement:question_quality": Door(**_of_questions),
    "measurement:calculate_quality": Door(**_of_questions, posts=acts(opens_question)),
    # panels of judges
    "measurement:open_panel": Door(
        **_of_scales,
        opens=_calibrates,
        posts=acts(_calibrates, lambda _e, _s: {"level": "CB2", "title": "Hội đồng mới"}),
    ),
    "measurement:cut_scores": Door(
        tells=list_of(lambda world: world.cut_scores, _sees_scales, _tell_cut_score)
    ),
    "measurement:panels": Door(
        tells=lambda eyes, _: (
            list_of(lambda world: world.panels, _opens_panel, _tell_panel)(eyes, None)
            | list_of(lambda world: world.scales, _calibrates, _tell_scale)(eyes, None)
        )
    ),
    "measurement:panel": Door(**_of_panels, opens=_opens_panel),
    "measurement:second_round": Door(**_of_panels, opens=_opens_panel, posts=acts(_calibrates)),
    "measurement:close_panel": Door(**_of_panels, opens=_opens_panel, posts=acts(_calibrates)),
    "measurement:set_cut_score": Door(
        **_of_panels, opens=_calibrates, posts=acts(_calibrates, lambda _e, _p: dict(_decision))
    ),
    "measurement:panel_document": Door(
        things=lambda world: world.panels,
        opens=lambda eyes, panel: bool(eyes.written) and _cut_score_of(eyes, panel) is not None,
        tells=_tell_ballot,
    ),
    "measurement:judge": Door(things=lambda world: world.panels, opens=_judges, tells=_tell_ballot),
    "measurement:rate": Door(
        things=lambda world: world.panels,
        args=lambda panel: [panel.pk, 1],
        opens=_rates,
        tells=_tell_ballot,
        posts=acts(_rates, lambda _e, panel: {"percent": "60", "panel_round": str(panel.round)}),
    ),
}
