"""What follows a test: marks by people, appeals, corrected keys, late answers, sealed days."""

from datetime import timedelta
from uuid import UUID

from hocvu.exams.models import (
    Answer,
    KeyCorrection,
    LateAnswer,
    Remarking,
    SealedDay,
)
from hocvu.marking.models import Appeal, Marker, Marking


def make_marking(world):
    over = [each for each in world.attempts if each.handed_in_at]
    _markers(world)
    _appeals(world, over)
    _corrections(world, over)
    world.late = over[::2]
    LateAnswer.objects.bulk_create(
        LateAnswer(
            attempt=attempt, question=attempt.sitting.paper.asked[0], chosen=["b"], sequence=9,
            client_id=_name(world), arrived_at=world.now,
        )
        for attempt in world.late
    )  # fmt: skip
    world.sealed_days = [
        SealedDay.objects.create(
            day=world.today - timedelta(days=1), size=1, root=bytes(32), sealed_at=world.now,
            note=f"đầu {world.mark()}",
        )
    ]  # fmt: skip


def _name(world):
    return UUID(int=world.chance.getrandbits(128))


def _markers(world):
    """Three people mark each sitting; some files have one mark."""
    for sitting in world.sittings:
        for person in world.chance.sample(world.people, 3):
            world.markers.append(
                Marker(
                    sitting=sitting, person=person, appointed_at=world.now,
                    appointed_by=world.chance.choice(world.people),
                )
            )  # fmt: skip
    Marker.objects.bulk_create(world.markers)
    files = {(each.attempt_id, each.question_id): each for each in world.handed_in}
    world.answers = list(Answer.objects.all())
    for answer in world.answers:
        answer.file = files[answer.attempt_id, answer.question_id]
        answer.attempt, answer.question = answer.file.attempt, answer.file.question
        if answer.attempt.handed_in_at and world.chance.random() < 0.3:
            world.markings.append(_mark(world, answer))
    Marking.objects.bulk_create(world.markings)


def _mark(world, answer):
    markers = [each for each in world.markers if each.sitting == answer.attempt.sitting]
    return Marking(
        attempt=answer.attempt, question=answer.question, round=1, points=1, out_of=1,
        marker=world.chance.choice(markers).person, remarks=f"Lời phê {world.mark()}",
        marked_at=world.now,
    )  # fmt: skip


def _appeals(world, over):
    """Every second has been answered; every third is about the test as a whole."""
    for at, attempt in enumerate(over):
        answered = {
            "answered_by": world.chance.choice(world.people), "answered_at": world.now,
            "upheld": False, "answer": f"Trả lời {world.mark()}",
        }  # fmt: skip
        world.appeals.append(
            Appeal(
                attempt=attempt, text=f"Khiếu nại {world.mark()}", raised_at=world.now,
                question=None if at % 3 == 0 else attempt.sitting.paper.asked[0],
                client_id=_name(world), **(answered if at % 2 else {}),
            )
        )  # fmt: skip
    Appeal.objects.bulk_create(world.appeals)


def _corrections(world, over):
    """Of one question of each of two papers; every second attempt changed."""
    for paper in world.papers[:2]:
        correction = KeyCorrection.objects.create(
            question=paper.asked[0], key={"right": ["b"]}, decision_number=f"7/QĐ-{world.mark()}",
            decided_on=world.today, reason=f"Đáp án {world.mark()}", made_at=world.now,
            made_by=world.chance.choice(world.people), remarked_at=world.now, attempts=len(over),
        )  # fmt: skip
        world.corrections.append(correction)
        world.remarkings += Remarking.objects.bulk_create(
            Remarking(
                attempt=attempt, correction=correction, cause="key_correction", points_before=1,
                points_after=0, passed_before=True, passed_after=False, remarked_at=world.now,
            )
            for attempt in over[::2]
            if attempt.sitting.paper == paper
        )  # fmt: skip
