"""Revoking a certificate, or taking a revocation back: new entries of the register, always.

Circular 21/2019/TT-BGDĐT, article 25: by a decision that gives its reason, published, and sent to
the holder and the holder's agency.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.log import NewEvent, append_to_log, publish_log
from hocvu.credentials.actions.moments import moment_of_entry
from hocvu.credentials.actions.status_lists import publish_status_lists
from hocvu.credentials.events import CertificateReinstated, CertificateRevoked
from hocvu.credentials.models import (
    Certificate,
    Outcome,
    QuestionedCertificate,
    RegisterEvent,
)
from hocvu.credentials.queries.certificates import editions_of, is_revoked
from hocvu.credentials.rules.causes import (
    LONGEST_EXPLANATION,
    Change,
    Ruling,
    causes_in_force,
)
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.people.models import Person
from hocvu.trust.actions.register_lock import hold_register


class ReasonIsMissing(NotPossible):
    """A revocation names its decision and its cause."""


class CauseIsUnknown(NotPossible):
    """The rules of the ruling's day know no such cause."""


class IsNotRevoked(NotPossible):
    """Only what is revoked can come into force again."""


def revoke_certificate(
    certificate: Certificate,
    *,
    ruling: Ruling | None = None,
    reason: str = "",
    by: Person,
    at: datetime,
) -> None:
    """Enter a revocation with its decision and cause. Doing it twice changes nothing.

    Every edition under the register number is revoked. `reason` alone is what was written before
    rulings were kept apart.
    """
    if not policies.can_revoke(by, certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can revoke a certificate.")
        )
    said, facts = _as_entered(ruling, reason), ruling.facts() if ruling else {}
    with transaction.atomic(durable=True):  # published once it is here
        hold_register()
        if is_revoked(certificate):
            return
        moment = moment_of_entry(at)
        editions = editions_of(certificate)
        revoked = [NewEvent(each, RegisterEvent.REVOKE, said, facts) for each in editions]
        append_to_log(revoked, by=by, at=moment)
        QuestionedCertificate.objects.filter(certificate__in=editions, settled_at=None).update(
            settled_by=by, settled_at=moment, outcome=Outcome.REVOKED
        )
        record("certificate_revoked", certificate, by=by, at=moment, reason=said)
        publish(CertificateRevoked(certificate.pk, *_told_about(certificate), moment))
    publish_log()
    publish_status_lists(at=at)


def reinstate_certificate(
    certificate: Certificate, *, ruling_number: str, reason: str, by: Person, at: datetime
) -> None:
    """Take a revocation back by a decision, where it was wrong; both entries stay."""
    if not policies.can_revoke(by, certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can revoke a certificate.")
        )
    if not (ruling_number.strip() and reason.strip()):
        raise ReasonIsMissing(_("Name the decision and say why the revocation was wrong."))
    with transaction.atomic(durable=True):
        hold_register()
        if not is_revoked(certificate):
            raise IsNotRevoked(_("This certificate is not revoked."))
        moment = moment_of_entry(at)
        said = f"{ruling_number.strip()}: {reason.strip()}"
        append_to_log(
            [
                NewEvent(each, RegisterEvent.REINSTATE, said, {"decision": ruling_number.strip()})
                for each in editions_of(certificate)
            ],
            by=by,
            at=moment,
        )
        record("certificate_reinstated", certificate, by=by, at=moment, reason=said)
        publish(CertificateReinstated(certificate.pk, *_told_about(certificate), moment))
    publish_log()
    publish_status_lists(at=at)


def refuse_unknown_cause(ruling: Ruling, change: Change) -> None:
    """A ruling names its decision and one of the causes the rules of its day know."""
    if not ruling.decision_number:
        raise ReasonIsMissing(_("Enter the number and symbol of the decision."))
    if ruling.cause not in causes_in_force(change, ruling.decided_on):
        raise CauseIsUnknown(
            _("The rules of that day know no such cause."), _("Choose one of the causes shown.")
        )
    if len(ruling.explanation) > LONGEST_EXPLANATION:
        raise ReasonIsMissing(
            _("The explanation is too long: at most %(n)s characters.") % {"n": LONGEST_EXPLANATION}
        )


def _as_entered(ruling: Ruling | None, reason: str) -> str:
    if ruling is not None:
        refuse_unknown_cause(ruling, Change.REVOCATION)
        return ruling.sentence(Change.REVOCATION)
    if not reason.strip():
        raise ReasonIsMissing(_("A revocation must name its decision and its cause."))
    return reason.strip()


def _told_about(certificate: Certificate) -> tuple[int, int]:
    """The holder, and the unit they were enrolled from."""
    entry = certificate.entry
    return entry.person_id, entry.enrolment.unit_id
