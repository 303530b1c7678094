"""Files made anew: the same certificate in a new file, when its template has a new version.

Numbers, code, holder and place in the lists stay; nothing of the row changes. An entry of kind
`reissue` in the register's log names the new file's hash (`register.entries`), so a file is ours
only if it is in the log, and both files are valid. Like a decision, it takes two persons. A batch
is one transaction; a run that is killed or stopped goes on where it was.

Where a person signs an issuer's files elsewhere, a run only sets them; each is entered when it came
back signed (`returning`), and the order ends with the last one. Whoever is in office on that day
signs (`queries.office`); what waits for somebody who has left is set anew for another.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.log import NewEvent, RegisterIsNotWhole, append_to_log, publish_log
from hocvu.credentials.actions.moments import ClockIsBehind, moment_of_entry
from hocvu.credentials.actions.preparing_anew import (
    prepare_new_files,
    withdraw_from_who_left,
)
from hocvu.credentials.actions.rendering import Rendered, render_batch
from hocvu.credentials.models import Certificate, RegisterEvent, RemadeFile, RemakeOrder
from hocvu.credentials.queries.office import NobodyInOffice, signer_now
from hocvu.credentials.queries.plug_in import signs_by_plug_in
from hocvu.credentials.queries.printing import (
    Common,
    Numbered,
    ToPrint,
    common_of_later_file,
)
from hocvu.credentials.queries.remade import (
    still_to_make,
    still_to_prepare,
    version_to_make_with,
)
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.recognition.policies import can_issue_for
from hocvu.signing import SigningRefused
from hocvu.trust.actions.register_lock import hold_register
from hocvu.typesetting.errors import CannotTypeset
from hocvu.units.models import Unit

_BATCH = 100
_log = structlog.get_logger("hocvu.credentials")


class AlreadyAsked(NotPossible):
    """The files were asked for under this version before."""


class TemplateHasChanged(NotPossible):
    """Another version of the template is in use since the order was made."""


def ask_for_new_files(
    issuer: Unit, kind: str, *, reason: str, by: Person, at: datetime
) -> RemakeOrder:
    """Ask that an issuer's files be made anew under the template in use; somebody else approves."""
    if not can_issue_for(by, issuer):
        raise NotAllowed(_("Only a registrar of the issuer can ask for this."))
    version = version_to_make_with(issuer, kind, at)
    try:
        with transaction.atomic():
            order = RemakeOrder.objects.create(
                issuer=issuer, version=version, reason=reason, asked_by=by, asked_at=at
            )
            record("new_files_asked", order, by=by, at=at, reason=reason)
    except IntegrityError as known:
        raise AlreadyAsked(
            _("The files were asked for under this version of the template before."),
            _("Look at the list of what was asked for."),
        ) from known
    return order


def approve_new_files(order: RemakeOrder, *, by: Person, at: datetime) -> RemakeOrder:
    """Approve what somebody else asked for, and have the files made. Twice does no harm."""
    with transaction.atomic():
        order = RemakeOrder.objects.select_for_update().get(pk=order.pk)
        if not policies.can_approve_new_files(by, order):
            raise NotAllowed(
                _("Somebody else than who asked, a leader or registrar of the issuer, approves it.")
            )
        if order.approved_at is None:
            order.approved_by, order.approved_at = by, at
            order.save(update_fields=["approved_by", "approved_at"])
            record("new_files_approved", order, by=by, at=at)
        make_new_files_job.defer(order_id=order.pk)
    return order


@jobs.task(queue="certificates", pass_context=False)
def make_new_files_job(order_id: int) -> None:
    make_new_files(RemakeOrder.objects.get(pk=order_id), now=timezone.now)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(queueing_lock="finish_new_files", queue="certificates", pass_context=False)
