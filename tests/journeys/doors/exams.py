"""Tests: papers, sittings, rooms, attempts."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from journeys.doors.door import OF_CLASSES, Door, acts, list_of
from journeys.doors.eyes import Eyes, above, active
from journeys.doors.questions import asked, may_be_asked, opens_question, tell_key

# --- Who ---------------------------------------------------------------------------------------


def is_own(eyes, attempt):
    return attempt.person == eyes.me


def _learns_in(eyes, sitting):
    return any(each.training_class == sitting.training_class for each in eyes.own_enrolments())


def runs_sitting(eyes, sitting):
    return _runs_tests(eyes, sitting.training_class)


def _runs_tests(eyes, training_class):
    """Who runs the class, and does not learn in it."""
    learns = any(each.training_class == training_class for each in eyes.own_enrolments())
    return eyes.runs(training_class) and not learns


def _opens_room(eyes, room):
    """Its supervisor, and whoever runs the class; nobody who may sit in it."""
    supervises = room.supervisor == eyes.me and not _learns_in(eyes, room.sitting)
    return supervises or runs_sitting(eyes, room.sitting)


def _opens_paper(eyes, paper):
    """Everybody's papers, those of one's units, and those that units above lend."""
    lent = {unit for below in eyes.written for unit in above(below)}
    return bool(eyes.written) and (paper.owner is None or paper.owner in eyes.written | lent)


def _owns_paper(eyes, paper):
    return paper.owner in eyes.written


def _opens_file(eyes, file):
    """Who may see the attempt; of others, nothing that would answer what one may be asked."""
    of_others = not is_own(eyes, file.attempt)
    return eyes.opens_result(file.attempt) and not (of_others and may_be_asked(eyes, file.question))


def _has_room(eyes, sitting):
    """Supervises a room at a bridge point, and does not learn in the class."""
    rooms = [each for each in eyes.world.rooms if each.sitting == sitting]
    return not _learns_in(eyes, sitting) and any(each.supervisor == eyes.me for each in rooms)


def _points_to_bring_in(eyes, sitting):
    """The bridge points whose sheets are one's own: coordinated, or with a room supervised."""
    points = [p for p in eyes.world.points if p.training_class == sitting.training_class]
    if runs_sitting(eyes, sitting):
        return points
    rooms = [each for each in eyes.world.rooms if each.sitting == sitting]
    supervised = {
        each.bridge_point_id
        for each in rooms
        if each.supervisor == eyes.me and not _learns_in(eyes, sitting)
    }
    return [p for p in points if p.coordinator == eyes.me or p.pk in supervised]


def _brings_in(eyes, sitting):
    return bool(_points_to_bring_in(eyes, sitting))


def _prints(eyes, sitting):
    return _brings_in(eyes, sitting) and not _learns_in(eyes, sitting)


def _opens_sheet_file(eyes, file):
    return file.uploaded_by == eyes.me or runs_sitting(eyes, file.sitting)


def _takes_in(eyes, file):
    return _opens_sheet_file(eyes, file) and _brings_in(eyes, file.sitting)


# --- What is told ------------------------------------------------------------------------------


def tell_paper(eyes, paper):
    """Its name."""
    return eyes.marks(paper.title)


def tell_own_tests(eyes):
    own = [each for each in eyes.world.sittings if _learns_in(eyes, each)]
    return eyes.marks(*(each.paper.title for each in own))


def tell_sitting(eyes, sitting):
    return (
        tell_paper(eyes, sitting.paper)
        | eyes.marks(sitting.training_class.name)
        | eyes.tell_units([sitting.training_class.host_unit])
    )


def tell_attempt(eyes, attempt):
    """The questions as learners read them, without any key, and what was handed in."""
    told = eyes.marks(attempt.sitting.training_class.name, attempt.sitting.paper.title)
    for question in attempt.sitting.paper.asked:
        told |= asked(eyes, question)
    for file in eyes.world.handed_in:
        if file.attempt == attempt:
            told |= eyes.marks(file.name, bytes(file.content).decode())
    return told


