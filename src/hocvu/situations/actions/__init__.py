"""Loading cases; offering them, running through them, writing and marking dispositions."""

from hocvu.situations.actions.cases import load_cases
from hocvu.situations.actions.dispositions import save_disposition
from hocvu.situations.actions.exercises import open_exercise
from hocvu.situations.actions.finishing import (
    finish_overdue,
    finish_run,
    finish_runs_of_closed_exercises,
)
from hocvu.situations.actions.marking import mark_disposition
from hocvu.situations.actions.running import decide, let_time_run_out, open_node, start_run

__all__ = [
    "decide",
    "finish_overdue",
    "finish_run",
    "finish_runs_of_closed_exercises",
    "let_time_run_out",
    "load_cases",
    "mark_disposition",
    "open_exercise",
    "open_node",
    "save_disposition",
    "start_run",
]
