"""Handing messages over, each once as far as that can be had.

A mail server's word that it took a message and our note of it cannot be one act. So a message is
marked before (a try is begun, and for `held_for` nobody else takes it) and after (sent), each in a
transaction of its own, and no row stays locked while a slow server is waited for. Killed between
the two, it is sent again when the hold ends: at least once, never silently not at all. Both copies
bear the same Message-ID (RFC 5322, section 3.6.4), by which mail programs and people see that they
are one. Two workers never hold the same row: claims skip what another is claiming.

What lies with one mailbox is tried again with growing waits, then given up. What lies with the
server ends the run and costs the messages that wait no try.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto

import structlog
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from hocvu.notices.actions.email import EmailChannel
from hocvu.notices.actions.gathering import gather_deliveries
from hocvu.notices.models import Delivery, Trouble
from hocvu.notices.queries.letters import letter_of
from hocvu.notices.rules.channels import (
    AddressIsRefused,
    AskedToWait,
    CannotDeliver,
    Channel,
    ChannelIsClosedToUs,
    ChannelIsDown,
    IsNoAddress,
    Letter,
    LetterIsRefused,
)
from hocvu.notices.rules.pace import pace

_SECONDS = 50.0  # of one run: the next minute brings another
_log = structlog.get_logger("hocvu.notices")

_TROUBLES: tuple[tuple[type[CannotDeliver], Trouble], ...] = (
    (ChannelIsClosedToUs, Trouble.SERVER_CLOSED),
    (ChannelIsDown, Trouble.SERVER_AWAY),
    (AskedToWait, Trouble.ASKED_TO_WAIT),
    (AddressIsRefused, Trouble.NO_MAILBOX),
    (IsNoAddress, Trouble.NO_ADDRESS),
    (LetterIsRefused, Trouble.REFUSED),
)
_LASTING = (AddressIsRefused, IsNoAddress, LetterIsRefused)


class Outcome(Enum):
    SENT = auto()
    FAILED = auto()
    POSTPONED = auto()


@jobs.periodic(cron="* * * * *")
@jobs.task(queueing_lock="deliver_notices", queue="notices")
def deliver_notices_job(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every minute. No job lock: one would stay with a worker that was killed."""
    deliver_notices(EmailChannel(), now=timezone.now)


def deliver_notices(
    channel: Channel, *, now: Callable[[], datetime], seconds: float = _SECONDS
) -> Counter[Outcome]:
    """Gather what is due and send it, for no longer than this (and the last letter's time)."""
    done: Counter[Outcome] = Counter()
    gather_deliveries(at=now())
    if not Delivery.objects.to_try(now()).exists():
        return done
    ends = time.monotonic() + seconds
    try:
        with channel.open() as send:
            while time.monotonic() < ends and (delivery := _claimed(now())) is not None:
                done[_hand_over(send, delivery, now)] += 1
    except ChannelIsDown as down:
        trouble = _trouble_of(down)
        waiting = Delivery.objects.to_try(now()).exclude(trouble=trouble)
        waiting.update(trouble=trouble, reply=down.reply)
        _log.warning("notices_wait", trouble=trouble.value, reply=down.reply)
    return done


@transaction.atomic
def _claimed(at: datetime) -> Delivery | None:
    """The next message, held for a while, with one more try begun."""
    free = Delivery.objects.to_try(at).select_for_update(skip_locked=True)
    delivery = free.first()
    if delivery is not None:
        delivery.tries += 1
        delivery.due_at = at + pace().held_for
        delivery.save(update_fields=["tries", "due_at"])
    return delivery


def _hand_over(
    send: Callable[[Letter], None], delivery: Delivery, now: Callable[[], datetime]
) -> Outcome:
    if _was_interrupted_too_often(delivery):
        return _fail(delivery, Trouble.INTERRUPTED, "", at=now())
    try:
        send(letter_of(delivery))
    except _LASTING as refused:
        return _fail(delivery, _trouble_of(refused), refused.reply, at=now())
    except CannotDeliver as refused:
        outcome = _postpone(delivery, _trouble_of(refused), refused.reply, at=now())
        if isinstance(refused, ChannelIsDown):
            raise
        return outcome
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=now(), trouble="", reply="")
    _log.info("notice_sent", delivery_id=delivery.pk, tries=delivery.tries)
    return Outcome.SENT


def _was_interrupted_too_often(delivery: Delivery) -> bool:
    """Its last tries ended neither well nor badly: whoever sends it does not live to say so."""
    return delivery.tries > len(pace().again_after) + 1


def _postpone(delivery: Delivery, trouble: Trouble, reply: str, *, at: datetime) -> Outcome:
    again = pace().next_try(delivery.tries, at, is_urgent=delivery.is_urgent)
    if again is None:
        return _fail(delivery, trouble, reply, at=at)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=again, trouble=trouble, reply=reply)
    _log.info("notice_postponed", delivery_id=delivery.pk, trouble=trouble.value, reply=reply)
    return Outcome.POSTPONED


def _fail(delivery: Delivery, trouble: Trouble, reply: str, *, at: datetime) -> Outcome:
    Delivery.objects.filter(pk=delivery.pk).update(failed_at=at, trouble=trouble, reply=reply)
    _log.warning("notice_failed", delivery_id=delivery.pk, trouble=trouble.value, reply=reply)
    return Outcome.FAILED


def _trouble_of(refused: CannotDeliver) -> Trouble:
    return next(trouble for kind, trouble in _TROUBLES if isinstance(refused, kind))
