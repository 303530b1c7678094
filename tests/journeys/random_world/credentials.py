"""Certificates, the register, and files to be signed."""

import zlib
from dataclasses import asdict
from uuid import uuid4

from hocvu.credentials.models import (
    Certificate,
    PreparedAnew,
    PreparedCopy,
    PreparedFile,
    PrintedForm,
    QuestionedCertificate,
    RegisterCopy,
    RegisterEntry,
    RemakeOrder,
)
from hocvu.kernel.ids import in_groups
from hocvu.signing import Form
from hocvu.signing.forms import Numbers
from hocvu.stationery.models import NumberFormat, TemplateVersion


def make_certificates(world):
    for entry in world.entries:
        _certified(world, entry)
    for decision in world.decisions:
        NumberFormat.objects.get_or_create(
            issuer=decision.issuer,
            valid_from=world.today,
            defaults={"set_by": world.chance.choice(world.people), "set_at": world.now},
        )


def _certified(world, entry):
    """Most lines have their certificate; some wait for a signature, others for their turn."""
    decision, position = entry.decision, entry.position
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
            world.prepared_copies.append(_copy_prepared(world, certificate))
        code = certificate.verification_code
        world.codes |= {code.casefold(), in_groups(code).casefold()}
        _asked_anew(world, decision.issuer)
    elif world.chance.random() < 0.7:
        world.prepared.append(_prepared(world, entry))


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


def _copy_prepared(world, certificate):
    """A copy from the register that waits for its signature."""
    number = 5_000 + len(world.prepared_copies)
    return PreparedCopy.objects.create(
        certificate=certificate,
        issuer=certificate.issuer,
        year=world.today.year,
        number=number,
        copy_number=f"{number}/BS-{world.mark()}",
        recipient="Cơ quan",
        place="Hà Nội",
        signer_title="Giám đốc",
        signer_name="Người Ký",
        client_id=uuid4(),
        packed=zlib.compress(f"%PDF-1.7 {world.mark()} %%EOF".encode()),
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
