"""Recording acts."""

from datetime import datetime
from typing import Any

import structlog
from django.db.models import Model

from hocvu.audit.models import AuditEntry

_log = structlog.get_logger("hocvu.audit")


def label_of(subject: Model) -> str:
    """`classes.trainingclass`: how a kind of row is named in the log, for ever.

    A model that came from another room says in `log_label` how it was named there.
    """
    named: str = getattr(subject, "log_label", "")
    return named or subject._meta.label_lower  # noqa: SLF001 — documented by Django as public


def record(
    act: str,
    subject: Model | str,
    *,
    by: Model | None,
    at: datetime,
    reason: str = "",
    **facts: Any,
) -> None:
    """Write one line of the audit log, inside the caller's transaction.

    `act` is the past-tense name of the action (`class_opened`); `facts` are ids and counts only.
    """
    named = subject if isinstance(subject, str) else f"{label_of(subject)}:{subject.pk}"
    AuditEntry.objects.create(
        at=at, actor_id=by.pk if by else None, act=act, subject=named, reason=reason, facts=facts
    )
    _log.info(act, subject=named, actor_id=by.pk if by else None, **facts)
