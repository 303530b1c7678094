"""The books beside the log: lists of decisions, what they were taken on, numbers, copies."""

from collections.abc import Iterator

from django.db.models import Count, F, Window
from django.db.models.functions import Lag

from hocvu.credentials.models import Certificate, PreparedFile
from hocvu.inspection.queries.copies import audit_of_copies
from hocvu.inspection.queries.findings import Finding, Trouble, span
from hocvu.recognition.models import RecognitionDecision
from hocvu.recognition.queries.evidence import evidence_hash_of


def audit_of_books() -> Iterator[Finding]:
    unregistered = Certificate.objects.filter(register_entries=None)
    for serial in unregistered.values_list("serial_number", flat=True):
        yield Finding(Trouble.NOT_IN_REGISTER, serial)
    decisions = RecognitionDecision.objects.annotate(lines=Count("entries"))
    for decision in decisions.exclude(lines=F("learner_count")).order_by("pk"):
        yield Finding(Trouble.LIST_CHANGED, decision.number_and_symbol)
    yield from _results()
    yield from _numbers()
    yield from audit_of_copies()


def _results() -> Iterator[Finding]:
    """What each decision was taken on. Decisions from before this was kept are passed over."""
    kept = RecognitionDecision.objects.exclude(evidence_hash="")
    for decision in kept.select_related("result_record", "proposal").order_by("pk"):
        if evidence_hash_of(decision.result_record, decision.proposal) != decision.evidence_hash:
            yield Finding(Trouble.RESULTS_CHANGED, decision.number_and_symbol)


def _numbers() -> Iterator[Finding]:
    """Register numbers of an issuer and year follow each other; where the first begins is free."""
    numbers = Certificate.objects.filter(edition=1).annotate(
        previous=Window(
            Lag("register_number"),
            partition_by=[F("issuer"), F("register_year")],
            order_by=F("register_number").asc(),
        )
    )
    for serial, number, previous, issuer, year in (
        numbers.exclude(previous=None)
        .exclude(register_number=F("previous") + 1)
        .values_list("serial_number", "register_number", "previous", "issuer", "register_year")
    ):
        between = PreparedFile.objects.filter(
            issuer=issuer,
            register_year=year,
            register_number__gt=previous,
            register_number__lt=number,
        )
        if between.count() == number - previous - 1:
            continue  # they are reserved, and wait for a signature
        missing = span(previous + 1, number) if number > previous else str(number)
        yield Finding(Trouble.NUMBER_GAP, f"{missing} ({serial})")
