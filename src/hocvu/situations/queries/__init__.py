"""Cases, exercises, runs and dispositions, as people may see them."""

from hocvu.situations.queries.access import exercises_open_to, runs_open_to
from hocvu.situations.queries.learner import exercises_ahead_of

__all__ = ["exercises_ahead_of", "exercises_open_to", "runs_open_to"]
