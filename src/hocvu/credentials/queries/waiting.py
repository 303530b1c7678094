"""Files that wait for a person's signature: to be issued, set anew, copies from the register."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hocvu.credentials.models import (
    Certificate,
    PreparedAnew,
    PreparedCopy,
    PreparedFile,
    RegisterCopy,
    RemadeFile,
)
from hocvu.credentials.queries.certificates import with_state
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.recognition.models import RecognitionDecision

AT_A_TIME: Final = 100  # files of one download or upload
_MOST_ENDS: Final = 64
_END: Final = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
_ISSUED = Certificate.objects.filter(entry=OuterRef("entry"), edition=1)

Waiting = PreparedFile | PreparedAnew | PreparedCopy


def decisions_waiting_for(person: Person) -> QuerySet[RecognitionDecision]:
    """Decisions whose files this person may have signed.

    Each with `prepared` and `signed` files of its first issue, `anew`, the files of issued
    certificates that wait, `copies` that do, and `since`.
    """
    scope = scope_of(person)
    reach = Q(scope.reach(Permission.ISSUE_CERTIFICATES, "training_class__host_unit")) | Q(
        scope.reach(Permission.APPROVE_DECISIONS, "training_class__host_unit")
    )
    issued = Q(entries__certificate__edition=1)
    anew = PreparedAnew.objects.filter(certificate__entry__decision=OuterRef("pk"))
    copies = PreparedCopy.objects.filter(certificate__entry__decision=OuterRef("pk"))
    return (
        RecognitionDecision.objects.filter(reach)
        .select_related("training_class__host_unit", "issuer")
        .annotate(
            prepared=Count("entries__prepared", distinct=True),
            signed=Count("entries__prepared", filter=issued, distinct=True),
            anew=_counted(still_waiting(anew)),
            copies=_counted(copies_still_waiting(copies)),
            since=Coalesce(
                Min("entries__prepared__prepared_at"),
                Subquery(anew.order_by("prepared_at").values("prepared_at")[:1]),
                Subquery(copies.order_by("prepared_at").values("prepared_at")[:1]),
            ),
        )
        .filter(Q(prepared__gt=0) | Exists(anew) | Exists(copies))
    )


def files_of(decision: RecognitionDecision) -> QuerySet[PreparedFile]:
    """A decision's prepared files in the order of the list; `is_issued` tells those signed."""
    return (
        PreparedFile.objects.filter(entry__decision=decision)
        .annotate(is_issued=Exists(_ISSUED))
        .select_related("entry")
        .order_by("entry__position")
    )


def waiting_files_of(decision: RecognitionDecision) -> QuerySet[PreparedFile]:
    """Those that nobody has signed yet."""
    return files_of(decision).filter(~Exists(_ISSUED))


def anew_of(decision: RecognitionDecision) -> QuerySet[PreparedAnew]:
    """Files of this decision's issued certificates that were set anew, signed or not."""
    return (
        PreparedAnew.objects.filter(certificate__entry__decision=decision)
        .select_related("certificate__entry", "certificate__correction", "order")
        .order_by("certificate__entry__position", "pk")
    )


def waiting_anew_of(decision: RecognitionDecision) -> QuerySet[PreparedAnew]:
    """Those that nobody has signed yet and that would still be taken."""
    return still_waiting(anew_of(decision))


def copies_of(decision: RecognitionDecision) -> QuerySet[PreparedCopy]:
    """Copies of this decision's certificates that were set for somebody to sign."""
    copies = PreparedCopy.objects.filter(certificate__entry__decision=decision)
    return copies.select_related("certificate__entry", "certificate__correction").order_by("pk")


def waiting_copies_of(decision: RecognitionDecision) -> QuerySet[PreparedCopy]:
    """Those that nobody has signed yet and that would still be taken."""
    return copies_still_waiting(copies_of(decision))


@dataclass(frozen=True)
class Pile:
    """What waits for one person's signature; `key` stands for their name in an address."""

    signer_name: str
    left: int

    @property
    def key(self) -> str:
        return key_of_signer(self.signer_name)


def piles_of(decision: RecognitionDecision) -> list[Pile]:
    """What waits of a decision, by who signs it; the decision's own signer comes first."""
    counts = Counter[str]()
    if first := waiting_files_of(decision).count():
        counts[decision.signer_name] += first
    for each in (waiting_anew_of(decision), waiting_copies_of(decision)):
        for name in each.values_list("signer_name", flat=True):
            counts[name or decision.signer_name] += 1
    return [Pile(name, left) for name, left in counts.items()]


def key_of_signer(name: str) -> str:
    """Eight digits that tell the signers of a decision apart; no name stands in an address."""
    return sha256(name.encode()).hexdigest()[:8]


def next_to_sign(decision: RecognitionDecision, *, most: int, signer: str = "") -> list[Waiting]:
    """The files to be signed next: those to be issued first, then those set anew, then copies.

    With the key of a `signer`, theirs alone: nobody's files stand in the way of another's.
    """
    found = (
        each for each in _in_turn(decision, most) if signer in ("", key_of_signer(each.who_signs))
    )
    return list(islice(found, most))


