"""Recognition decisions and certificates."""

from uuid import uuid4

from hocvu.credentials.models import (
    Certificate,
    DecisionEntry,
    Proposal,
    QuestionedCertificate,
    RecognitionDecision,
    RegisterCopy,
    RegisterEntry,
    ResultLine,
    ResultRecord,
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
            leaf_index=10**6 + 2 * len(world.certificates),
            event="issue",
            certificate=certificate,
            at=world.now,
            by=world.chance.choice(world.people),
            salt=b"s",
            leaf_hash=b"h",
        )
        world.certificates.append(certificate)
        world.copies.append(_copied(world, certificate))
        if world.chance.random() < 0.4:
            _revoked_and_questioned(world, certificate)
        code = certificate.verification_code
        world.codes |= {code.casefold(), in_groups(code).casefold()}
    return entry


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


def _copied(world, certificate):
    number = len(world.copies) + 1
    return RegisterCopy.objects.create(
        certificate=certificate,
        issuer=certificate.issuer,
        year=world.today.year,
        number=number,
        copy_number=f"{number}",
        recipient="Cơ quan",
        place="Hà Nội",
        signer_title="Giám đốc",
        signer_name="Người Ký",
        issued_by=world.chance.choice(world.people),
        issued_at=world.now,
        client_id=uuid4(),
        file=f"%PDF-1.7 {certificate.serial_number}".encode(),
        file_sha256=f"{world.chance.getrandbits(256):064x}",
    )


def _revoked_and_questioned(world, certificate):
    """Taken back by a ruling, and waiting for a registrar's word on another ground."""
    RegisterEntry.objects.create(
        leaf_index=10**6 + 2 * len(world.certificates) - 1,
        event="revoke",
        certificate=certificate,
        at=world.now,
        by=world.chance.choice(world.people),
        reason="Quyết định số 9/QĐ",
        salt=b"s",
        leaf_hash=b"h",
    )
    world.revoked.append(certificate)
    question = QuestionedCertificate.objects.create(
        certificate=certificate, reasons="low_attendance", noted_at=world.now
    )
    world.questioned.append(question)
