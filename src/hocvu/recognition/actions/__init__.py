"""Business acts of this room, one module per noun."""

from hocvu.recognition.actions.decisions import approve_proposal
from hocvu.recognition.actions.proposals import NumberIsTaken, propose_decision, return_proposal
from hocvu.recognition.actions.results import ListHasChanged, approve_results

__all__ = [
    "ListHasChanged",
    "NumberIsTaken",
    "approve_proposal",
    "approve_results",
    "propose_decision",
    "return_proposal",
]
