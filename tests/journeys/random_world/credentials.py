"""Recognition decisions and certificates."""

from hocvu.credentials.models import (
    Certificate,
    DecisionEntry,
    RecognitionDecision,
    RegisterEntry,
)
from hocvu.kernel.ids import in_groups


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
            learner_count=len(learners),
        )
        world.decisions.append(decision)
        for position, enrolment in enumerate(learners, start=1):
            world.entries.append(_recognised(world, decision, position, enrolment))


def _recognised(world, decision, position, enrolment):
    entry = DecisionEntry.objects.create(
        decision=decision,
        position=position,
        enrolment=enrolment,
        person=enrolment.person,
        full_name=enrolment.person.full_name,
        unit_name=enrolment.unit.name,
    )
    if world.chance.random() < 0.7:
        certificate = Certificate.objects.create(
            entry=entry,
            serial_number=f"{world.mark().upper()}-2026-{position:06d}",
            register_year=decision.year,
            register_number=len(world.certificates) + 1,
            issuer=decision.issuer,
            verification_code="".join(world.chance.choices("23456789ABCDEFGHJKMNPQRST", k=16)),
            issued_at=world.now,
            file=f"%PDF-1.7 {world.mark()}".encode(),
            file_sha256=f"{world.chance.getrandbits(256):064x}",
        )
        RegisterEntry.objects.create(
            leaf_index=10**6 + len(world.certificates),
            event="issue",
            certificate=certificate,
            at=world.now,
            by=world.chance.choice(world.people),
            salt=b"s",
            leaf_hash=b"h",
        )
        world.certificates.append(certificate)
        code = certificate.verification_code
        world.codes |= {code.casefold(), in_groups(code).casefold()}
    return entry
