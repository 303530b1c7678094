"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DecisionProposed:
    """A recognition decision waits for approval."""

    proposal_id: int
    at: datetime


@dataclass(frozen=True)
class ProposalReturned:
    """A proposal was not approved; its reason says what to do."""

    proposal_id: int
    at: datetime


@dataclass(frozen=True)
class DecisionApproved:
    """A recognition decision is in force, with its list; what it gives can be made."""

    decision_id: int
    by_id: int  # who approved it
    at: datetime
