"""Situations: who answers a case meets its key afterwards; who runs classes may, but not before.

Nobody meets the key of a case that they have still to answer themselves.
"""

from uuid import uuid4

from journeys.doors.door import OF_CLASSES, Door, acts, list_of
from journeys.doors.exams import exam_body
from journeys.doors.eyes import Eyes, active

_KEYS = ("why", "why_en", "model", "model_en")


# --- Who ---------------------------------------------------------------------------------------


def _learns_in(eyes, training_class):
    return any(each.training_class == training_class for each in eyes.own_enrolments())


def _coordinates(eyes, point):
    return point is not None and point.coordinator == eyes.me


def _opens_results(eyes, exercise):
    return eyes.sees_all_results(exercise.training_class) or any(
        active(each) and each.unit in eyes.seen for each in eyes.learners(exercise.training_class)
    )


def _opens_exercise(eyes, exercise):
    return (
        _learns_in(eyes, exercise.training_class)
        or any(
            _coordinates(eyes, point)
            for point in eyes.world.points
            if point.training_class == exercise.training_class
        )
        or _opens_results(eyes, exercise)
    )


def _is_member(eyes, run):
    return any(each.run == run and each.person == eyes.me for each in eyes.world.members)


def _decides(eyes, run):
    return run.person == eyes.me or _coordinates(eyes, run.bridge_point)


def _opens_run(eyes, run):
    training_class = run.exercise.training_class
    return (
        _decides(eyes, run)
        or _is_member(eyes, run)
        or eyes.sees_all_results(training_class)
        or any(
            each.person == run.person and each.unit in eyes.seen
            for each in eyes.learners(training_class)
        )
    )


def _opens_debrief(eyes, run):
    """Nobody who has still to answer the case meets its key in the run of somebody else."""
    gives_the_key = run.finished_at and not (_decides(eyes, run) or _is_member(eyes, run))
    return _opens_run(eyes, run) and not (gives_the_key and _has_to_answer(eyes, run.exercise.case))


def _has_to_answer(eyes, case):
    """An exercise with this case that is not over, in a class of one's own, and no run finished."""
    finished = {
        run.exercise
        for run in eyes.world.runs
        if run.finished_at and (run.person == eyes.me or _is_member(eyes, run))
    }
    return any(
        each.case == case
        and each.closes_at > eyes.world.now
        and each not in finished
        and _learns_in(eyes, each.training_class)
        for each in eyes.world.exercises
    )


def _sees_keys(eyes):
    return bool(eyes.run) or any(eyes.supervises(each) for each in eyes.world.classes)


def _opens_case(eyes, case):
    return _sees_keys(eyes) and not _has_to_answer(eyes, case)


def _wrote(eyes, disposition):
    run = disposition.run
    return eyes.me in {run.person, disposition.who} or _is_member(eyes, run)


def _marks(eyes, disposition):
    """What waits for a mark of this person, who had no hand in it and has not marked it."""
    return (
        disposition.settled_at is None
        and disposition.run.finished_at is not None
        and eyes.runs(disposition.run.exercise.training_class)
        and not _wrote(eyes, disposition)
        and disposition.marker != eyes.me
    )


# --- What is told ------------------------------------------------------------------------------


def _texts(content, *, keys):
    """Every text of a case; its key is why a decision is right and what a model answer says."""
    if isinstance(content, list):
        return [text for each in content for text in _texts(each, keys=keys)]
    if isinstance(content, dict):
        return [
            text
            for name, each in content.items()
            if keys or name not in _KEYS
            for text in _texts(each, keys=keys)
        ]
    return [str(content)]


def tell_case(eyes, case, *, keys):
    return eyes.marks(*_texts(case.content, keys=keys))


def tell_cover(eyes, case):
    """What stands before a case: all that whoever has not begun may know."""
    content = case.content
    return eyes.marks(content["title"], content["role"], content["summary"], case.title_en)


def _tell_exercise(eyes, exercise):
    points = [p for p in eyes.world.points if p.training_class == exercise.training_class]
    told = eyes.tell_class(exercise.training_class) | tell_cover(eyes, exercise.case)
    return told | eyes.tell_units([point.unit for point in points])


def tell_own_exercises(eyes):
    own = [each for each in eyes.world.exercises if _opens_exercise(eyes, each)]
    return set().union(*(_tell_exercise(eyes, each) for each in own), set())


def _tell_results(eyes, exercise):
    told = _tell_exercise(eyes, exercise)
    for enrolment in eyes.learners(exercise.training_class):
        if eyes.sees_all_results(exercise.training_class) or enrolment.unit in eyes.seen:
            told |= eyes.tell_learner(enrolment)
    return told


