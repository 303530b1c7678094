"""Where things stand in the pictures of a question's figures. Lengths in units of the drawing."""

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 640
_LEFT, _RIGHT, _ROW = 56, 72, 44
_MOST_DELTA = 3.0


@dataclass(frozen=True)
class OptionBar:
    """How many took it, as a bar; how well they did elsewhere, as a mark on the same axis."""

    letter: str
    y: int
    width: int
    mark: int | None
    is_right: bool
    share: str


@dataclass(frozen=True)
class OptionPicture:
    height: int
    left: int
    right: int
    bars: tuple[OptionBar, ...]
    ticks: tuple[tuple[int, str], ...]


def option_picture(
    options: Iterable[tuple[str, float, float | None, bool]],
) -> OptionPicture:
    """Of each option: letter, share of people, mean rest score or none, whether it is right."""
    bars = tuple(
        OptionBar(
            letter=letter,
            y=8 + _ROW * at,
            width=max(round(share * _span()), 1),
            mark=None if rest is None else _along(rest),
            is_right=is_right,
            share=f"{int(share * 100)} %",
        )
        for at, (letter, share, rest, is_right) in enumerate(options)
    )
    ticks = tuple((_along(at / 4), f"{at * 25} %") for at in range(5))
    return OptionPicture(8 + _ROW * len(bars) + 28, _LEFT, _LEFT + _span(), bars, ticks)


def _span() -> int:
    return WIDTH - _LEFT - _RIGHT


def _along(share: float) -> int:
    return _LEFT + round(share * _span())


@dataclass(frozen=True)
class DeltaRow:
    """One comparison: its difference and the 95 % interval of it."""

    words: str
    y: int
    x: int
    start: int
    width: int


@dataclass(frozen=True)
class DeltaPicture:
    height: int
    rows: tuple[DeltaRow, ...]
    ticks: tuple[tuple[int, str], ...]
    negligible: tuple[int, int]  # left edge and width of the band in which nothing is wrong


def delta_picture(groups: Iterable[tuple[str, float, float]]) -> DeltaPicture:
    """Of each comparison: words, ETS delta, its standard error. Beyond ±3 it stands at the end."""
    rows = tuple(
        DeltaRow(
            words=words,
            y=20 + 56 * at,
            x=_delta_at(delta),
            start=_delta_at(delta - 1.96 * error),
            width=max(_delta_at(delta + 1.96 * error) - _delta_at(delta - 1.96 * error), 2),
        )
        for at, (words, delta, error) in enumerate(groups)
    )
    low, high = _delta_at(-1.0), _delta_at(1.0)
    ticks = tuple((_delta_at(float(at)), _signed(at)) for at in range(-3, 4))
    return DeltaPicture(56 * len(rows) + 34, rows, ticks, (low, high - low))


def _delta_at(delta: float) -> int:
    share = (min(max(delta, -_MOST_DELTA), _MOST_DELTA) + _MOST_DELTA) / (2 * _MOST_DELTA)
    return 24 + round(share * (WIDTH - 48))


def _signed(at: int) -> str:
    return f"+{at}" if at > 0 else f"−{-at}" if at < 0 else "0"