def _in_turn(decision: RecognitionDecision, most: int) -> Iterator[Waiting]:
    """The first issues are all one person's: no more of them are fetched than are wanted."""
    yield from waiting_files_of(decision).select_related("entry__decision", "form")[:most]
    anew = waiting_anew_of(decision).select_related("certificate__entry__decision", "form")
    yield from anew.iterator(chunk_size=AT_A_TIME)
    yield from waiting_copies_of(decision).iterator(chunk_size=AT_A_TIME)


def left_to_sign(decision: RecognitionDecision, *, signer: str = "") -> int:
    """How many files of a decision wait, or how many for one signer."""
    return sum(each.left for each in piles_of(decision) if signer in ("", each.key))


def waiting_edition_of(certificate: Certificate) -> PreparedAnew | None:
    """The corrected edition of a certificate that waits for its signature."""
    waiting = PreparedAnew.objects.filter(certificate=certificate, order=None, withdrawn_at=None)
    given = Certificate.objects.filter(
        entry=OuterRef("certificate__entry"), edition=OuterRef("edition")
    )
    return waiting.filter(~Exists(given)).first()


def is_still_waiting(prepared: PreparedAnew | PreparedCopy) -> bool:
    """Whether it would still be taken: not withdrawn, revoked, corrected or made meanwhile."""
    if isinstance(prepared, PreparedCopy):
        return copies_still_waiting(PreparedCopy.objects.filter(pk=prepared.pk)).exists()
    return still_waiting(PreparedAnew.objects.filter(pk=prepared.pk)).exists()


def waiting_for_order(order_id: int) -> int:
    """How many files of an order wait for their signatures."""
    return still_waiting(PreparedAnew.objects.filter(order=order_id)).count()


@dataclass(frozen=True)
class Front:
    """A prepared file that stands, byte for byte, at the front of other bytes."""

    prepared: Waiting
    is_whole: bool  # nothing stands behind it: it came back as it was sent


def prepared_in_front_of(content: bytes) -> Front | None:
    """Which of our prepared files these bytes begin with. Wherever a file may have ended is tried;
    the longest wins.
    """
    ends = [found.end() for found in islice(_END.finditer(content), _MOST_ENDS)]
    running, at = sha256(), 0
    names: dict[str, int] = {}
    for end in ends:
        running.update(content[at:end])
        at = end
        names[running.hexdigest()] = end
    first = PreparedFile.objects.filter(sha256__in=names).select_related(
        "entry__decision__training_class__host_unit", "entry__decision__issuer", "form"
    )
    anew = PreparedAnew.objects.filter(sha256__in=names).select_related(
        "certificate__entry__decision__training_class__host_unit",
        "certificate__entry__decision__issuer",
        "certificate__entry__enrolment",
        "certificate__issuer",
        "order__version__template",
        "form",
    )
    copies = PreparedCopy.objects.filter(sha256__in=names).select_related(
        "certificate__entry__decision__training_class__host_unit",
        "certificate__entry__decision__issuer",
        "issuer",
    )
    found: list[Waiting] = [*first, *anew, *copies]
    longest = max(found, key=lambda each: names[each.sha256], default=None)
    if longest is None:
        return None
    return Front(longest, is_whole=names[longest.sha256] == len(content))


def files_waiting_for(person: Person) -> int:
    """How many files wait for a signature this person may have made."""
    reach = decisions_waiting_for(person).order_by().values("pk")
    first = PreparedFile.objects.filter(~Exists(_ISSUED), entry__decision__in=reach)
    anew = PreparedAnew.objects.filter(certificate__entry__decision__in=reach)
    copies = PreparedCopy.objects.filter(certificate__entry__decision__in=reach)
    return first.count() + still_waiting(anew).count() + copies_still_waiting(copies).count()


def still_waiting(anew: QuerySet[PreparedAnew]) -> QuerySet[PreparedAnew]:
    """Without what is withdrawn, signed, or about a certificate that counts no more as it was."""
    made = RemadeFile.objects.filter(
        certificate=OuterRef("certificate"), order__gte=OuterRef("order")
    )
    later = PreparedAnew.objects.filter(
        certificate=OuterRef("certificate"), order__gt=OuterRef("order")
    )
    return anew.filter(Exists(_in_force()), ~Exists(made), ~Exists(later), withdrawn_at=None)


def copies_still_waiting(copies: QuerySet[PreparedCopy]) -> QuerySet[PreparedCopy]:
    """Without what is given up or issued, or says no more what the register says today."""
    issued = RegisterCopy.objects.filter(client_id=OuterRef("client_id"))
    return copies.filter(Exists(_in_force()), ~Exists(issued), given_up_at=None)


def _in_force() -> QuerySet[Certificate]:
    """The certificate that a waiting file is about, where it counts as it was."""
    return with_state(Certificate.objects.filter(pk=OuterRef("certificate"))).filter(
        is_revoked=False, is_corrected=False
    )


def _counted(rows: QuerySet[PreparedAnew] | QuerySet[PreparedCopy]) -> Coalesce:
    path = "certificate__entry__decision"
    counted = rows.order_by().values(path).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
