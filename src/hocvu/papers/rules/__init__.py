"""What a paper may be, drawing its questions, and when it shows its key."""

from hocvu.papers.rules.drawing import (
    Candidate,
    Cell,
    Place,
    Pool,
    Shortage,
    draw,
    shortages,
)
from hocvu.papers.rules.papers import (
    MOST_MINUTES,
    MOST_QUESTIONS,
    PaperFlaw,
    Shape,
    WrittenCell,
    is_share,
    paper_flaws,
)
from hocvu.papers.rules.showing import ShowsKey, shows_key_in

__all__ = [
    "MOST_MINUTES",
    "MOST_QUESTIONS",
    "Candidate",
    "Cell",
    "PaperFlaw",
    "Place",
    "Pool",
    "Shape",
    "Shortage",
    "ShowsKey",
    "WrittenCell",
    "draw",
    "is_share",
    "paper_flaws",
    "shortages",
    "shows_key_in",
]
