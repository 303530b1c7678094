"""Revoking a certificate: a new entry of the register, never a change of the old one."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.issuing import REGISTER_LOCK
from hocvu.credentials.actions.log import append_to_log, publish_log
from hocvu.credentials.models import Certificate, RegisterEvent
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person


class ReasonIsMissing(NotPossible):
    """A revocation names its decision and its cause."""


def revoke_certificate(certificate: Certificate, *, reason: str, by: Person, at: datetime) -> None:
    """Enter a revocation with its decision and cause. Doing it twice changes nothing."""
    if not policies.can_revoke(by, certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can revoke a certificate.")
        )
    if not reason.strip():
        raise ReasonIsMissing(_("A revocation must name its decision and its cause."))
    with transaction.atomic(durable=True):  # published only when it is safely here
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTER_LOCK])
        if certificate.register_entries.filter(event=RegisterEvent.REVOKE).exists():
            return
        append_to_log([(certificate, RegisterEvent.REVOKE, reason.strip())], by=by, at=at)
        record("certificate_revoked", certificate, by=by, at=at, reason=reason.strip())
    publish_log()
