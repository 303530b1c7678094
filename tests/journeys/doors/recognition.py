"""Candidates, proposals and recognition decisions."""

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


OF_PROPOSALS = {
    "things": lambda world: world.proposals,
    "opens": Eyes.opens_proposal,
    "tells": Eyes.tell_proposal,
}

DOORS = {
    "recognition:classes": Door(
        tells=list_of(
            lambda world: world.classes, Eyes.issues, lambda eyes, c: eyes.marks(c.name, c.code)
        )
    ),
    "recognition:candidates": Door(**OF_CLASSES, opens=Eyes.issues, tells=_tell_candidates),
    "recognition:decide": Door(
        **OF_CLASSES,
        opens=Eyes.issues,
        tells=_tell_candidates,
        posts=acts(Eyes.issues, _decision_body),
    ),
    "recognition:decision": Door(
        things=lambda world: world.decisions, opens=Eyes.opens_decision, tells=Eyes.tell_decision
    ),
    "recognition:approve_results": Door(
        **OF_CLASSES, opens=Eyes.issues, tells=_tell_candidates, posts=acts(Eyes.issues)
    ),
    "recognition:proposals": Door(
        tells=list_of(lambda world: world.proposals, Eyes.opens_proposal, Eyes.tell_proposal)
    ),
    "recognition:proposal": Door(**OF_PROPOSALS),
    "recognition:approve": Door(**OF_PROPOSALS, posts=acts(Eyes.settles)),
    "recognition:return": Door(
        **OF_PROPOSALS,
        posts=acts(
            Eyes.opens_proposal,  # who may not approve their own may take it back
            lambda _e, _t: {"reason": "Sai"},
        ),
    ),
    "recognition:decisions": Door(
        tells=list_of(lambda world: world.decisions, Eyes.opens_decision, Eyes.tell_decision)
    ),
    "recognition:decision_document": Door(
        things=lambda world: world.decisions, opens=Eyes.opens_decision, tells=Eyes.tell_decision
    ),
}