def _tell_run(eyes, run):
    """To whoever decides: the case without its key, and what was written."""
    told = _tell_exercise(eyes, run.exercise) | tell_case(eyes, run.exercise.case, keys=False)
    return told | eyes.marks(*_written(run))


def _tell_debrief(eyes, run):
    """The key, once the run is finished, and the text, but not to whoever may yet mark it."""
    told = _tell_exercise(eyes, run.exercise) | eyes.tell_names(run.person)
    disposition = getattr(run, "disposition", None)
    if not run.finished_at:
        return told
    is_own = _decides(eyes, run) or _is_member(eyes, run)
    if is_own and run.exercise.debrief == "closed" and run.exercise.closes_at > eyes.world.now:
        return told
    told |= tell_case(eyes, run.exercise.case, keys=True)
    if disposition and (is_own or disposition.settled_at):
        told |= eyes.marks(disposition.text)
    if disposition and disposition.settled_at:
        told |= eyes.marks(disposition.remarks)
    return told


def _written(run):
    disposition = getattr(run, "disposition", None)
    return [disposition.text] if disposition else []


def _tell_marking(eyes, disposition):
    """The text, its node and the rubric; never who wrote it."""
    exercise = disposition.run.exercise
    told = eyes.marks(exercise.training_class.name, disposition.text)
    return told | tell_case(eyes, exercise.case, keys=True)


# --- What is sent ------------------------------------------------------------------------------


def _exercise_body(eyes, _training_class):
    return {
        **exam_body(), "case": eyes.world.cases[1].pk, "mode": "individual", "debrief": "finished",
    }  # fmt: skip


def _may_start(eyes, exercise):
    """Alone, or for each bridge point one coordinates and for one that somebody else does."""
    if not exercise.is_for_groups:
        return [({}, _learns_in(eyes, exercise.training_class))]
    points = [p for p in eyes.world.points if p.training_class == exercise.training_class]
    own = [({"bridge_point": p.pk}, True) for p in points if _coordinates(eyes, p)]
    others = [({"bridge_point": p.pk}, False) for p in points if not _coordinates(eyes, p)]
    return own[:1] + others[:1]


def _decision(_eyes, run):
    text = {"act": "save", "text": "Kính gửi"} if run.node == "note" else {"decision": "bad"}
    return {"node": run.node, "client_id": uuid4(), **text}


_of_runs = {
    "things": lambda world: world.runs,
    "opens": _decides,
    "tells": _tell_run,
    "posts": acts(_decides, _decision),
}

DOORS = {
    "situations:mine": Door(tells=lambda eyes, _: tell_own_exercises(eyes)),
    "situations:exercises": Door(
        tells=list_of(
            lambda world: world.exercises,
            _opens_results,
            lambda eyes, each: eyes.marks(
                each.training_class.name, each.case.title, each.case.title_en
            ),
        )
    ),
    "situations:exercise": Door(
        things=lambda world: world.exercises,
        opens=_opens_exercise,
        tells=_tell_exercise,
        posts=_may_start,
    ),
    "situations:results": Door(
        things=lambda world: world.exercises, opens=_opens_results, tells=_tell_results
    ),
    "situations:open": Door(
        **OF_CLASSES,
        opens=Eyes.runs,
        tells=lambda eyes, training_class: (
            eyes.tell_class(training_class)
            | eyes.marks(
                *(name for each in eyes.world.cases for name in (each.title, each.title_en))
            )
        ),
        posts=acts(Eyes.runs, _exercise_body),
    ),
    "situations:cases": Door(
        tells=list_of(
            lambda world: world.cases,
            _opens_case,
            lambda eyes, case: eyes.marks(case.title, case.title_en),
        )
    ),
    "situations:case": Door(
        things=lambda world: world.cases,
        opens=_opens_case,
        tells=lambda eyes, case: tell_case(eyes, case, keys=True),
    ),
    "situations:run": Door(**_of_runs),
    "situations:decide": Door(**_of_runs),
    "situations:save": Door(**_of_runs),
    "situations:end": Door(**_of_runs),
    "situations:debrief": Door(
        things=lambda world: world.runs, opens=_opens_debrief, tells=_tell_debrief
    ),
    "situations:marking": Door(
        tells=list_of(
            lambda world: world.dispositions,
            _marks,
            lambda eyes, each: eyes.marks(
                each.run.exercise.training_class.name,
                each.run.exercise.case.title,
                each.run.exercise.case.title_en,
            ),
        )
    ),
    "situations:mark": Door(
        things=lambda world: [each for each in world.dispositions if each.run.finished_at],
        opens=lambda eyes, each: _marks(eyes, each) or each.marker == eyes.me,
        tells=lambda eyes, each: _tell_marking(eyes, each) if _marks(eyes, each) else set(),
        posts=acts(_marks, lambda _e, _d: {"points-who": "1", "remark": "Rõ"}),
    ),
}
