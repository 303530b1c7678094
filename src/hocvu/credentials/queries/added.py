"""What this room adds to the pages of decisions and proposals, and to the work of a registrar."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.runs import overdue_decisions, pace_of
from hocvu.credentials.queries.specimens import tightest_first
from hocvu.credentials.queries.waiting import files_waiting_for, waiting_files_of
from hocvu.credentials.rules.deadlines import last_day_to_issue
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.recognition.models import Proposal, RecognitionDecision
from hocvu.ui.tables import Column


def _state(row: Any) -> str:
    if row.issued == row.learner_count:
        return _("issued")
    last_day = last_day_to_issue(row.kind, row.decided_on)
    return _("overdue") if day_of(timezone.now()) > last_day else _("being issued")


OF_DECISIONS = (
    Column("issued", gettext_lazy("Issued"), order_by="issued", numeric=True),
    Column(
        "last_day",
        gettext_lazy("Last day to issue"),
        value=lambda row: last_day_to_issue(row.kind, row.decided_on),
    ),
    Column("state", gettext_lazy("State"), value=_state),
)
OF_LINES = (
    Column(
        "serial",
        gettext_lazy("Serial number"),
        order_by="serial",
        value=lambda row: row.serial or "",
        href=lambda row: (
            reverse("credentials:certificate", args=[row.certificate_id])
            if row.certificate_id
            else ""
        ),
    ),
)


def preview_of(proposal: Proposal) -> tuple[Column, ...]:
    """Every line of a proposed list leads to its certificate as it will print."""
    return (
        Column(
            "preview",
            gettext_lazy("Certificate"),
            value=lambda _row: _("Preview"),
            href=lambda row: reverse("credentials:preview", args=[proposal.pk, row.pk]),
        ),
    )


def previews(_request: HttpRequest, proposal: Proposal) -> dict[str, object]:
    """Where to begin looking at the certificates of a proposal that waits."""
    tightest = tightest_first(proposal).first() if proposal.is_open else None
    return {"proposal": proposal, "tightest": tightest}


def progress(_request: HttpRequest, decision: RecognitionDecision) -> dict[str, object]:
    """How far the certificates of a decision have come."""
    run = pace_of(decision, timezone.now())
    left = run.pace.left if run.pace else None
    return {
        "decision": decision,
        "pace": run,
        "minutes_left": left.seconds // 60 if left else 0,
        "waiting": waiting_files_of(decision).count(),
    }


def issued_of(_request: HttpRequest, decision: RecognitionDecision) -> dict[str, object]:
    """How many lines of a decision have their certificate."""
    issued = Certificate.objects.filter(entry__decision=decision, edition=1).count()
    return {"decision": decision, "issued": issued}


def overdue(_request: HttpRequest, person: Person) -> dict[str, object]:
    """What a registrar has to see to at once."""
    return {"overdue": overdue_decisions(person, day_of(timezone.now()))}


def to_sign(_request: HttpRequest, person: Person) -> dict[str, object]:
    """How many certificates wait for a signature this person may have made."""
    return {"waiting": files_waiting_for(person)}
