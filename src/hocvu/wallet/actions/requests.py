"""Asking for a correction, and what the registrars of the issuer do about it.

Circular 21/2019/TT-BGDĐT, article 23: who holds a certificate may ask its issuer to correct it; the
issuer corrects by a decision or says why not. The correction itself is `credentials`' own act.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.certificates import editions_of, is_revoked
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.wallet.actions.telling import tell_holder, tell_registrars
from hocvu.wallet.models import CorrectionRequest
from hocvu.wallet.policies import can_answer, is_holder
from hocvu.wallet.rules.requests import Wish


class AlreadyAsked(NotPossible):
    """The same is waiting for the registrar's answer."""


class NothingToCorrect(NotPossible):
    """The edition does not count any more."""


class AnswerIsMissing(NotPossible):
    """Who does not correct says why."""


class IsSettled(NotPossible):
    """Somebody answered or corrected before."""


def request_correction(
    certificate: Certificate, wish: Wish, *, client_id: UUID, by: Person, at: datetime
) -> CorrectionRequest:
    """Ask the registrars of the issuer to correct a certificate. Sent twice, it is asked once."""
    if not is_holder(by, certificate):
        raise NotAllowed(_("Only the holder of a certificate can ask for its correction."))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)  # two clicks at once come one by one
        asked = CorrectionRequest.objects.filter(asked_by=by)
        if (same := asked.filter(client_id=client_id).first()) is not None:
            return same
        _refuse(certificate, wish)
        request = CorrectionRequest.objects.create(
            certificate=certificate,
            client_id=client_id,
            subject=wish.subject,
            should_say=wish.should_say,
            evidence=wish.evidence,
            asked_by=by,
            asked_at=at,
        )
        record("correction_requested", request, by=by, at=at, certificate_id=certificate.pk)
        tell_registrars(request, serial_number=certificate.serial_number, at=at)
    return request


def answer_request(
    request: CorrectionRequest, answer: str, *, by: Person, at: datetime
) -> CorrectionRequest:
    """Say why the certificate stays as it is. The same answer sent twice is given once."""
    if not can_answer(by, request):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can answer this request.")
        )
    if not answer:
        raise AnswerIsMissing(_("Say why the certificate is not corrected."))
    serial_number = request.certificate.serial_number
    with transaction.atomic():
        request = CorrectionRequest.objects.select_for_update().get(pk=request.pk)
        if request.settled_at is not None:
            if request.answer == answer:
                return request
            raise IsSettled(_("This request was settled before."), _("Look at what became of it."))
        request.settled_at, request.settled_by, request.answer = at, by, answer
        request.save(update_fields=["settled_at", "settled_by", "answer"])
        record("correction_refused", request, by=by, at=at, certificate_id=request.certificate_id)
        tell_holder(request, serial_number=serial_number, at=at)
    return request


def follow_requests(old: Certificate, new: Certificate, *, at: datetime) -> int:
    """Settle what was asked about an edition that was corrected: it was followed."""
    waiting = CorrectionRequest.objects.filter(certificate=old, settled_at=None)
    by = new.correction.entered_by if new.correction else None
    with transaction.atomic():
        followed = waiting.update(settled_at=at, settled_by=by, new_edition=new)
        if followed:
            record("requests_followed", new, by=by, at=at, count=followed)
    return followed


def _refuse(certificate: Certificate, wish: Wish) -> None:
    if is_revoked(certificate) or editions_of(certificate)[-1].pk != certificate.pk:
        raise NothingToCorrect(
            _("This certificate does not count any more: it was revoked or corrected."),
            _("Ask about the newest edition."),
        )
    waiting = CorrectionRequest.objects.filter(certificate=certificate, settled_at=None)
    if waiting.filter(subject=wish.subject).exists():
        raise AlreadyAsked(
            _("You asked about this before, and the registrar has not answered yet."),
            _("You see the answer on the page of the certificate."),
        )
