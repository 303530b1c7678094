"""Viet Nam as one dot of light for each unit, at its true place.

Equirectangular: x is longitude times the cosine of the middle latitude, y is latitude, so that a
kilometre is the same length both ways. Nothing is moved: Hoàng Sa and Trường Sa stand where they
are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians
from statistics import median
from typing import Self

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hocvu.ui.charts.lamps import LAMP_LEVELS

# Whole steps keep the picture small: a step is a tenth of a unit of the drawing (about 250 m).
_STEPS = 10
_WIDTH = 560
# Diameter of a dot by level, in units of the drawing.
_DIAMETER = (1.9, 2.3, 2.8, 3.4, 4.1)
_LINK_LIMIT = 400
# A dot this many degrees from the middle of its area is an island group of its own (Hoàng Sa).
_FAR = 1.5


@dataclass(frozen=True)
class Dot:
    """One unit: degrees (WGS 84), lamp level 0 to 4; label and link for a map of few units."""

    longitude: float
    latitude: float
    level: int
    label: str = ""
    href: str = ""


@dataclass(frozen=True)
class Area:
    """A province as a link over its dots; the label also says its figure."""

    label: str
    href: str
    dots: Sequence[Dot]


@dataclass(frozen=True)
class Frame:
    """The part of the earth a map shows, in degrees."""

    west: float
    east: float
    south: float
    north: float

    @classmethod
    def around(cls, dots: Iterable[Dot], *, margin: float = 0.08) -> Self:
        """The smallest frame that shows all these dots, with a margin in degrees."""
        dots = list(dots)
        longitudes = [dot.longitude for dot in dots]
        latitudes = [dot.latitude for dot in dots]
        return cls(
            min(longitudes) - margin,
            max(longitudes) + margin,
            min(latitudes) - margin,
            max(latitudes) + margin,
        )

    @property
    def scale(self) -> float:
        """Units of the drawing for one degree of longitude."""
        return _WIDTH / (self.east - self.west)

    @property
    def stretch(self) -> float:
        """How much longer a degree of latitude is than one of longitude here."""
        return 1 / cos(radians((self.north + self.south) / 2))

    @property
    def height(self) -> int:
        """Height of the drawing when it is `_WIDTH` wide."""
        return round((self.north - self.south) * self.scale * self.stretch)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point of the earth lies in the drawing."""
        x = (longitude - self.west) * self.scale
        return x, (self.north - latitude) * self.scale * self.stretch

    def shows(self, longitude: float, latitude: float) -> bool:
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


NATION = Frame(west=101.6, east=117.2, south=7.6, north=23.8)

# Name and place of the writing. A map that shows an archipelago never leaves out its name.
_ARCHIPELAGOS = (
    ("Quần đảo Hoàng Sa", 112.1, 16.4),
    ("Quần đảo Trường Sa", 114.45, 9.55),
)


def dot_map(
    dots: Sequence[Dot], *, title: str, areas: Sequence[Area] = (), frame: Frame = NATION
) -> SafeString:
    """The map as SVG; `title` states the finding and is what a screen reader says."""
    linked = len(dots) <= _LINK_LIMIT and any(dot.href for dot in dots)
    return format_html(
        '<svg class="dot-map" viewBox="0 0 {} {}" {} aria-label="{}"><title>{}</title>{}{}{}</svg>',
        _WIDTH,
        frame.height,
        # A picture hides what is inside it from a screen reader; links must stay within reach.
        SafeString('role="group"' if linked or areas else 'role="img"'),
        title,
        title,
        _single_dots(dots, frame) if linked else _dots_by_level(dots, frame),
        format_html_join(
            "", "{}", ((_area(area, frame),) for area in _largest_first(areas, frame))
        ),
        _names(frame),
    )


def _dots_by_level(dots: Sequence[Dot], frame: Frame) -> SafeString:
    """One path for each level: a dot is a line of no length with a round cap, a few bytes each."""
    groups: dict[int, list[Dot]] = {level: [] for level in LAMP_LEVELS}
    for dot in dots:
        groups[dot.level].append(dot)
    paths = (
        (level, round(_DIAMETER[level] * _STEPS), _moves(group, frame))
        for level, group in groups.items()
        if group
    )
    return format_html(
        '<g transform="scale({})" fill="none" stroke-linecap="round" aria-hidden="true">{}</g>',
        1 / _STEPS,
        format_html_join("", '<path class="dots-{}" stroke-width="{}" d="{}"/>', paths),
    )


