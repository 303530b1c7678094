"""Loading and writing papers."""

from hocvu.papers.actions.drawing import note_exposures
from hocvu.papers.actions.packaged import load_papers
from hocvu.papers.actions.presets import load_presets
from hocvu.papers.actions.writing import (
    WrittenPaper,
    make_new_version,
    make_paper,
    retire_paper,
)

__all__ = [
    "WrittenPaper",
    "load_papers",
    "load_presets",
    "make_new_version",
    "make_paper",
    "note_exposures",
    "retire_paper",
]
