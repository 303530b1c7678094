"""`POST /tests/attempts/<attempt>/answer/` as the edge meets it."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from psycopg import AsyncConnection

from hocvu.exams.hot.parsing import sent_in
from hocvu.exams.hot.writing import MOST_WAITING, Otherwise, Outcome, Stands, Writer
from hocvu.exams.rules.delivery import (
    HEARD_EVERY,
    Delivery,
    late_reply_of,
    milliseconds_left,
    reply_of,
)
from hocvu.exams.rules.passes import COOKIE, LIFE, Holder, holder_of
from hocvu.exams.rules.receipts import answer_receipt
from hocvu.kernel.hot import HotReply, HotRequest

_DEVICES = 50_000  # whose pass and last sign are remembered
_COME_AGAIN = 2  # seconds


class AnswerPath:
    """`connect` opens a connection in autocommit; `secret` is what passes and receipts hang on."""

    address = re.compile(r"/tests/attempts/([1-9][0-9]{0,17})/answer/")

    def __init__(
        self,
        connect: Callable[[], Awaitable[AsyncConnection[Any]]],
        secret: bytes,
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._secret = secret
        self._writer = Writer(connect, most_waiting=most_waiting)
        self._heard: dict[int, datetime] = {}
        self._holder_of = lru_cache(maxsize=_DEVICES)(self._genuine_holder)

    async def start(self) -> None:
        self._writer.start()

    async def stop(self) -> None:
        """Everything that was taken is written and answered first."""
        await self._writer.stop()

    async def take(self, request: HotRequest) -> HotReply | None:
        """The reply, once the answer is committed; nothing where the view has to say."""
        delivery = self._delivery(request)
        if delivery is None:
            return None
        if self._writer.is_full:
            return _unavailable(request.language)
        outcome = await self._writer.write(delivery)
        self._note(delivery, outcome)
        return self._reply(delivery, outcome, request.language)

    def _delivery(self, request: HotRequest) -> Delivery | None:
        held = request.cookies.get(COOKIE, "")
        holder = self._holder_of(held, request.session, request.subject)
        if holder is None or not 0 <= request.at.timestamp() - holder.issued_at < LIFE:
            return None
        sent = sent_in(request.body)
        if sent is None:
            return None
        return Delivery(
            attempt_id=request.subject,
            person_id=holder.person_id,
            question_id=sent.question_id,
            chosen=sent.chosen,
            sequence=sent.sequence,
            client_id=sent.client_id,
            at=request.at,
            session=request.session,
            heard=self._is_time_to_say(request.subject, request.at),
        )

    def _genuine_holder(self, held: str, session: str, attempt_id: int) -> Holder | None:
        return holder_of(held, self._secret, session=session, attempt_id=attempt_id)

    def _is_time_to_say(self, attempt_id: int, at: datetime) -> bool:
        """Whether the supervisor's board should hear of this device again."""
        last = self._heard.get(attempt_id)
        return last is None or at - last >= HEARD_EVERY

    def _note(self, delivery: Delivery, outcome: Outcome) -> None:
        """The sign of this device was written, together with its answer."""
        if delivery.heard and (isinstance(outcome, Stands) or outcome is Otherwise.LATE):
            if len(self._heard) >= _DEVICES:
                self._heard.clear()
            self._heard[delivery.attempt_id] = delivery.at

    def _reply(self, delivery: Delivery, outcome: Outcome, language: str) -> HotReply | None:
        if isinstance(outcome, Stands):
            answer, attempt_id = outcome.answer, delivery.attempt_id
            told = reply_of(
                answer.question_id,
                answer.chosen,
                answer.sequence,
                receipt=answer_receipt(self._secret, attempt_id, answer.question_id, answer.link),
                left=milliseconds_left(outcome.must_end_at, delivery.at),
            )
            return HotReply(HTTPStatus.OK, json.dumps(told).encode())
        if outcome is Otherwise.LATE:
            return _late(delivery, language)
        return _unavailable(language) if outcome is Otherwise.UNAVAILABLE else None


def _late(delivery: Delivery, language: str) -> HotReply:
    with override(language):
        sentence = _(
            "This answer came after the end of the test. It is kept, and those who run the class "
            "decide whether it counts."
        )
    told = late_reply_of(
        delivery.question_id, delivery.chosen, delivery.sequence, sentence=sentence
    )
    return HotReply(HTTPStatus.ACCEPTED, json.dumps(told).encode())


def _unavailable(language: str) -> HotReply:
    with override(language):
        problem = {
            "status": HTTPStatus.SERVICE_UNAVAILABLE,
            "title": _("Very many answers are arriving at this moment."),
            "detail": _("Yours is kept on this device and will be sent again by itself."),
        }
    return HotReply(
        HTTPStatus.SERVICE_UNAVAILABLE, json.dumps(problem).encode(), retry_after=_COME_AGAIN
    )
