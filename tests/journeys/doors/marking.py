"""What follows a test: marking by people, appeals, corrected keys, late answers, receipts."""

from uuid import uuid4

from journeys.doors.door import Door, acts, list_of
from journeys.doors.exams import (
    is_own,
    runs_sitting,
    tell_attempt,
    tell_result,
    tell_sitting,
    tell_whole_paper,
)
from journeys.doors.eyes import RUNS_CLASSES, WRITES, Eyes, above, active
from journeys.doors.questions import asked, may_be_asked, opens_question, tell_question

# --- Who ---------------------------------------------------------------------------------------


def _marks_sitting(eyes, sitting):
    return any(each.sitting == sitting and each.person == eyes.me for each in eyes.world.markers)


def _learns(eyes, training_class, person=None):
    return any(
        each.person == (person or eyes.me) and active(each)
        for each in eyes.learners(training_class)
    )


def _has_marked(eyes, attempt, question=None):
    return any(
        each.attempt == attempt and each.marker == eyes.me and question in {None, each.question}
        for each in eyes.world.markings
    )


def _marks(eyes, answer):
    """Markers of the sitting: nobody who learns in the class or supervises it; nobody twice."""
    attempt = answer.attempt
    return (
        attempt.handed_in_at is not None
        and _marks_sitting(eyes, attempt.sitting)
        and not is_own(eyes, attempt)
        and not _learns(eyes, attempt.sitting.training_class)
        and not eyes.supervises(attempt.sitting.training_class)
        and not _has_marked(eyes, attempt, answer.question)
    )


def _marks_now(eyes, answer):
    """Not what a test may still ask them: its rubric is a key."""
    return _marks(eyes, answer) and not may_be_asked(eyes, answer.question)


def _opens_appeal(eyes, appeal):
    """Who runs the class; one's own is for others to answer."""
    return runs_sitting(eyes, appeal.attempt.sitting) and not is_own(eyes, appeal.attempt)


def _answers_appeal(eyes, appeal):
    return _opens_appeal(eyes, appeal) and not _has_marked(eyes, appeal.attempt, appeal.question)


def _corrects(eyes, question):
    """Who writes questions for its owner and runs classes there as well."""
    if question.owner is None:
        may = eyes.writes_for_everybody and eyes.world.units[0] in eyes.run
    else:
        may = question.owner in eyes.reach(WRITES) & eyes.reach(RUNS_CLASSES)
    return may and question.put_in_use_at is not None and opens_question(eyes, question)


def _corrects_now(eyes, question):
    """Not what a test may still ask them."""
    return _corrects(eyes, question) and not may_be_asked(eyes, question)


def _opens_correction(eyes, correction):
    """Who could correct the key, and whoever may see a result of others that it changed."""
    return _corrects(eyes, correction.question) or any(
        each.correction == correction
        and eyes.opens_result(each.attempt)
        and not is_own(eyes, each.attempt)
        for each in eyes.world.remarkings
    )


def _decides_late(eyes, attempt):
    return runs_sitting(eyes, attempt.sitting) and not is_own(eyes, attempt)


# --- What is told ------------------------------------------------------------------------------


def _tell_appeals(eyes, attempt):
    told = set()
    for appeal in eyes.world.appeals:
        if appeal.attempt == attempt:
            told |= eyes.marks(appeal.text, appeal.answer) | eyes.tell_names(appeal.answered_by)
    return told


def _tell_changes(eyes, attempt):
    """By which decision it was marked anew; where its key is told, what markers said of it, without
    their names, and why the key was corrected.
    """

    def told_with(question):
        return not is_own(eyes, attempt) and not may_be_asked(eyes, question)

    told = set()
    for each in eyes.world.markings:
        if each.attempt == attempt and told_with(each.question):
            told |= eyes.marks(each.remarks)
    for each in eyes.world.remarkings:
        if each.attempt == attempt:
            told |= eyes.marks(each.correction.decision_number)
            if told_with(each.correction.question):
                told |= eyes.marks(each.correction.reason)
    return told


def tell_whole_result(eyes, attempt):
    told = tell_result(eyes, attempt)
    if attempt.handed_in_at:
        told |= _tell_appeals(eyes, attempt) | _tell_changes(eyes, attempt)
    return told


def _tell_correction(eyes, correction):
    told = eyes.marks(correction.decision_number)
    if not may_be_asked(eyes, correction.question):
        told |= eyes.marks(correction.reason)
    told |= asked(eyes, correction.question) | eyes.tell_names(correction.made_by)
    for each in eyes.world.remarkings:
        attempt = each.attempt
        if each.correction == correction and eyes.opens_result(attempt):
            told |= tell_sitting(eyes, attempt.sitting)
            told |= set() if is_own(eyes, attempt) else eyes.tell_names(attempt.person)
    return told


def _tell_correct(eyes, question):
    told = tell_question(eyes, question)
    for attempt in eyes.world.attempts:
        if question in attempt.sitting.paper.asked and eyes.opens_result(attempt):
            told |= tell_sitting(eyes, attempt.sitting) | eyes.tell_names(attempt.person)
    return told


def _tell_to_mark(eyes, answer):
    """Never whose it is: not even the name of the file."""
    sitting = answer.attempt.sitting
    told = tell_whole_paper(eyes, sitting.paper) | eyes.marks(sitting.training_class.name)
    return told | eyes.marks(bytes(answer.file.content).decode())


