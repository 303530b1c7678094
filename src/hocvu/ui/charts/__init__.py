"""Pictures of numbers, drawn on the server as SVG; each beside a table that says the same."""

from hocvu.ui.charts.dot_map import NATION, Area, Dot, Frame, dot_map
from hocvu.ui.charts.lamps import LAMP_LEVELS, lamp_level, lamp_svg
from hocvu.ui.charts.target_bars import target_bar

__all__ = [
    "LAMP_LEVELS",
    "NATION",
    "Area",
    "Dot",
    "Frame",
    "dot_map",
    "lamp_level",
    "lamp_svg",
    "target_bar",
]