def finish_new_files(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """What a killed process or a missing key left is taken up again."""
    for order in RemakeOrder.objects.filter(ended_at=None).exclude(approved_at=None):
        make_new_files(order, now=timezone.now)


def make_new_files(order: RemakeOrder, *, now: Callable[[], datetime]) -> int:
    """Make what is still missing of an approved order; what stops it is written on the order.

    Returns how many files were made, or set for somebody to sign.
    """
    made = 0
    if order.approved_at is None or order.ended_at is not None:
        return made
    try:
        is_signed_here = not signs_by_plug_in(order.issuer)
        while batch := _make_batch(order, is_signed_here=is_signed_here, moment=now):
            made += batch
            publish_log()
        ended_at = None if still_to_make(order).exists() else now()
        _note(order, ended_at=ended_at, stop_detail="")
    except (
        SigningRefused,
        CannotTypeset,
        ClockIsBehind,
        RegisterIsNotWhole,
        TemplateHasChanged,
        NobodyInOffice,
    ) as refused:
        _note(order, ended_at=None, stop_detail=str(refused)[:300])
        _log.warning("new_files_stopped", order_id=order.pk)  # the list of orders says why
    return made


@transaction.atomic(durable=True)
def _make_batch(order: RemakeOrder, *, is_signed_here: bool, moment: Callable[[], datetime]) -> int:
    hold_register()
    by = order.approved_by or order.asked_by
    if not is_signed_here:
        withdraw_from_who_left(order, by=by, at=moment())
    missing = still_to_make(order) if is_signed_here else still_to_prepare(order)
    batch = _of_one_decision(list(missing[:_BATCH]))
    if not batch:
        return 0
    at = moment_of_entry(moment())
    if version_to_make_with(order.issuer, order.version.template.kind, at) != order.version:
        raise TemplateHasChanged(
            _("Another version of the template is in use by now."),
            _("Ask for new files under that version."),
        )
    decision = batch[0].entry.decision
    signs = signer_now(decision, at=at)
    common = common_of_later_file(decision, signs, on=day_of(at))
    to_print = [_to_print(each, common) for each in batch]
    if not is_signed_here:
        prepare_new_files(order, batch, to_print, signs, by=by, at=at)
        return len(batch)
    files = render_batch(to_print, order.issuer, at=at)
    facts = signs.facts() if signs else {}
    enter_new_files(order, list(zip(batch, files, strict=True)), facts, by=by, at=at)
    record("files_made_anew", order, by=order.approved_by, at=at, count=len(batch))
    return len(batch)


def enter_new_files(
    order: RemakeOrder,
    files: Sequence[tuple[Certificate, Rendered]],
    signed: Mapping[str, str],
    *,
    by: Person,
    at: datetime,
) -> None:
    """Enter signed files of certificates; `signed` says by whom. The caller holds the register."""
    told, by_order = f"{order.template}: {order.reason}", {"order": str(order.pk), **signed}
    events = [
        NewEvent(each, RegisterEvent.REISSUE, told, {"file": file.sha256, **by_order})
        for each, file in files
    ]
    entries = append_to_log(events, by=by, at=at)
    RemadeFile.objects.bulk_create(
        RemadeFile(
            certificate=each,
            order=order,
            entry=entry,
            form_id=file.form_id,
            tail=file.tail,
            sha256=file.sha256,
            made_at=at,
        )
        for (each, file), entry in zip(files, entries, strict=True)
    )


def end_when_all_are_made(order: RemakeOrder, *, at: datetime) -> None:
    """Close an order whose last file came back signed."""
    if not still_to_make(order).exists():
        _note(order, ended_at=at, stop_detail="")


def _of_one_decision(certificates: Sequence[Certificate]) -> list[Certificate]:
    """The first ones of a decision: they share a form."""
    return [
        each for each in certificates if each.entry.decision_id == certificates[0].entry.decision_id
    ]


def _to_print(certificate: Certificate, common: Common) -> ToPrint:
    place = (certificate.status_list, certificate.status_index)
    numbered = Numbered(
        certificate.serial_number,
        certificate.register_entry_number,
        certificate.verification_code,
        (place[0], place[1]) if place[0] is not None and place[1] is not None else None,
    )
    return ToPrint(common, certificate.holder, numbered)


def _note(order: RemakeOrder, *, ended_at: datetime | None, stop_detail: str) -> None:
    RemakeOrder.objects.filter(pk=order.pk).update(ended_at=ended_at, stop_detail=stop_detail)