def _tell_markers(eyes, sitting):
    told = tell_sitting(eyes, sitting)
    told |= eyes.tell_names(
        *(person for person in eyes.world.people if _fit(eyes, sitting, person))
    )
    for each in eyes.world.markers:
        if each.sitting == sitting:
            told |= eyes.tell_names(each.person, each.appointed_by)
    return told


def _fit(eyes, sitting, person):
    """Whoever marks for the unit of the class, or marks where people are seen."""
    units = {*above(sitting.training_class.host_unit), *eyes.seen_for_people}
    today = eyes.world.today
    if person == sitting.training_class.supervisor or _learns(eyes, sitting.training_class, person):
        return False
    return any(
        grant.person == person
        and grant.role in WRITES
        and grant.unit in units
        and grant.from_on <= today
        and (grant.until_on is None or grant.until_on > today)
        for grant in eyes.world.grants
    )


def _tell_late(eyes, attempt):
    return tell_attempt(eyes, attempt) | eyes.tell_names(attempt.person)


def _tell_late_list(eyes, sitting):
    late = [each for each in eyes.world.late if each.sitting == sitting]
    return tell_sitting(eyes, sitting) | eyes.tell_names(*(each.person for each in late))


# --- What is sent ------------------------------------------------------------------------------


def _marker_bodies(eyes, sitting):
    marking = {each.person for each in eyes.world.markers if each.sitting == sitting}
    people = [each for each in eyes.world.people if each not in marking]
    bodies = []
    if person := eyes.outside(people, lambda each: _fit(eyes, sitting, each)):
        bodies.append(({"act": "appoint", "person": person.pk}, False))
    if person := eyes.inside(people, lambda each: _fit(eyes, sitting, each)):
        bodies.append(({"act": "appoint", "person": person.pk}, runs_sitting(eyes, sitting)))
    return bodies


def _key_body(eyes, _question):
    today = eyes.world.today.isoformat()
    return {"right": "b", "number": "9/QĐ", "decided_on": today, "reason": "Luật mới"}


def _appeal_body(_eyes, attempt):
    question = attempt.sitting.paper.asked[1].pk
    return {"question": question, "text": "Xin xem lại", "client_id": uuid4().hex}


_of_attempts = {"things": lambda world: world.attempts}
_of_sittings = {"things": lambda world: world.sittings, "opens": runs_sitting}
_of_answers = {"things": lambda world: world.answers, "tells": _tell_to_mark}
_of_days = {
    "is_public": True,
    "things": lambda world: world.sealed_days,
    "args": lambda sealed: [sealed.day.isoformat()],
    "tells": lambda eyes, sealed: eyes.marks(sealed.note),
}

DOORS = {
    # marking by people
    "marking:markers": Door(**_of_sittings, tells=_tell_markers, posts=_marker_bodies),
    "marking:marking": Door(tells=list_of(lambda world: world.answers, _marks, _tell_to_mark)),
    "marking:mark": Door(
        **_of_answers,
        opens=lambda eyes, each: (
            _marks_now(eyes, each) or _has_marked(eyes, each.attempt, each.question)
        ),
        posts=acts(_marks_now, lambda _e, _a: {"points-all": "1", "remarks": "Rõ"}),
    ),
    "marking:answer_file": Door(**_of_answers, opens=_marks_now),
    # results and appeals
    "exams:result": Door(**_of_attempts, opens=Eyes.opens_result, tells=tell_whole_result),
    "marking:appeal": Door(
        **_of_attempts,
        opens=lambda eyes, attempt: is_own(eyes, attempt) and attempt.handed_in_at is not None,
        tells=tell_whole_result,
        posts=acts(
            lambda eyes, attempt: is_own(eyes, attempt) and attempt.handed_in_at is not None,
            _appeal_body,
        ),
    ),
    "marking:appeals": Door(
        tells=list_of(
            lambda world: world.appeals,
            _opens_appeal,
            lambda eyes, each: (
                tell_sitting(eyes, each.attempt.sitting) | eyes.tell_names(each.attempt.person)
            ),
        )
    ),
    "marking:answer_appeal": Door(
        things=lambda world: world.appeals,
        opens=_opens_appeal,
        tells=lambda eyes, appeal: tell_whole_result(eyes, appeal.attempt),
        posts=acts(_answers_appeal, lambda _e, _a: {"outcome": "refused", "answer": "Giữ nguyên"}),
    ),
    # corrected keys
    "marking:corrections": Door(
        tells=list_of(lambda world: world.corrections, _opens_correction, _tell_correction)
    ),
    "marking:correction": Door(
        things=lambda world: world.corrections, opens=_opens_correction, tells=_tell_correction
    ),
    "marking:correctable": Door(
        tells=list_of(lambda world: world.questions, _corrects, tell_question)
    ),
    "marking:correct": Door(
        things=lambda world: world.questions,
        opens=_corrects_now,
        tells=_tell_correct,
        posts=acts(_corrects_now, _key_body),
    ),
    # late answers
    "exams:late_answers": Door(**_of_sittings, tells=_tell_late_list),
    "exams:late": Door(
        things=lambda world: world.late,
        opens=lambda eyes, attempt: runs_sitting(eyes, attempt.sitting),
        tells=_tell_late,
        posts=acts(
            _decides_late, lambda _e, _a: {"counts": "yes", "reason": "Mất mạng", "waiting": "1"}
        ),
    ),
    # receipts
    "exams:receipt": Door(**_of_attempts, opens=Eyes.opens_result, tells=_tell_late),
    "exams:sealed_days": Door(is_public=True),
    "exams:sealed_day": Door(**_of_days),
    "exams:sealed_day_note": Door(**_of_days),
}