def tell_result(eyes, attempt):
    """Once it is handed in, officers read the reasons for what was right.

    Learners do when the test has closed, and in these worlds none has.
    """
    told = tell_attempt(eyes, attempt) | eyes.tell_names(attempt.person)
    if attempt.handed_in_at and not is_own(eyes, attempt):
        for question in attempt.sitting.paper.asked:
            told |= tell_key(eyes, question)
    return told


def _tell_rooms(eyes, sitting):
    """The rooms of a sitting, and who could supervise them: whoever has a duty in the class."""
    told = tell_sitting(eyes, sitting) | eyes.tell_class(sitting.training_class)
    told |= eyes.tell_names(eyes.me, sitting.training_class.supervisor)
    for room in eyes.world.rooms:
        if room.sitting == sitting:
            told |= eyes.marks(room.name) | eyes.tell_names(room.supervisor, room.opened_by)
    for point in eyes.world.points:
        if point.training_class == sitting.training_class:
            told |= eyes.tell_names(point.coordinator, point.chair)
    return told


def _tell_room(eyes, room):
    """Who is expected and who has come in."""
    told = tell_sitting(eyes, room.sitting) | eyes.marks(room.name)
    told |= eyes.tell_names(room.supervisor) | eyes.tell_units([room.bridge_point.unit])
    for enrolment in eyes.world.enrolments:
        if enrolment.bridge_point == room.bridge_point:
            told |= eyes.tell_names(enrolment.person)
    return told


def _tell_learners(eyes, sitting):
    told = _tell_rooms(eyes, sitting)
    for enrolment in eyes.learners(sitting.training_class):
        told |= eyes.tell_learner(enrolment) if active(enrolment) else set()
    return told


def _tell_sheets(eyes, sitting):
    """The sitting, whose sheets may come, and the files that may be seen."""
    told = tell_sitting(eyes, sitting)
    points = _points_to_bring_in(eyes, sitting)
    for enrolment in eyes.learners(sitting.training_class):
        if enrolment.bridge_point in points:
            told |= eyes.tell_learner(enrolment)
    for file in eyes.world.sheet_files:
        if file.sitting == sitting and _opens_sheet_file(eyes, file):
            told |= eyes.marks(file.file_name, file.reason) | eyes.tell_names(file.uploaded_by)
    return told


def _tell_booklet(eyes, sitting):
    told = tell_sitting(eyes, sitting)
    for question in sitting.paper.asked:
        told |= asked(eyes, question)
    return told


def tell_whole_paper(eyes, paper):
    """The words of its questions, not their keys."""
    told = tell_paper(eyes, paper) | eyes.tell_names(paper.made_by)
    told |= eyes.tell_units([paper.owner] if paper.owner else [])
    for question in paper.asked:
        told |= asked(eyes, question)
    return told


def _tell_bank_for_papers(eyes):
    """What a paper may ask: questions in use of everybody, of the units above, and shared ones."""
    lent = {unit for below in eyes.written for unit in above(below)}
    told = eyes.tell_units(eyes.written)
    for question in eyes.world.questions:
        in_use = question.put_in_use_at and not question.retired_at
        if in_use and (opens_question(eyes, question) or question.owner in lent):
            told |= asked(eyes, question) | eyes.marks(question.topic)
    return told


# --- What is sent ------------------------------------------------------------------------------


def exam_body():
    return {"opens_at": "2026-01-01T08:00", "closes_at": "2036-01-01T08:00"}


def _sitting_body(eyes, _training_class):
    return {**exam_body(), "paper": eyes.world.papers[-1].pk}


