"""Questions about questions."""

from hocvu.questions.queries.items import (
    content_of,
    item_of,
    items_of,
    media_addresses,
    question_from_item,
)
from hocvu.questions.queries.papers import latest_questions, questions_to_draw_from

__all__ = [
    "content_of",
    "item_of",
    "items_of",
    "latest_questions",
    "media_addresses",
    "question_from_item",
    "questions_to_draw_from",
]
