"""Certificates, the register, and files to be signed."""

from datetime import date
from uuid import uuid4

from hocvu.credentials.queries.errands import errand_to
from hocvu.credentials.queries.waiting import decisions_waiting_for
from journeys.doors.door import Door, acts, list_of
from journeys.doors.eyes import Eyes
from journeys.doors.recognition import OF_PROPOSALS

_RULING = {"decision_number": "9/QĐ", "decided_on": "20/11/2026"}


def _decides_about(eyes, certificate):
    return eyes.issues(certificate.entry.decision.training_class)


def _tell_correction(eyes, certificate):
    """Who may correct it also reads of the edition that waits for its signature."""
    told = eyes.tell_certificate(certificate)
    for each in eyes.world.prepared_anew:
        if each.certificate == certificate and _decides_about(eyes, certificate):
            told |= eyes.marks(each.serial_number)
    return told


_OF_REGISTERED = {
    "things": lambda world: world.certificates,
    "opens": lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
    "tells": Eyes.tell_certificate,
}


def _last_line(proposal):
    return [proposal.pk, proposal.result_record.lines.last().pk]


def _signs(eyes, decision):
    """Who may fetch the files of a decision that wait for a signature."""
    unit = decision.training_class.host_unit
    return unit in eyes.approved or unit in eyes.issued


def _waiting(world):
    """Decisions with files that wait for a signature."""
    files = (*world.prepared, *world.prepared_anew, *world.prepared_copies)
    waiting = {each.decision for each in files}
    return [each for each in world.decisions if each in waiting]


def _tell_waiting(eyes, decision):
    told = eyes.tell_decision(decision)
    for each in eyes.world.prepared:
        if each.decision == decision:
            told |= eyes.marks(each.serial_number, each.file.decode())
    for each in eyes.world.prepared_anew:
        if each.decision == decision:
            told |= eyes.marks(each.serial_number, each.file.decode(), each.holder.full_name)
    for each in eyes.world.prepared_copies:
        if each.decision == decision:
            told |= _tell_copy_to_sign(eyes, each)
    return told


def _tell_copy_to_sign(eyes, copy):
    told = eyes.tell_certificate(copy.certificate)
    return told | eyes.marks(copy.copy_number, copy.file.decode())


def _tell_copy(eyes, copy):
    """One of the book, or one that waits with its number reserved."""
    if copy in eyes.world.prepared_copies:
        return _tell_copy_to_sign(eyes, copy)
    return eyes.tell_certificate(copy.certificate) | eyes.tell_names(copy.issued_by)


def _opens_order(eyes, order):
    return order.issuer in eyes.approved or order.issuer in eyes.issued


def _approves_order(eyes, order):
    return order.issuer in eyes.approved and order.asked_by != eyes.me


def _tell_order(eyes, order):
    told = eyes.tell_units([order.issuer]) | eyes.tell_names(order.asked_by)
    return told | eyes.marks(order.reason)


def _errands(world):
    """A file that waits, and the address under which somebody's plug-in fetches it."""
    signers = {grant.person for grant in world.grants if grant.role in {"leader", "registrar"}}
    for prepared in world.prepared:
        for person in signers:
            if decisions_waiting_for(person).filter(pk=prepared.entry.decision_id).exists():
                return [(prepared, errand_to(prepared, person))]
    return []


_OF_WAITING = {"things": _waiting, "opens": _signs, "tells": _tell_waiting}

