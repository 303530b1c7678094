"""Where things stand in the pictures of abilities on a scale."""

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH, LOWEST, HIGHEST = 460, -4.0, 4.0
_EDGE = 24


@dataclass(frozen=True)
class Mark:
    """A place on the scale with a word to it; marks that stand close take turns in height."""

    x: int
    word: str
    row: int


@dataclass(frozen=True)
class ScalePicture:
    """An ability with its interval, among the levels of a scale."""

    left: int
    right: int
    point: int
    start: int
    width: int
    ticks: tuple[Mark, ...]
    cuts: tuple[Mark, ...]


def place_of(theta: float) -> int:
    """Beyond the ends of the picture a mark stands at the end."""
    share = (min(max(theta, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return _EDGE + round(share * (WIDTH - 2 * _EDGE))


def scale_picture(
    theta: float, low: float, high: float, cuts: Iterable[tuple[str, float]]
) -> ScalePicture:
    start, end = place_of(low), place_of(high)
    return ScalePicture(
        left=_EDGE,
        right=WIDTH - _EDGE,
        point=place_of(theta),
        start=start,
        width=max(end - start, 2),
        ticks=tuple(
            Mark(place_of(float(at)), _signed(at), 0) for at in range(int(LOWEST), int(HIGHEST) + 1)
        ),
        cuts=tuple(Mark(place_of(at), word, row % 2) for row, (word, at) in enumerate(cuts)),
    )


@dataclass(frozen=True)
class WayPoint:
    x: int
    y: int
    low: int
    high: int
    right: bool


@dataclass(frozen=True)
class WayPicture:
    """How an estimate moved from answer to answer, and how its interval narrowed."""

    width: int
    height: int
    points: tuple[WayPoint, ...]
    lines: tuple[Mark, ...]

    @property
    def path(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)


_STEP, _HEIGHT, _REACH = 22, 260, 3.0


def way_picture(steps: Iterable[tuple[float, float, bool]]) -> WayPicture:
    """Of each answered step: ability, standard error, whether the answer was right."""
    points = tuple(
        WayPoint(
            _EDGE + _STEP * number,
            _height_of(theta),
            _height_of(theta - 1.96 * se),
            _height_of(theta + 1.96 * se),
            right,
        )
        for number, (theta, se, right) in enumerate(steps, start=1)
    )
    lines = tuple(Mark(0, _signed(at), _height_of(float(at))) for at in range(-3, 4))
    return WayPicture(2 * _EDGE + _STEP * (len(points) + 1), _HEIGHT, points, lines)


def _height_of(theta: float) -> int:
    share = (min(max(theta, -_REACH), _REACH) + _REACH) / (2 * _REACH)
    return _HEIGHT - _EDGE - round(share * (_HEIGHT - 2 * _EDGE))


def _signed(at: int) -> str:
    return f"+{at}" if at > 0 else f"−{-at}" if at < 0 else "0"
