"""Certificates that wait for a person's signature."""

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from hocvu.credentials.models import Certificate, PreparedFile, RecognitionDecision
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission

AT_A_TIME: Final = 100  # files of one download or upload
_MOST_ENDS: Final = 64
_END: Final = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
_ISSUED = Certificate.objects.filter(entry=OuterRef("entry"), edition=1)


def decisions_waiting_for(person: Person) -> QuerySet[RecognitionDecision]:
    """Decisions whose files this person may have signed: each with `waiting` and `prepared`."""
    scope = scope_of(person)
    reach = Q(scope.reach(Permission.ISSUE_CERTIFICATES, "training_class__host_unit")) | Q(
        scope.reach(Permission.APPROVE_DECISIONS, "training_class__host_unit")
    )
    issued = Q(entries__certificate__edition=1)
    return (
        RecognitionDecision.objects.filter(reach)
        .select_related("training_class__host_unit", "issuer")
        .annotate(
            prepared=Count("entries__prepared", distinct=True),
            signed=Count("entries__prepared", filter=issued, distinct=True),
            since=Min("entries__prepared__prepared_at"),
        )
        .filter(prepared__gt=0)
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


@dataclass(frozen=True)
class Front:
    """A prepared file that stands, byte for byte, at the front of other bytes."""

    prepared: PreparedFile
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
    found = PreparedFile.objects.filter(sha256__in=names).select_related(
        "entry__decision__training_class__host_unit", "entry__decision__issuer", "form"
    )
    longest = max(found, key=lambda each: names[each.sha256], default=None)
    if longest is None:
        return None
    return Front(longest, is_whole=names[longest.sha256] == len(content))


def files_waiting_for(person: Person) -> int:
    """How many certificates wait for a signature this person may have made."""
    reach = decisions_waiting_for(person).values("pk")
    return PreparedFile.objects.filter(
        ~Exists(_ISSUED), entry__decision__in=reach.order_by()
    ).count()
