"""Classes, bridge points, learners, rolls."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hocvu.classes.models import (
    BridgePoint,
    ClassSession,
    Enrolment,
    Roll,
    RollMark,
    TrainingClass,
)
from hocvu.courses.models import Programme, TimetableSlot, Topic
from journeys.random_world.country import is_main_today
from journeys.random_world.world import note_acts


def make_classes(world):
    chance = world.chance
    programme = Programme.objects.create(
        code=f"ct-{world.digits(6)}",
        version=1,
        name="Chương trình",
        name_en="Programme",
        mode="blended",
        target_group="",
        days=1,
        valid_from=world.today - timedelta(days=100),
        min_attendance="4/5",
        paper_code=f"bai-{world.digits(6)}",
    )
    topic = Topic.objects.create(
        programme=programme, code="T", position=1, title="Chuyên đề", title_en="Topic",
        kind="lecture", periods=4,
    )  # fmt: skip
    TimetableSlot.objects.create(programme=programme, day=1, half="morning", topic=topic)
    someone = [*world.people, None]
    for number in range(chance.randint(3, 4)):
        training_class = TrainingClass.objects.create(
            programme=programme,
            code=f"L-{world.mark().upper()}",
            name=f"Lớp {world.mark()}",
            host_unit=world.units[1] if number == 1 else chance.choice(world.units),
            mode="blended",
            starts_on=world.today,
            ends_on=world.today,
            supervisor=chance.choice(someone),
            opening_decision=f"1/QĐ-{world.mark()}",
            opened_at=world.now,
            closed_at=world.now if number % 2 else None,
        )
        world.classes.append(training_class)
        noon = datetime.combine(world.today, datetime.min.time(), UTC) + timedelta(hours=12)
        world.sessions.append(
            ClassSession.objects.create(
                training_class=training_class,
                number=1,
                held_on=world.today,
                half="morning",
                starts_at=noon,
                ends_at=max(noon, world.now) + timedelta(hours=3),
                topic=topic,
            )
        )
        hosts = {training_class.host_unit.pk: training_class.host_unit}
        for unit in chance.sample(world.units, 2):
            hosts.setdefault(unit.pk, unit)
        for unit in hosts.values():
            point = BridgePoint(
                training_class=training_class,
                unit=unit,
                name=unit.name,
                is_main=unit == training_class.host_unit,
                chair=chance.choice(someone),
                coordinator=chance.choice(someone),
                technical_contact=chance.choice(someone),
            )
            point.save()
            world.points.append(point)
        _enrol(world, training_class)
    Enrolment.objects.bulk_create(world.enrolments)
    note_acts(world, "class_opened", world.classes)


def _enrol(world, training_class):
    chance = world.chance
    own = [point for point in world.points if point.training_class == training_class]
    employed = {post.person_id: post.unit for post in world.posts if post.until_on is None}
    employed |= {post.person_id: post.unit for post in world.posts if is_main_today(post)}
    learners = [person for person in world.people if person.pk in employed]
    for person in chance.sample(learners, min(7, len(learners))):
        world.enrolments.append(
            Enrolment(
                training_class=training_class,
                person=person,
                unit=employed[person.pk],
                bridge_point=chance.choice(own),
                enrolled_at=world.now,
                withdrawn_at=world.now if chance.random() < 0.15 else None,
            )
        )


def make_rolls(world):
    chance = world.chance
    for session in world.sessions:
        for point in world.points:
            if point.training_class != session.training_class:
                continue
            closed = session.training_class.is_closed
            opened = closed or chance.random() < 0.7
            roll = Roll(
                session=session,
                bridge_point=point,
                opened_at=world.now if opened else None,
                closed_at=world.now if closed else None,
                closed_by=chance.choice(world.people) if closed else None,
                head_count=1 if closed else None,
                difference_note=f"Chênh {world.mark()}" if closed else "",
            )
            world.rolls.append(roll)
            if opened:
                world.marks += [
                    RollMark(
                        roll=roll,
                        enrolment=enrolment,
                        presence=chance.choice(("present", "excused")),
                        method="tap",
                        marked_by=chance.choice(world.people),
                        marked_at=world.now,
                        client_id=UUID(int=chance.getrandbits(128)),
                        reason=f"Lý do {world.mark()}",
                    )
                    for enrolment in world.enrolments
                    if enrolment.bridge_point == point and chance.random() < 0.5
                ]
    Roll.objects.bulk_create(world.rolls)
    RollMark.objects.bulk_create(world.marks)
    note_acts(world, "roll_opened", world.rolls)
