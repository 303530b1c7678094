"""Recognition decisions with their lists, and proposals that wait."""

from hocvu.recognition.models import (
    DecisionEntry,
    Proposal,
    RecognitionDecision,
    ResultLine,
    ResultRecord,
)


def make_decisions(world):
    chance = world.chance
    for training_class in world.classes:
        if not training_class.is_closed:
            continue
        learners = [
            each
            for each in world.enrolments
            if each.training_class == training_class and each.withdrawn_at is None
        ]
        if not learners:
            continue
        recognised = learners[:-1] or learners  # the last one's recognition is only proposed
        decision = RecognitionDecision.objects.create(
            training_class=training_class,
            issuer=training_class.host_unit,
            year=world.today.year,
            number=len(world.decisions) + 1,
            symbol=f"QĐ-{world.mark()}",
            decided_on=world.today,
            issued_at=world.now,
            issued_by=chance.choice(world.people),
            place="Hà Nội",
            signer_title="Giám đốc",
            signer_name=f"Ký {world.mark()}",
            programme_name="Chương trình",
            starts_on=world.today,
            ends_on=world.today,
            mode="blended",
            learner_count=len(recognised),
        )
        world.decisions.append(decision)
        if recognised != learners:
            world.proposals.append(_proposed(world, training_class, learners))
        for position, enrolment in enumerate(recognised, start=1):
            world.entries.append(_recognised(world, decision, position, enrolment))


def _recognised(world, decision, position, enrolment):
    return DecisionEntry.objects.create(
        decision=decision,
        position=position,
        enrolment=enrolment,
        person=enrolment.person,
        full_name=enrolment.person.full_name,
        unit_name=enrolment.unit.name,
    )


def _proposed(world, training_class, learners):
    """A decision that waits: its list is the one of a record somebody approved."""
    chance = world.chance
    record = ResultRecord.objects.create(
        training_class=training_class,
        number=1,
        required_attendance="4/5",
        learner_count=len(learners),
        earned_count=len(learners),
        fingerprint="f" * 64,
        approved_by=chance.choice(world.people),
        approved_at=world.now,
    )
    ResultLine.objects.bulk_create(
        ResultLine(record=record, position=at, enrolment=each, attended=2, held=2)
        for at, each in enumerate(learners, start=1)
    )
    return Proposal.objects.create(
        training_class=training_class,
        result_record=record,
        number=500 + len(world.proposals),
        symbol=f"QĐ-{world.mark()}",
        decided_on=world.today,
        place="Hà Nội",
        signer_title="Giám đốc",
        signer_name=f"Ký {world.mark()}",
        learner_count=len(learners),
        fingerprint="f" * 64,
        proposed_by=chance.choice(world.people),
        proposed_at=world.now,
    )
