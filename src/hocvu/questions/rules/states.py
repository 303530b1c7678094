"""Where a question stands between being written and being retired."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

APPROVALS_NEEDED = 2  # by two persons, neither of them the author


class QuestionState(Enum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    IN_USE = "in_use"
    RETIRED = "retired"


def state_of(
    *,
    sent: datetime | None,
    returned: datetime | None,
    reviewed: datetime | None,
    in_use: datetime | None,
    retired: datetime | None,
) -> QuestionState:
    """The state that these moments make together; a returned question is a draft again."""
    if retired:
        return QuestionState.RETIRED
    if in_use:
        return QuestionState.IN_USE
    if reviewed:
        return QuestionState.REVIEWED
    return QuestionState.IN_REVIEW if sent and not returned else QuestionState.DRAFT


@dataclass(frozen=True)
class Said:
    """What one person said in a review."""

    reviewer_id: int
    approves: bool


def is_reviewed(author_id: int | None, reviews: Iterable[Said]) -> bool:
    """Two persons other than the author approve, and nobody objects."""
    said = list(reviews)
    approving = {each.reviewer_id for each in said if each.approves} - {author_id}
    return all(each.approves for each in said) and len(approving) >= APPROVALS_NEEDED