def _paper_bodies(eyes, _thing):
    """A paper for a unit in reach and for one out of it; questions looked for in both banks."""
    body = {
        "title": "Bài mới", "minutes": "20", "pass_percent": "70", "cell-0-component": "1.1",
        "measured": f"{eyes.world.framework.pk}:CB2", "cell-0-questions": "1", "rows": "1",
    }  # fmt: skip
    bodies = []
    if unit := eyes.outside(eyes.world.units, eyes.written.__contains__):
        bodies.append(({**body, "owner": unit.pk, "code": _code()}, False))
        bodies.append(({"owner": unit.pk, "act": "find", "find": "zq"}, False))
    if eyes.written:
        unit = eyes.chance.choice(sorted(eyes.written, key=lambda each: each.pk))
        bodies.append(({**body, "owner": unit.pk, "code": _code()}, True))
    return bodies


def _code():
    return f"bai-{uuid4().hex[:8]}"


def _room_body(eyes, sitting):
    return {"name": "Phòng mới", "supervisor": eyes.me.pk, "act": "open", "networks": ""}


def _time_bodies(eyes, sitting):
    """For a learner of the class, and for somebody who is none."""
    learners = [e.person for e in eyes.learners(sitting.training_class) if active(e)]
    others = [person for person in eyes.world.people if person not in learners]
    body = {"act": "give", "minutes": "5", "reason": "Khuyết tật"}
    may = runs_sitting(eyes, sitting)
    bodies = [({**body, "person": eyes.chance.choice(others).pk}, False)]
    return bodies + [({**body, "person": each.pk}, may) for each in learners[:1]]


_may_answer = acts(
    is_own,
    lambda _eyes, _attempt: {"question": 1, "sequence": 1, "client_id": uuid4(), "chosen": "a"},
)
_of_own_attempts = {
    "things": lambda world: world.attempts,
    "opens": is_own,
    "tells": tell_attempt,
    "posts": _may_answer,
}
_of_sittings = {"things": lambda world: world.sittings}
_of_rooms = {"things": lambda world: world.rooms, "opens": _opens_room, "tells": _tell_room}
_for_all_in_a_room = {**_of_rooms, "query": "all=1"}
_of_sheets = {**_of_sittings, "opens": _brings_in, "tells": _tell_sheets}
_of_sheet_files = {
    "things": lambda world: world.sheet_files,
    "opens": _opens_sheet_file,
    "tells": lambda eyes, file: _tell_sheets(eyes, file.sitting),
}
_of_papers = {"things": lambda world: world.papers}
_reason = acts(_opens_room, lambda _eyes, _room: {"reason": "Sự cố điện"})


