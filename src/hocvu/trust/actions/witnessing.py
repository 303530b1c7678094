"""Asking other institutions to cosign the register's head (C2SP tlog-witness).

This comes after publishing and holds nothing up: a witness that is down is named and asked again.
A witness that knows a longer log or another history is no trouble of the network: it is written
into the audit log and shown, for it says that the register here was cut or rewritten.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.register.checkpoint import open_checkpoint
from hocvu.register.cosignature import cosignatures_on
from hocvu.register.durable import alone, put
from hocvu.register.errors import RegisterRefusal
from hocvu.register.note import NoteSignature, SignedNote
from hocvu.register.publishing import publish_cosignatures
from hocvu.register.tiles import Folder, PublishedTree, published_note
from hocvu.register.witness_client import (
    KnownWitness,
    WitnessKnowsMore,
    WitnessSawAnotherHistory,
    ask_to_cosign,
)
from hocvu.trust.queries.believed import known_witnesses, register_keys
from hocvu.trust.queries.witnesses import (
    WITNESS_ANSWERS,
    WitnessAnswer,
    last_answers,
    written,
)

_SECONDS = 3.0  # for a witness to answer
_AGAIN = timedelta(
    hours=12
)  # a head that stays is cosigned anew: it says that it is still the last
_log = structlog.get_logger(__name__)


@jobs.periodic(cron="* * * * *")
@jobs.task(
    queueing_lock="ask_witnesses",
    aliases=["hocvu.trust.actions.witnessing.ask_witnesses_job"],  # queued by its old name
)
def ask_witnesses_job(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    ask_witnesses(at=timezone.now())


def ask_witnesses(*, at: datetime) -> list[WitnessAnswer]:
    """Have the published head cosigned by every known witness that has not done so lately."""
    note = published_note(Folder(settings.REGISTER_FOLDER))
    witnesses = known_witnesses()
    if note is None or not witnesses:
        return []
    waiting = _not_lately(witnesses, note, at)
    if not waiting:
        return []
    with ThreadPoolExecutor(len(waiting)) as threads:
        asked = list(threads.map(lambda each: _ask(each, note, at), waiting))
    cosigned = [line for _, line in asked if line is not None]
    if cosigned:
        publish_cosignatures(settings.REGISTER_FOLDER, note, cosigned, register_keys())
    answers = [answer for answer, _ in asked]
    _tell(answers, at)
    return answers


def _not_lately(witnesses: Sequence[KnownWitness], note: str, at: datetime) -> list[KnownWitness]:
    signed = SignedNote.from_text(note)
    lately = {
        each.witness
        for each in cosignatures_on(signed, [each.key for each in witnesses])
        if each.at > at - _AGAIN
    }
    return [each for each in witnesses if each.key not in lately]


def _ask(
    witness: KnownWitness, note: str, at: datetime
) -> tuple[WitnessAnswer, NoteSignature | None]:
    """In a thread of its own: no database in here."""
    head = open_checkpoint(note, register_keys()).head
    tree = PublishedTree(settings.REGISTER_FOLDER, head)
    try:
        cosigned = ask_to_cosign(witness, note, tree, seconds=_SECONDS)
    except (WitnessKnowsMore, WitnessSawAnotherHistory) as found:
        return WitnessAnswer(witness.key.name, head.size, at, str(found), disowns=True), None
    except RegisterRefusal as refusal:
        return WitnessAnswer(witness.key.name, head.size, at, str(refusal)), None
    return WitnessAnswer(witness.key.name, head.size, cosigned.at), cosigned.line


def _tell(answers: Sequence[WitnessAnswer], at: datetime) -> None:
    """Keep what each witness answered last; what is new goes into the audit log."""
    with alone(settings.REGISTER_FOLDER):
        before = {each.witness: each for each in last_answers()}
        kept = before | {each.witness: each for each in answers}
        put(settings.REGISTER_FOLDER, {WITNESS_ANSWERS: written(kept.values())})
    with transaction.atomic():
        for each in answers:
            last = before.get(each.witness)
            if last is not None and (last.size, last.trouble) == (each.size, each.trouble):
                continue
            act = "register_cosigned" if not each.trouble else "register_not_cosigned"
            if each.disowns:
                act = "register_disowned"
            record(
                act,
                "credentials.register",
                by=None,
                at=at,
                reason=each.trouble,
                witness=each.witness,
                size=each.size,
            )
            if each.trouble:
                _log.warning(act, witness=each.witness, size=each.size)
