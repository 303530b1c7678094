"""Revocations and corrections: published for everybody, told to holders and their agencies."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from hocvu.credentials.models import (
    Certificate,
    QuestionedCertificate,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.credentials.queries.certificates import with_state
from hocvu.credentials.rules.causes import Change, causes_in_force
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission

LATER = (RegisterEvent.REVOKE, RegisterEvent.REINSTATE, RegisterEvent.SUPERSEDE)


def published_changes() -> QuerySet[RegisterEntry]:
    """Every later event of the register, for the public page: numbers, never names."""
    return (
        RegisterEntry.objects.filter(event__in=LATER)
        .select_related("certificate__issuer")
        .defer("certificate__stored_file", "certificate__tail", "salt", "leaf", "leaf_hash")
    )


def changes_told_to(person: Person) -> QuerySet[RegisterEntry]:
    """What became of certificates of a person's own, or of people of the units they look after.

    The holder's agency is the unit they were enrolled from.
    """
    reach = scope_of(person).reach(Permission.SEE_PEOPLE, "certificate__entry__enrolment__unit")
    return (
        RegisterEntry.objects.filter(event__in=LATER)
        .filter(Q(certificate__entry__person=person) | reach)
        .select_related(
            "certificate__entry__decision", "certificate__correction", "certificate__issuer"
        )
        .defer("certificate__stored_file", "certificate__tail", "salt", "leaf", "leaf_hash")
    )


def certificates_received_by(person: Person) -> QuerySet[Certificate]:
    """Certificates of people whom the units this person looks after sent to a class.

    With `is_revoked` and `is_corrected`; whoever ran the class, here the holder's agency looks.
    """
    reach = scope_of(person).reach(Permission.SEE_CERTIFICATES, "entry__enrolment__unit")
    received = with_state(Certificate.objects.filter(reach).defer("stored_file", "tail"))
    return received.select_related("entry__decision", "issuer", "correction")


def questions_open_to(person: Person) -> QuerySet[QuestionedCertificate]:
    """Certificates whose ground fell away, for the registrars who decide about them."""
    reach = scope_of(person).reach(
        Permission.ISSUE_CERTIFICATES, "certificate__entry__decision__training_class__host_unit"
    )
    return (
        QuestionedCertificate.objects.filter(reach)
        .select_related(
            "certificate__entry__decision__training_class__host_unit",
            "certificate__correction",
            "settled_by",
        )
        .defer("certificate__stored_file", "certificate__tail")
    )


def questions_about(certificate: Certificate) -> QuerySet[QuestionedCertificate]:
    """When the ground of a certificate fell away, and what a registrar decided each time."""
    return certificate.questions.select_related("settled_by").order_by("noted_at")


@dataclass(frozen=True)
class PublishedRuling:
    """What the public is told of the decision behind an entry."""

    decision: str
    decided_on: date | None
    cause: str


def ruling_of(entry: RegisterEntry) -> PublishedRuling:
    """The decision and cause of an entry, in the reader's language; never its explanation."""
    facts = entry.facts
    if "cause" not in facts:
        return PublishedRuling(facts.get("decision", ""), None, "")
    decided_on = datetime.fromisoformat(facts["decided_on"]).date()
    is_correction = entry.event == RegisterEvent.SUPERSEDE
    change = Change.CORRECTION if is_correction else Change.REVOCATION
    cause = causes_in_force(change, decided_on)[facts["cause"]]
    name = cause.name_en if get_language() == "en" else cause.name
    return PublishedRuling(facts["decision"], decided_on, f"{cause.letter}) {name}")
