"""Which questions an attempt asks, and what can answer them: kept in memory, read by SQL.

The form of an attempt is drawn once and a question in use never changes, so what was read stays
true. What is kept is bounded; the least used goes first.
"""

from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Generic, TypeVar

from psycopg import AsyncConnection

from hocvu.exams.rules.delivery import Delivery
from hocvu.items.content import Item
from hocvu.items.marking import flaw_in
from hocvu.questions.queries.items import item_from

Key = TypeVar("Key")
Value = TypeVar("Value")

_ATTEMPTS = 50_000
_QUESTIONS = 5_000
_ANSWERS = 50_000
_SHORT = 100  # characters; longer answers are hardly given twice

_FORMS = """
SELECT attempt.id, CASE WHEN cardinality(attempt.form) > 0 THEN attempt.form ELSE ARRAY(
    SELECT question_id FROM exams_paperquestion WHERE paper_id = sitting.paper_id
    ORDER BY question_id
) END
FROM exams_attempt AS attempt JOIN exams_sitting AS sitting ON sitting.id = attempt.sitting_id
WHERE attempt.id = ANY(%s)
"""
_ITEMS = """
SELECT id, kind, options, parts, settings FROM questions_question WHERE id = ANY(%s)
"""


class _Kept(OrderedDict[Key, Value], Generic[Key, Value]):
    """At most so many; what was not asked for longest is forgotten."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: Key, value: Value) -> None:
        self[key] = value
        self.move_to_end(key)
        while len(self) > self._most:
            self.popitem(last=False)

    def known(self, key: Key) -> Value | None:
        if key not in self:
            return None
        self.move_to_end(key)
        return self[key]


class Fitting:
    """Says whether a delivery can answer the question it names."""

    def __init__(self) -> None:
        self._forms: _Kept[int, array[int]] = _Kept(_ATTEMPTS)
        self._papers: dict[bytes, array[int]] = {}  # attempts of a fixed paper share one form
        self._items: _Kept[int, Item] = _Kept(_QUESTIONS)
        self._fits: _Kept[tuple[int, tuple[str, ...]], bool] = _Kept(_ANSWERS)

    async def learn(self, deliveries: Sequence[Delivery], connection: AsyncConnection[Any]) -> None:
        """Read what is not known yet of their attempts and questions; mostly nothing."""
        attempts = {each.attempt_id for each in deliveries} - self._forms.keys()
        if attempts:
            for attempt_id, asked in await self._rows(connection, _FORMS, attempts):
                self._forms.keep(attempt_id, self._shared(array("q", asked)))
        questions = {each.question_id for each in deliveries} - self._items.keys()
        if questions:
            for question_id, kind, options, parts, settings in await self._rows(
                connection, _ITEMS, questions
            ):
                written = {**settings, "kind": kind, "stem": "", "parts": parts, "options": options}
                self._items.keep(question_id, item_from(written))

    def fits(self, delivery: Delivery) -> bool:
        form = self._forms.known(delivery.attempt_id)
        item = self._items.known(delivery.question_id)
        if form is None or item is None or delivery.question_id not in form:
            return False
        answer = delivery.question_id, delivery.chosen
        known = self._fits.known(answer)
        if known is None:
            known = flaw_in(item, delivery.chosen) is None
            if sum(map(len, delivery.chosen)) <= _SHORT:
                self._fits.keep(answer, known)
        return known

    def _shared(self, form: "array[int]") -> "array[int]":
        if len(self._papers) > _QUESTIONS:
            self._papers.clear()
        return self._papers.setdefault(form.tobytes(), form)

    @staticmethod
    async def _rows(
        connection: AsyncConnection[Any], statement: str, ids: Collection[int]
    ) -> Iterable[tuple[Any, ...]]:
        cursor = await connection.execute(statement.encode(), [list(ids)])
        return await cursor.fetchall()
