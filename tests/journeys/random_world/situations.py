"""Cases with their keys, exercises of every mode, runs at every point, texts to mark."""

from datetime import timedelta
from uuid import UUID

from hocvu.situations.models import (
    Case,
    Disposition,
    DispositionMark,
    DispositionVersion,
    Exercise,
    Run,
    RunMember,
    Step,
)

_HOUR = timedelta(hours=1)


def make_situations(world):
    """Each class has a case to answer alone, still open; each other one case more in groups."""
    for _number in range(2):
        _case(world)
    for at, training_class in enumerate(world.classes):
        alone = _exercise(world, world.cases[0], training_class, "individual", at)
        _alone(world, alone)
        if at % 2 == 0:
            _together(world, _exercise(world, world.cases[1], training_class, "bridge_point", at))


def _both(world, name):
    text = f"{name} {world.mark()}"
    return {name: text, f"{name}_en": text}


# desk ─ good ─▶ note (written) ─▶ calm;  desk ─ bad ─▶ calm
def _case(world):
    decisions = [
        {"id": name, "to": to, "credit": credit, **_both(world, "text"), **_both(world, "told"),
         **_both(world, "why")}
        for name, to, credit in (("good", "note", 1), ("bad", "calm", 0))
    ]  # fmt: skip
    content = {
        "code": f"th-{world.digits(6)}", "version": 1, "dated": "2026-11-22", "minutes": 10,
        **_both(world, "title"), **_both(world, "role"), **_both(world, "summary"),
        "framework": world.framework.code, "level": "CB2", "pass_mark": "3/5", "start": "desk",
        "sources": [_both(world, "text")],
        "nodes": [
            {"id": "desk", **_both(world, "title"), **_both(world, "text"),
             "components": {"1.1": 2}, "decisions": decisions},
            {"id": "note", "kind": "disposition", **_both(world, "title"), **_both(world, "text"),
             "components": {"1.1": 2}, **_both(world, "model"),
             "rubric": [{"id": "who", **_both(world, "text"), "points": 2}],
             "largest_difference": "1/4", "handed_in": {"to": "calm", **_both(world, "told")}},
            {"id": "calm", "kind": "ending", "tone": "good", **_both(world, "title"),
             **_both(world, "text")},
        ],
    }  # fmt: skip
    world.cases.append(
        Case.objects.create(
            code=content["code"], version=1, title=content["title"], title_en=content["title_en"],
            dated=world.today, minutes=10, framework=world.framework, level="CB2", pass_mark="3/5",
            content=content,
        )
    )  # fmt: skip


def _exercise(world, case, training_class, mode, at):
    """Every third has closed; in every second the debrief waits for the end."""
    exercise = Exercise.objects.create(
        case=case, training_class=training_class, mode=mode,
        debrief="closed" if at % 2 else "finished", opens_at=world.now - 2 * _HOUR,
        closes_at=world.now + (-_HOUR if at % 3 == 2 else _HOUR),
    )  # fmt: skip
    world.exercises.append(exercise)
    return exercise


def _alone(world, exercise):
    for enrolment in world.enrolments:
        if enrolment.training_class == exercise.training_class and world.chance.random() < 0.7:
            _run(world, exercise, enrolment.person, person=enrolment.person)


def _together(world, exercise):
    """The group at each bridge point; the learners there are its members."""
    points = [p for p in world.points if p.training_class == exercise.training_class]
    for point in points:
        run = _run(world, exercise, point.coordinator or world.people[0], bridge_point=point)
        if run.finished_at:
            world.members += RunMember.objects.bulk_create(
                RunMember(run=run, person=each.person)
                for each in world.enrolments
                if each.bridge_point == point
            )


def _run(world, exercise, who, **whose):
    has_closed = exercise.closes_at < world.now
    finished = has_closed or world.chance.random() < 0.6
    wrote = world.chance.random() < 0.6
    marked = finished and (not wrote or world.chance.random() < 0.3)
    run = Run(
        exercise=exercise, started_by=who, started_at=world.now - _HOUR,
        node="calm" if finished else ("note" if wrote else "desk"), node_opened_at=world.now,
        finished_at=world.now if finished else None, **whose,
    )  # fmt: skip
    if marked:
        run.marked_at, run.points, run.out_of, run.passed = world.now, 2, 4, False
    run.save()
    if wrote or finished:
        _step(world, run, who, sequence=1, node="desk", decision="good" if wrote else "bad")
    if wrote:
        _text(world, run, who, marked=marked)
    if wrote and finished:
        _step(world, run, who, sequence=2, node="note", decision="written")
    world.runs.append(run)
    return run


def _step(world, run, who, **taken):
    Step.objects.create(
        run=run, decided_by=who, decided_at=world.now,
        client_id=UUID(int=world.chance.getrandbits(128)), **taken,
    )  # fmt: skip


def _text(world, run, who, *, marked):
    disposition = Disposition.objects.create(
        run=run, node="note", settled_at=world.now if marked else None
    )
    disposition.text = f"Bút phê {world.mark()}"
    DispositionVersion.objects.create(
        disposition=disposition, number=1, text=disposition.text, saved_by=who,
        client_id=UUID(int=world.chance.getrandbits(128)), saved_at=world.now,
    )  # fmt: skip
    disposition.remarks = f"Lời phê {world.mark()}"
    disposition.marker = world.chance.choice([each for each in world.people if each != who])
    if run.finished_at:
        DispositionMark.objects.create(
            disposition=disposition, marker=disposition.marker, points={"who": "1"},
            remark=disposition.remarks, marked_at=world.now,
        )  # fmt: skip
    disposition.who = who
    run.disposition = disposition
    world.dispositions.append(disposition)
