"""What the scenes of these tests are made of: people, and a small case of every kind of node."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

from hocvu.classes.models import BridgePoint, ClassSession, Enrolment, Roll, RollMark
from hocvu.kernel.vietnamese import fold, given_name_sort_key, text_sort_key
from hocvu.people.models import Account, Person, RoleGrant
from hocvu.situations.models import Case, Exercise
from hocvu.situations.rules.reading import case_from
from hocvu.units.models import Unit, path_below

NINE = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # 09:00 in Viet Nam
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def unit(parent, code, kind, name):
    return Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
    )


def person(name):
    made = Person.objects.create(
        full_name=name, search_key=fold(name), sort_key=given_name_sort_key(name)
    )
    Account.objects.create(person=made, username=f"user{made.pk}", password="!")
    return made


def grant(someone, role, on_unit):
    RoleGrant.objects.create(person=someone, role=role, unit=on_unit, from_on=date(2026, 1, 1))
    return someone


def enrol(training_class, someone, on_unit, point=None):
    return Enrolment.objects.create(
        training_class=training_class,
        person=someone,
        unit=on_unit,
        bridge_point=point or training_class.bridge_points.get(is_main=True),
        enrolled_at=NINE - 60 * MINUTE,
    )


def open_roll_with(point, present, absent=(), *, topic, at=NINE - 30 * MINUTE, by):
    """A roll of the day at this bridge point, with these enrolments present and absent."""
    session, _ = ClassSession.objects.get_or_create(
        training_class=point.training_class,
        number=1,
        defaults={
            "held_on": at.date(),
            "half": "morning",
            "starts_at": at,
            "ends_at": at + 200 * MINUTE,
            "topic": topic,
        },
    )
    roll = Roll.objects.create(session=session, bridge_point=point, opened_at=at)
    for presence, enrolments in (("present", present), ("absent", absent)):
        for enrolment in enrolments:
            mark_on(roll, enrolment, presence, by=by, at=at)
    return roll


def mark_on(roll, enrolment, presence, *, by, at):
    from uuid import uuid4

    RollMark.objects.create(
        roll=roll,
        enrolment=enrolment,
        presence=presence,
        method="tap",
        marked_by=by,
        marked_at=at,
        client_id=uuid4(),
    )


def both(name, text):
    return {name: text, f"{name}_en": f"{text} (en)"}


def decision(name, to, credit=None, **more):
    written = {"id": name, "to": to, **both("text", f"Việc {name}"), **both("told", f"Kể {name}")}
    if credit is not None:
        written |= {"credit": credit, **both("why", f"Vì {name}")}
    return written | more


# desk ─ good ─▶ flood (60 s) ─ good ─▶ note (written) ─▶ calm
#   │  half ─────────┘   │ bad, time out ─▶ storm
#   └─ bad ─▶ storm      (ask: an enquiry at the desk)
_CASE = {
    "code": "thu",
    "version": 1,
    "dated": "2026-11-22",
    **both("title", "Tình huống thử"),
    **both("role", "Công chức"),
    **both("summary", "Tóm tắt"),
    "minutes": 10,
    "framework": "khung",
    "level": "CB2",
    "pass_mark": "3/5",
    "start": "desk",
    "sources": [both("text", "Luật 91/2025/QH15")],
    "nodes": [
        {
            "id": "desk",
            **both("title", "Quầy"),
            **both("text", "Một **việc** <script>alert(1)</script>"),
            "components": {"1.2": 2},
            "exhibits": [
                {
                    "kind": "table",
                    **both("caption", "Bảng"),
                    "columns": ["A", "B"],
                    "columns_en": ["A", "B"],
                    "rows": [["1", "2"]],
                    "rows_en": [["1", "2"]],
                },
                {
                    "kind": "chart",
                    **both("caption", "Mực nước"),
                    **both("unit", "m"),
                    "bars": [{**both("label", "17:00"), "value": 2.5}],
                    "limits": [{**both("label", "Báo động"), "value": 4}],
                },
            ],
            "decisions": [
                decision("ask", "desk"),
                decision("good", "flood", 1),
                decision("half", "flood", "1/2"),
                decision("bad", "storm", 0),
            ],
        },
        {
            "id": "flood",
            **both("title", "Nước lên"),
            **both("text", "Nhanh"),
            "components": {"1.2": 1, "6.1": 1},
            "seconds": 60,
            "time_out": {
                "to": "storm",
                "credit": 0,
                **both("told", "Hết giờ rồi"),
                **both("why", "Chậm"),
            },
            "decisions": [decision("good", "note", 1), decision("bad", "storm", 0)],
        },
        {
            "id": "note",
            "kind": "disposition",
            **both("title", "Bút phê"),
            **both("text", "Viết đi"),
            "components": {"6.1": 2},
            **both("model", "Bài mẫu"),
            "rubric": [
                {"id": "who", **both("text", "Ai"), "points": 2},
                {"id": "when", **both("text", "Khi nào"), "points": 2},
            ],
            "largest_difference": "1/4",
            "handed_in": {"to": "calm", **both("told", "Đã trình")},
        },
        {
            "id": "calm",
            "kind": "ending",
            "tone": "good",
            **both("title", "Êm"),
            **both("text", "Xong"),
        },
        {
            "id": "storm",
            "kind": "ending",
            "tone": "bad",
            **both("title", "Bão"),
            **both("text", "Hỏng"),
        },
    ],
}


def written_case():
    """A fresh copy of the small case, to be changed by a test."""
    return deepcopy(_CASE)


def node_of(written, name):
    return next(node for node in written["nodes"] if node["id"] == name)


def small_case():
    return case_from(written_case())


def offer(framework, training_class, *, mode="individual", debrief="finished", opens_at=NINE):
    """The small case offered to a class for two hours."""
    case, _ = Case.objects.get_or_create(
        code="thu",
        version=1,
        defaults={
            "title": "Tình huống thử",
            "title_en": "Trial case",
            "dated": date(2026, 11, 22),
            "minutes": 10,
            "framework": framework,
            "level": "CB2",
            "pass_mark": "3/5",
            "content": written_case(),
        },
    )
    return Exercise.objects.create(
        case=case,
        training_class=training_class,
        mode=mode,
        debrief=debrief,
        opens_at=opens_at,
        closes_at=opens_at + 120 * MINUTE,
    )


def remote_point(training_class, on_unit, coordinator):
    return BridgePoint.objects.create(
        training_class=training_class, unit=on_unit, name=on_unit.name, coordinator=coordinator
    )
