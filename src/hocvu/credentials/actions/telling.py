"""Telling holders and their agencies what became of certificates.

A holder is told of each certificate, an agency once of each decision, with a count: a thousand
learners are one message to their training officer. Facts hold numbers and ids, never a name.
"""

from collections import Counter
from typing import Any

from hocvu.credentials.events import (
    CertificateCorrected,
    CertificateReinstated,
    CertificateRevoked,
    CertificatesIssued,
)
from hocvu.credentials.models import Certificate, RegisterEntry, RegisterEvent
from hocvu.credentials.queries.recipients import (
    Recipient,
    agencies_of,
    holders_of,
    issued_decision,
    units_of,
)
from hocvu.kernel.time import day_of
from hocvu.notices.actions import News, tell
from hocvu.people.models import Person
from hocvu.recognition.models import RecognitionDecision

Changed = CertificateRevoked | CertificateReinstated | CertificateCorrected

_KINDS = {
    RegisterEvent.REVOKE: "certificate_revoked",
    RegisterEvent.REINSTATE: "certificate_reinstated",
    RegisterEvent.SUPERSEDE: "certificate_corrected",
}


def tell_of_issue(event: CertificatesIssued) -> None:
    """Tell the holders of this batch; with the last one of a decision, the agencies too."""
    decision, is_whole = issued_decision(event.decision_id)
    facts = _facts_of(decision)
    tell(
        "certificate_issued",
        [
            News(
                str(each.certificate_id),
                each.person_id,
                each.address,
                {**facts, "serial_number": each.serial_number},
            )
            for each in holders_of(event.certificate_ids)
        ],
        at=event.at,
    )
    if is_whole:
        _tell_agencies(decision, event)


def tell_of_change(event: Changed, change: RegisterEvent) -> None:
    """Tell the holder, and those who look after the people of the holder's unit."""
    certificate = Certificate.objects.only("serial_number").get(pk=event.certificate_id)
    entry = (
        RegisterEntry.objects.filter(certificate=certificate, event=change)
        .only("leaf_index", "facts")
        .latest("leaf_index")
    )
    facts = _facts_of_change(certificate, entry, event)
    kind, key = _KINDS[change], str(entry.leaf_index)
    holder = Person.objects.only("email").get(pk=event.person_id)
    tell(kind, [News(key, holder.pk, holder.email, facts)], at=event.at)
    agencies = agencies_of([event.unit_id], on=day_of(event.at)).get(event.unit_id, ())
    tell(
        f"{kind}_in_unit",
        [News(key, each.person_id, each.address, facts) for each in agencies],
        at=event.at,
    )


def _tell_agencies(decision: RecognitionDecision, event: CertificatesIssued) -> None:
    counts = units_of(decision)
    agencies = agencies_of(counts, on=day_of(event.at))
    of_recipient: Counter[Recipient] = Counter()
    for unit_id, recipients in agencies.items():
        for recipient in recipients:
            of_recipient[recipient] += counts[unit_id]
    facts = _facts_of(decision)
    facts |= {"decision_number": decision.number, "class_name": decision.class_name}
    tell(
        "certificates_issued_in_unit",
        [
            News(str(decision.pk), each.person_id, each.address, {**facts, "count": count})
            for each, count in of_recipient.items()
        ],
        at=event.at,
    )


def _facts_of(decision: RecognitionDecision) -> dict[str, Any]:
    return {
        "decision": decision.number_and_symbol,
        "decided_on": decision.decided_on.isoformat(),
        "programme": decision.programme_name,
    }


def _facts_of_change(
    certificate: Certificate, entry: RegisterEntry, event: Changed
) -> dict[str, Any]:
    """The ruling without its explanation, which may speak of people."""
    facts = {key: entry.facts.get(key, "") for key in ("decision", "decided_on", "cause")}
    facts["serial_number"] = certificate.serial_number
    if isinstance(event, CertificateCorrected):
        new = Certificate.objects.only("serial_number").get(pk=event.new_certificate_id)
        facts["new_serial_number"] = new.serial_number
    return facts
