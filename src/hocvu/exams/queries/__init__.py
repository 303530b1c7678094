"""Papers, sittings, attempts and results, as people may see them."""

from hocvu.exams.queries.access import attempts_open_to
from hocvu.exams.queries.learner import sittings_ahead_of
from hocvu.exams.queries.results import MarkedAttempt, best_marked_attempts

__all__ = ["MarkedAttempt", "attempts_open_to", "best_marked_attempts", "sittings_ahead_of"]
