"""Recognition decisions and certificates."""

from datetime import date
from uuid import uuid4

from journeys.doors.door import OF_CLASSES, Door, acts, list_of
from journeys.doors.eyes import Eyes, active


def _decision_body(eyes, _training_class):
    return {
        "kind": "completion",
        "number": 900,
        "symbol": "QĐ",
        "decided_on": eyes.world.today.isoformat(),
        "place": "Hà Nội",
        "signer_title": "Giám đốc",
        "signer_name": "Người Ký",
        "shown": "x",
    }


def _tell_candidates(eyes, training_class):
    told = eyes.tell_class(training_class)
    for enrolment in eyes.learners(training_class):
        told |= eyes.tell_learner(enrolment) if active(enrolment) else set()
    for proposal in eyes.world.proposals:
        if proposal.training_class == training_class:
            told |= eyes.tell_proposal(proposal)
    for decision in eyes.world.decisions:  # the last one of this unit is proposed again
        if decision.issuer == training_class.host_unit:
            told |= eyes.marks(decision.symbol, decision.signer_name)
    return told


_RULING = {"decision_number": "9/QĐ", "decided_on": "20/11/2026"}


def _decides_about(eyes, certificate):
    return eyes.issues(certificate.entry.decision.training_class)


_OF_REGISTERED = {
    "things": lambda world: world.certificates,
    "opens": lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
    "tells": Eyes.tell_certificate,
}
_OF_PROPOSALS = {
    "things": lambda world: world.proposals,
    "opens": Eyes.opens_proposal,
    "tells": Eyes.tell_proposal,
}

DOORS = {
    "credentials:classes": Door(
        tells=list_of(
            lambda world: world.classes, Eyes.issues, lambda eyes, c: eyes.marks(c.name, c.code)
        )
    ),
    "credentials:candidates": Door(**OF_CLASSES, opens=Eyes.issues, tells=_tell_candidates),
    "credentials:decide": Door(
        **OF_CLASSES,
        opens=Eyes.issues,
        tells=_tell_candidates,
        posts=acts(Eyes.issues, _decision_body),
    ),
    "credentials:decision": Door(
        things=lambda world: world.decisions, opens=Eyes.opens_decision, tells=Eyes.tell_decision
    ),
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
    "credentials:mine": Door(
        tells=list_of(
            lambda world: world.certificates,
            lambda eyes, certificate: certificate.entry.person == eyes.me,
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
        **_OF_REGISTERED,
        posts=acts(
            _decides_about,
            lambda _e, _t: (
                _RULING | {"full_name": "Tên Mới", "unit_name": "Đơn vị", "cause": "written_wrong"}
            ),
        ),
    ),
    "credentials:reinstate": Door(
        **_OF_REGISTERED,
        posts=acts(_decides_about, lambda _e, _t: {"decision_number": "9/QĐ", "reason": "Nhầm"}),
    ),
    "credentials:certificate_chain": Door(
        things=lambda world: world.certificates,
        opens=lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
        tells=lambda eyes, certificate: eyes.tell_chain(certificate.entry.decision),
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
            lambda world: world.copies,
            lambda eyes, copy: copy.issuer in eyes.seen,
            lambda eyes, copy: (
                eyes.tell_certificate(copy.certificate) | eyes.tell_names(copy.issued_by)
            ),
        )
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
    "credentials:approve_results": Door(
        **OF_CLASSES, opens=Eyes.issues, tells=_tell_candidates, posts=acts(Eyes.issues)
    ),
    "credentials:proposals": Door(
        tells=list_of(lambda world: world.proposals, Eyes.opens_proposal, Eyes.tell_proposal)
    ),
    "credentials:proposal": Door(**_OF_PROPOSALS),
    "credentials:approve": Door(**_OF_PROPOSALS, posts=acts(Eyes.settles)),
    "credentials:return": Door(
        **_OF_PROPOSALS,
        posts=acts(
            Eyes.opens_proposal,  # who may not approve their own may take it back
            lambda _e, _t: {"reason": "Sai"},
        ),
    ),
    "credentials:preview": Door(
        **_OF_PROPOSALS,
        args=lambda proposal: [proposal.pk, proposal.result_record.lines.last().pk],
    ),
    "credentials:decisions": Door(
        tells=list_of(lambda world: world.decisions, Eyes.opens_decision, Eyes.tell_decision)
    ),
    "credentials:decision_chain": Door(
        things=lambda world: world.decisions, opens=Eyes.opens_decision, tells=Eyes.tell_chain
    ),
    "credentials:decision_document": Door(
        things=lambda world: world.decisions, opens=Eyes.opens_decision, tells=Eyes.tell_decision
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