DOORS = {
    "exams:mine": Door(tells=lambda eyes, _: eyes.tell_own_classes() | tell_own_tests(eyes)),
    "exams:sittings": Door(
        tells=list_of(
            lambda world: world.sittings,
            Eyes.opens_results,
            lambda eyes, sitting: (
                eyes.marks(sitting.training_class.name) | tell_paper(eyes, sitting.paper)
            ),
        )
    ),
    "exams:sitting": Door(
        **_of_sittings, opens=Eyes.opens_sitting, tells=tell_sitting, posts=acts(_learns_in)
    ),
    "exams:results": Door(
        **_of_sittings,
        opens=Eyes.opens_results,
        tells=lambda eyes, each: eyes.tell_results(each) | tell_paper(eyes, each.paper),
    ),
    "exams:open": Door(
        **OF_CLASSES,
        opens=_runs_tests,
        tells=lambda eyes, training_class: (
            eyes.tell_class(training_class)
            | eyes.marks(
                *(
                    paper.title
                    for paper in eyes.world.papers
                    if paper.owner is None or paper.owner in above(training_class.host_unit)
                )
            )
        ),
        posts=acts(_runs_tests, _sitting_body),
    ),
    "exams:rooms": Door(**_of_sittings, opens=runs_sitting, tells=_tell_rooms),
    "exams:open_room": Door(
        **_of_sittings,
        opens=runs_sitting,
        tells=_tell_rooms,
        posts=acts(runs_sitting, _room_body),
    ),
    "exams:open_rooms": Door(
        **_of_sittings, opens=runs_sitting, tells=_tell_rooms, posts=acts(runs_sitting)
    ),
    "exams:extra_time": Door(
        **_of_sittings, opens=runs_sitting, tells=_tell_learners, posts=_time_bodies
    ),
    "exams:my_rooms": Door(
        tells=list_of(
            lambda world: world.rooms,
            lambda eyes, room: room.supervisor == eyes.me and _opens_room(eyes, room),
            _tell_room,
        )
    ),
    "exams:room": Door(**_of_rooms),
    "exams:change_room": Door(
        things=lambda world: world.rooms,
        opens=lambda eyes, room: runs_sitting(eyes, room.sitting),
        tells=lambda eyes, room: _tell_rooms(eyes, room.sitting),
        posts=acts(
            lambda eyes, room: runs_sitting(eyes, room.sitting),
            lambda eyes, _room: {"supervisor": eyes.me.pk, "networks": "203.0.113.0/24"},
        ),
    ),
    "exams:close_room": Door(**_of_rooms, posts=acts(_opens_room)),
    "exams:give_minutes": Door(
        **_for_all_in_a_room,
        posts=acts(
            _opens_room,
            lambda _e, _r: {"minutes": "5", "reason": "Mất điện", "client_id": str(uuid4())},
        ),
    ),
    "exams:hand_in_for": Door(**_for_all_in_a_room, posts=_reason),
    "exams:void": Door(**_for_all_in_a_room, posts=_reason),
    "exams:sittings_on_paper": Door(
        tells=list_of(lambda world: world.sittings, _brings_in, tell_sitting)
    ),
    "exams:sheets": Door(**_of_sheets),
    "exams:booklet": Door(**_of_sittings, opens=_prints, tells=_tell_booklet),
    "exams:sheet_workbook": Door(**_of_sheets),
    "exams:upload_sheets": Door(
        **_of_sheets,
        posts=acts(
            _brings_in,
            lambda _eyes, _sitting: {
                "reason": "Mất mạng",
                "file": SimpleUploadedFile("a.csv", "Họ tên;Câu 1\n".encode()),
            },
        ),
    ),
    "exams:sheet_file": Door(**_of_sheet_files),
    "exams:take_in_sheets": Door(**_of_sheet_files, posts=acts(_takes_in)),
    "exams:give_up_sheets": Door(**_of_sheet_files, posts=acts(_takes_in)),
    "papers:papers": Door(tells=list_of(lambda w: w.papers, _opens_paper, tell_whole_paper)),
    "papers:start_paper": Door(opens=lambda eyes, _: bool(eyes.written)),
    "papers:write_paper": Door(
        opens=lambda eyes, _: bool(eyes.written),
        tells=lambda eyes, _: _tell_bank_for_papers(eyes),
        posts=_paper_bodies,
        query="kind=fixed",
    ),
    "papers:paper": Door(**_of_papers, opens=_opens_paper, tells=tell_whole_paper),
    "papers:new_version": Door(
        **_of_papers,
        opens=_owns_paper,
        tells=lambda eyes, paper: tell_whole_paper(eyes, paper) | _tell_bank_for_papers(eyes),
        posts=acts(_owns_paper, lambda _e, _p: {"title": "Bản hai", "minutes": "20"}),
    ),
    "papers:retire_paper": Door(
        **_of_papers,
        opens=_owns_paper,
        tells=tell_whole_paper,
        posts=acts(_owns_paper, lambda _e, _p: {"reason": "Hết hiệu lực"}),
    ),
    "exams:attempt": Door(**_of_own_attempts),
    "exams:worker": Door(),
    "exams:file": Door(
        things=lambda world: world.handed_in,
        args=lambda file: [file.attempt.pk, file.question.pk],
        opens=_opens_file,
        tells=lambda eyes, file: tell_attempt(eyes, file.attempt),
        posts=acts(lambda eyes, file: is_own(eyes, file.attempt)),
    ),
    "exams:answer": Door(**_of_own_attempts),
    "exams:hand_in": Door(**_of_own_attempts),
}
