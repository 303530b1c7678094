"""The books beside the log: lists of decisions, what they were taken on, numbers, copies."""

from collections.abc import Iterator
from hashlib import sha256

from django.conf import settings
from django.db.models import Count, F, Max, Q, Window
from django.db.models.functions import Lag

from hocvu.credentials.models import (
    Certificate,
    PreparedFile,
    RecognitionDecision,
    RegisterCopy,
)
from hocvu.credentials.queries.certificates import with_state
from hocvu.credentials.queries.evidence import evidence_hash_of
from hocvu.credentials.queries.findings import Finding, Trouble, span
from hocvu.credentials.queries.signing_keys import did
from hocvu.credentials.queries.trust import ISSUERS_FILE, STATUS_FOLDER
from hocvu.portable.status import place
from hocvu_verifier import Issuers, NotVerified, Snapshot, Standing


def audit_of_books() -> Iterator[Finding]:
    unregistered = Certificate.objects.filter(register_entries=None)
    for serial in unregistered.values_list("serial_number", flat=True):
        yield Finding(Trouble.NOT_IN_REGISTER, serial)
    decisions = RecognitionDecision.objects.annotate(lines=Count("entries"))
    for decision in decisions.exclude(lines=F("learner_count")).order_by("pk"):
        yield Finding(Trouble.LIST_CHANGED, decision.number_and_symbol)
    yield from _results()
    yield from _numbers()
    yield from _copies()
    yield from _status_lists()


def _results() -> Iterator[Finding]:
    """What each decision was taken on. Decisions from before this was kept are passed over."""
    kept = RecognitionDecision.objects.exclude(evidence_hash="")
    for decision in kept.select_related("result_record", "proposal").order_by("pk"):
        if evidence_hash_of(decision.result_record, decision.proposal) != decision.evidence_hash:
            yield Finding(Trouble.RESULTS_CHANGED, decision.number_and_symbol)


def _copies() -> Iterator[Finding]:
    """Copies from the register: each file is the one that was given, each number follows."""
    copies = RegisterCopy.objects.annotate(
        previous=Window(
            Lag("number"),
            partition_by=[F("issuer"), F("year")],
            order_by=F("number").asc(),
        )
    ).order_by("issuer_id", "year", "number")
    for copy in copies.iterator(chunk_size=200):
        is_next = copy.previous is None or copy.number == copy.previous + 1
        if not is_next or sha256(bytes(copy.file)).hexdigest() != copy.file_sha256:
            yield Finding(Trouble.COPY_CHANGED, copy.copy_number)


def _status_lists() -> Iterator[Finding]:
    """What checkers without a network carry: whatever was taken back before a list was signed
    is in it.
    """
    lists: dict[int, Snapshot] = {}
    issuers = _issuers()
    for file in sorted((settings.REGISTER_FOLDER / STATUS_FOLDER / "revocation").glob("[0-9]*")):
        try:
            lists[int(file.name)] = Snapshot.read(file.read_text(), issuers=issuers)
        except (NotVerified, ValueError):  # not signed by us, not a text, not a list's name
            yield Finding(Trouble.PUBLICATION_DAMAGED, f"{STATUS_FOLDER}/revocation/{file.name}")
    placed = with_state(Certificate.objects.exclude(status_index=None))
    gone = placed.filter(Q(is_revoked=True) | Q(is_corrected=True))
    for serial, number, index, changed_at in gone.annotate(
        changed_at=Max("register_entries__at")
    ).values_list("serial_number", "status_list", "status_index", "changed_at"):
        if number not in lists:
            continue
        answer = lists[number].standing_of(did(), place(number, index))
        is_newer = answer.as_of is not None and answer.as_of > changed_at
        if is_newer and answer.standing is Standing.GOOD:  # an older one is written anew hourly
            yield Finding(Trouble.STATUS_HIDDEN, serial)


def _issuers() -> Issuers:
    """Whose lists are believed: nobody's where their keys were taken away."""
    try:
        return Issuers.read((settings.AUTHORITY_FOLDER / ISSUERS_FILE).read_bytes())
    except (FileNotFoundError, NotVerified):
        return Issuers.of(())


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
