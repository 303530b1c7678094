"""Recognition decisions and certificates."""

from dataclasses import asdict
from uuid import uuid4

from hocvu.credentials.models import (
    Certificate,
    DecisionEntry,
    NumberFormat,
    PreparedAnew,
    PreparedFile,
    PrintedForm,
    Proposal,
    QuestionedCertificate,
    RecognitionDecision,
    RegisterCopy,
    RegisterEntry,
    RemakeOrder,
    ResultLine,
    ResultRecord,
)
from hocvu.kernel.ids import in_groups
from hocvu.signing import Form
from hocvu.signing.forms import Numbers
from hocvu.stationery.models import TemplateVersion


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
        NumberFormat.objects.get_or_create(
            issuer=training_class.host_unit,
            valid_from=world.today,
            defaults={"set_by": chance.choice(world.people), "set_at": world.now},
        )
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
        elif world.chance.random() < 0.5:
            world.prepared_anew.append(_edition_prepared(world, certificate))
        code = certificate.verification_code
        world.codes |= {code.casefold(), in_groups(code).casefold()}
        _asked_anew(world, decision.issuer)
    elif world.chance.random() < 0.7:
        world.prepared.append(_prepared(world, entry))
    return entry


def _asked_anew(world, issuer):
    """Somebody asked that this issuer's files be made anew."""
    if any(each.issuer == issuer for each in world.orders):
        return
    order = RemakeOrder.objects.create(
        issuer=issuer,
        version=TemplateVersion.objects.order_by("pk").first(),
        reason=f"Mẫu mới {world.mark()}",
        asked_by=world.chance.choice(world.people),
        asked_at=world.now,
    )
    world.orders.append(order)


def _form(world):
    numbers = Numbers(1, None, 1, (), ())
    form = Form(f"%PDF-1.7 {world.mark()}".encode(), (), numbers, (), b"", None, b"")
    PrintedForm.objects.create(id=form.id, content=form.to_bytes(), made_at=world.now)
    return form


def _edition_prepared(world, certificate):
    """A corrected edition that waits for its signature."""
    form, number = _form(world), len(world.prepared_anew) + 1
    says = asdict(certificate.holder) | {"full_name": f"Tên Đúng {world.mark()}"}
    return PreparedAnew.objects.create(
        certificate=certificate,
        edition=2,
        serial_number=f"{world.mark().upper()}-2026-{20_000 + number:06d}/2",
        verification_code="".join(world.chance.choices("23456789ABCDEFGHJKMNPQRST", k=16)),
        status_list=61,
        status_index=number,
        says=says,
        reason="Quyết định số 9/QĐ",
        facts={"decision": "9/QĐ"},
        form_id=form.id,
        tail=form.pack(b"%%EOF"),
        sha256=f"{world.chance.getrandbits(256):064x}",
        prepared_by=world.chance.choice(world.people),
        prepared_at=world.now,
    )


def _prepared(world, entry):
    """A file that waits for the signature of whoever the decision names."""
    form = _form(world)
    number = len(world.prepared) + 1
    return PreparedFile.objects.create(
        entry=entry,
        issuer=entry.decision.issuer,
        register_year=entry.decision.year,
        register_number=10_000 + number,
        serial_number=f"{world.mark().upper()}-2026-{10_000 + number:06d}",
        verification_code="".join(world.chance.choices("23456789ABCDEFGHJKMNPQRST", k=16)),
        status_list=60,
        status_index=number,
        form_id=form.id,
        tail=form.pack(b"%%EOF"),
        sha256=f"{world.chance.getrandbits(256):064x}",
        prepared_at=world.now,
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