def _moves(dots: Iterable[Dot], frame: Frame) -> str:
    places = sorted(
        (round(x * _STEPS), round(y * _STEPS))
        for x, y in (frame.place(dot.longitude, dot.latitude) for dot in dots)
    )
    moves, at_x, at_y = [], 0, 0
    for x, y in places:
        across, down = x - at_x, y - at_y
        moves.append(f"m{across}{down}h0" if down < 0 else f"m{across} {down}h0")
        at_x, at_y = x, y
    return "".join(moves)


def _single_dots(dots: Sequence[Dot], frame: Frame) -> SafeString:
    """Few enough to be links with a name each; the brightest last, so that none is hidden."""
    return format_html_join("", "{}", ((_single_dot(dot, frame),) for dot in _dimmest_first(dots)))


def _single_dot(dot: Dot, frame: Frame) -> SafeString:
    x, y = frame.place(dot.longitude, dot.latitude)
    circle = format_html(
        '<circle class="lamp-{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
        dot.level,
        f"{x:.1f}",
        f"{y:.1f}",
        f"{3 + dot.level * 1.3:.1f}",
        dot.label,
    )
    if not dot.href:
        return circle
    return format_html('<a href="{}" aria-label="{}">{}</a>', dot.href, dot.label, circle)


def _dimmest_first(dots: Iterable[Dot]) -> list[Dot]:
    return sorted(dots, key=lambda dot: dot.level)


def _area(area: Area, frame: Frame) -> SafeString:
    outlines = " ".join(_outline(group) for group in _groups(area, frame))
    return format_html(
        '<a class="dot-map-area" href="{}" aria-label="{}"><title>{}</title><path d="{}"/></a>',
        area.href,
        area.label,
        area.label,
        outlines,
    )


def _largest_first(areas: Iterable[Area], frame: Frame) -> list[Area]:
    """A small province must not lie under the outline of a large one."""
    return sorted(areas, key=lambda area: -max(map(_extent, _groups(area, frame)), default=0))


def _groups(area: Area, frame: Frame) -> Iterator[list[tuple[float, float]]]:
    """The mainland of a province, then each far island by itself: no outline spans the sea."""
    if not area.dots:
        return
    middle_x = median(dot.longitude for dot in area.dots)
    middle_y = median(dot.latitude for dot in area.dots)
    near: list[tuple[float, float]] = []
    far: list[tuple[float, float]] = []
    for dot in area.dots:
        is_far = abs(dot.longitude - middle_x) > _FAR or abs(dot.latitude - middle_y) > _FAR
        (far if is_far else near).append(frame.place(dot.longitude, dot.latitude))
    if near:
        yield near
    yield from ([place] for place in far)


def _extent(places: Sequence[tuple[float, float]]) -> float:
    across = [x for x, _y in places]
    down = [y for _x, y in places]
    return (max(across) - min(across)) * (max(down) - min(down))


def _outline(places: Sequence[tuple[float, float]], *, reach: float = 5) -> str:
    """The convex hull of squares around the places, as a path."""
    ends = _hull(set(places))
    hull = _hull(
        {(x + a, y + b) for x, y in ends for a in (-reach, reach) for b in (-reach, reach)}
    )
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in hull) + "Z"


def _hull(places: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The corners of the smallest convex shape around the places, as a walk round it."""
    points = sorted(places)
    return [*_half_hull(points), *_half_hull(points[::-1])] or points


def _half_hull(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Andrew's monotone chain, one side, without its last point."""
    chain: list[tuple[float, float]] = []
    for point in points:
        while len(chain) > 1 and not _turns_left(chain[-2], chain[-1], point):
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _turns_left(
    start: tuple[float, float], middle: tuple[float, float], end: tuple[float, float]
) -> bool:
    first = (middle[0] - start[0]) * (end[1] - start[1])
    return first - (middle[1] - start[1]) * (end[0] - start[0]) > 0


def _names(frame: Frame) -> SafeString:
    names = []
    for name, longitude, latitude in _ARCHIPELAGOS:
        if frame.shows(longitude, latitude):
            x, y = frame.place(longitude, latitude)
            names.append((f"{x:.0f}", f"{y:.0f}", name, f"{x:.0f}", _("(Viet Nam)")))
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" dy="1.1em">{}'
        '<tspan x="{}" dy="1.2em">{}</tspan></text>',
        names,
    )
