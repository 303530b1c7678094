"""Recognition decisions and certificates."""

from journeys.doors.door import OF_CLASSES, Door, acts, list_of
from journeys.doors.eyes import Eyes, active


def _decision_body(eyes, _training_class):
    return {
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
    for decision in eyes.world.decisions:  # the last one of this unit is proposed again
        if decision.issuer == training_class.host_unit:
            told |= eyes.marks(decision.symbol, decision.signer_name)
    return told


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
            lambda _e, _t: {"reason": "Quyết định 9/QĐ"},
        ),
    ),
    "credentials:verify": Door(is_public=True),
    "credentials:verify_code": Door(
        # Whoever holds a certificate's code is told what stands on it, and of no other.
        is_public=True,
        things=lambda world: world.certificates,
        args=lambda certificate: [certificate.verification_code],
        tells=Eyes.tell_certificate,
    ),
}
