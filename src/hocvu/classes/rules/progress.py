"""How far a class has come."""

from enum import Enum, auto


class Stage(Enum):
    EMPTY = auto()  # nobody is enrolled yet
    READY = auto()  # learners, but no session held
    UNDER_WAY = auto()
    HELD = auto()  # every session was held; the class waits to be closed
    CLOSED = auto()


def stage_of(*, is_closed: bool, learners: int, sessions: int, sessions_held: int) -> Stage:
    if is_closed:
        return Stage.CLOSED
    if not learners:
        return Stage.EMPTY
    if sessions_held >= sessions:
        return Stage.HELD
    return Stage.UNDER_WAY if sessions_held else Stage.READY


def nearest_point(unit_path: str, point_at: dict[str, int]) -> int | None:
    """The bridge point at the unit of this path, or at the closest unit above it."""
    codes = unit_path.split(".")[:-1]
    for depth in range(len(codes), 0, -1):
        point = point_at.get(".".join(codes[:depth]) + ".")
        if point is not None:
            return point
    return None