DOORS = {
    "credentials:resume": Door(
        things=lambda world: world.decisions,
        opens=Eyes.opens_decision,
        tells=Eyes.tell_decision,
        posts=acts(lambda eyes, decision: eyes.issues(decision.training_class)),
    ),
    "credentials:register": Door(
        tells=list_of(
            lambda world: world.certificates,
            lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
            Eyes.tell_certificate,
        )
    ),
    "credentials:certificate": Door(
        things=lambda world: world.certificates,
        opens=Eyes.opens_certificate,
        tells=Eyes.tell_certificate,
    ),
    "credentials:file": Door(
        things=lambda world: world.certificates,
        opens=Eyes.opens_certificate,
        tells=Eyes.tell_certificate,
    ),
    "credentials:revoke": Door(
        things=lambda world: world.certificates,
        opens=lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
        tells=Eyes.tell_certificate,
        posts=acts(
            lambda eyes, certificate: eyes.issues(certificate.entry.decision.training_class),
            lambda _e, _t: _RULING | {"cause": "issuer_error"},
        ),
    ),
    "credentials:correct": Door(
        **_OF_REGISTERED | {"tells": _tell_correction},
        posts=acts(
            _decides_about,
            lambda _e, _t: (
                _RULING | {"full_name": "Tên Mới", "unit_name": "Đơn vị", "cause": "written_wrong"}
            ),
        ),
    ),
    "credentials:withdraw_correction": Door(**_OF_REGISTERED, posts=acts(_decides_about)),
    "credentials:reinstate": Door(
        **_OF_REGISTERED,
        posts=acts(_decides_about, lambda _e, _t: {"decision_number": "9/QĐ", "reason": "Nhầm"}),
    ),
    "credentials:copy": Door(
        **_OF_REGISTERED,
        posts=acts(
            _decides_about,
            lambda _e, _t: {
                "client_id": str(uuid4()),
                "recipient": "Cơ quan",
                "place": "Hà Nội",
                "signer_title": "Giám đốc",
                "signer_name": "Người Ký",
            },
        ),
    ),
    "credentials:copies": Door(
        tells=list_of(
            lambda world: [*world.copies, *world.prepared_copies],
            lambda eyes, copy: copy.issuer in eyes.seen,
            _tell_copy,
        )
    ),
    "credentials:give_up_copy": Door(
        things=lambda world: world.prepared_copies,
        opens=lambda eyes, copy: copy.issuer in eyes.seen,
        tells=_tell_copy,
        posts=acts(
            lambda eyes, copy: _decides_about(eyes, copy.certificate),
            lambda _e, _t: {"reason": "Nhầm"},
        ),
    ),
    "credentials:copy_file": Door(
        things=lambda world: world.copies,
        opens=lambda eyes, copy: copy.issuer in eyes.seen,
        tells=lambda eyes, copy: eyes.tell_certificate(copy.certificate),
    ),
    "credentials:book": Door(
        tells=lambda eyes, _thing: eyes.tell_units(
            each.issuer for each in eyes.world.certificates if each.issuer in eyes.seen
        )
    ),
    "credentials:volume": Door(
        things=lambda world: [*{each.issuer for each in world.certificates}],
        opens=lambda eyes, issuer: issuer in eyes.seen,
        args=lambda issuer: [issuer.pk, date.today().year, 1],  # noqa: DTZ011 — as the world's
    ),
    "credentials:preview": Door(**OF_PROPOSALS, args=_last_line),
    "credentials:preview_page": Door(**OF_PROPOSALS, args=_last_line),
    "credentials:preview_picture": Door(**OF_PROPOSALS, args=_last_line),
    "credentials:waiting_decisions": Door(tells=list_of(_waiting, _signs, _tell_waiting)),
    "credentials:waiting": Door(**_OF_WAITING, posts=acts(_signs)),
    "credentials:unsigned_files": Door(**_OF_WAITING),
    "credentials:unsigned": Door(
        things=lambda world: world.prepared,
        opens=lambda eyes, prepared: _signs(eyes, prepared.entry.decision),
        tells=lambda eyes, prepared: _tell_waiting(eyes, prepared.entry.decision),
        args=lambda prepared: [prepared.entry.decision_id, prepared.pk],
    ),
    "credentials:unsigned_anew": Door(
        things=lambda world: world.prepared_anew,
        opens=lambda eyes, prepared: _signs(eyes, prepared.decision),
        tells=lambda eyes, prepared: _tell_waiting(eyes, prepared.decision),
        args=lambda prepared: [prepared.decision.pk, prepared.pk],
    ),
    "credentials:unsigned_copy": Door(
        things=lambda world: world.prepared_copies,
        opens=lambda eyes, copy: _signs(eyes, copy.decision),
        tells=lambda eyes, copy: _tell_waiting(eyes, copy.decision),
        args=lambda copy: [copy.decision.pk, copy.pk],
    ),
    "credentials:next_file": Door(**_OF_WAITING),
    # Its address itself says who was sent for what; one that is made up opens for nobody.
    "credentials:plug_in": Door(
        is_public=True,
        things=lambda world: [*_errands(world), None],
        opens=lambda _eyes, errand: errand is not None,
        tells=lambda eyes, errand: _tell_waiting(eyes, errand[0].entry.decision),
        args=lambda errand: [errand[1] if errand else "made-up"],
    ),
    "credentials:new_files": Door(
        tells=list_of(lambda world: world.orders, _opens_order, _tell_order)
    ),
    "credentials:ask_new_files": Door(
        tells=lambda eyes, _thing: eyes.tell_units(
            each.issuer for each in eyes.world.certificates if each.issuer in eyes.issued
        ),
        posts=lambda eyes, _thing: [
            (
                {"issuer": each.pk, "kind": "completion", "reason": "Mẫu mới"},
                each in eyes.issued,
            )
            for each in {each.issuer for each in eyes.world.certificates}
        ],
    ),
    "credentials:new_files_order": Door(
        things=lambda world: world.orders,
        opens=_opens_order,
        tells=_tell_order,
        posts=acts(_approves_order),
    ),
    "credentials:archive": Door(
        tells=list_of(
            lambda world: world.certificates,
            lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
            Eyes.tell_certificate,
        ),
        posts=acts(lambda eyes, _thing: bool(eyes.issued)),
    ),
    # Numbers, decisions and causes for everybody; whose certificates they are, for nobody.
    "credentials:published": Door(
        is_public=True,
        tells=lambda eyes, _thing: set().union(
            *(
                eyes.marks(each.serial_number) | eyes.tell_units([each.issuer])
                for each in eyes.world.revoked
            ),
            set(),
        ),
    ),
    "credentials:told": Door(
        tells=list_of(lambda world: world.revoked, Eyes.is_told_of, Eyes.tell_certificate)
    ),
    "credentials:received": Door(
        tells=list_of(
            lambda world: world.certificates,
            lambda eyes, certificate: certificate.entry.enrolment.unit in eyes.seen,
            Eyes.tell_certificate,
        )
    ),
    "credentials:questions": Door(
        tells=list_of(
            lambda world: world.questioned,
            lambda eyes, question: _decides_about(eyes, question.certificate),
            lambda eyes, question: eyes.tell_certificate(question.certificate),
        )
    ),
    "credentials:settle": Door(
        things=lambda world: world.questioned,
        opens=lambda eyes, question: _decides_about(eyes, question.certificate),
        tells=lambda eyes, question: eyes.tell_certificate(question.certificate),
        posts=acts(
            lambda eyes, question: _decides_about(eyes, question.certificate),
            lambda _e, _t: {"explanation": "Có lý do"},
        ),
    ),
}
