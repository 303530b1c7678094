"""The chain an auditor checks."""

from journeys.doors.door import Door
from journeys.doors.eyes import Eyes

DOORS = {
    "inspection:decision_chain": Door(
        things=lambda world: world.decisions, opens=Eyes.opens_decision, tells=Eyes.tell_chain
    ),
    "inspection:certificate_chain": Door(
        things=lambda world: world.certificates,
        opens=lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
        tells=lambda eyes, certificate: eyes.tell_chain(certificate.entry.decision),
    ),
}
