"""Drawing a form from a blueprint: seating questions in the cells that ask for them.

A question may fit several cells, so cells compete for questions. In order of preference, each
question gets a seat if those seated before it can make room (an augmenting path). Sets of questions
that can be seated together are the independent sets of a transversal matroid (Edmonds and
Fulkerson, 1965): going through them greedily finds a full form whenever there is one, and the one
with the most preferred questions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """Where a question stands in the bank. In a cell, an empty field means any."""

    component: str
    level: str
    topic: str


@dataclass(frozen=True)
class Cell:
    """So many questions of one place, in one section of a paper."""

    place: Place
    questions: int

    def takes(self, place: Place) -> bool:
        return all(not asked or asked == there for asked, there in zip(self.place, place))  # noqa: B905 — both are places


@dataclass(frozen=True)
class Candidate:
    """A question that may be drawn; `shown` says in how many attempts it was asked before."""

    question_id: int
    code: str
    place: Place
    shown: int = 0
    lot: int = field(init=False, repr=False)  # what its luck is made of, mixed once
    weight: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lot", _mixed(self.question_id))
        object.__setattr__(self, "weight", (1 + self.shown) * (1 + self.shown))


@dataclass(frozen=True)
class Shortage:
    """A cell, by its number from 0, that lacks questions, and how many the bank has for it."""

    cell: int
    lacks: int
    available: int


@dataclass(frozen=True)
class _Alike:
    """Candidates that fit the same cells, and how many seats there are for them in all."""

    cells: tuple[int, ...]
    seats: int
    candidates: list[Candidate]


class Pool:
    """The cells of a blueprint in written order, and every question that fits one of them.

    It is made once and drawn from many times.
    """

    def __init__(self, cells: Iterable[Cell], candidates: Iterable[Candidate]) -> None:
        self.cells = tuple(cells)
        fitting: dict[Place, tuple[int, ...]] = {}
        alike: dict[tuple[int, ...], list[Candidate]] = {}
        for candidate in candidates:
            if candidate.place not in fitting:
                fitting[candidate.place] = self._cells_for(candidate.place)
            if fitting[candidate.place]:
                alike.setdefault(fitting[candidate.place], []).append(candidate)
        self.alike = [
            _Alike(
                numbers,
                sum(self.cells[number].questions for number in numbers),
                sorted(group, key=lambda each: each.lot),
            )
            for numbers, group in sorted(alike.items())
        ]

    @property
    def questions(self) -> int:
        """How many a form has."""
        return sum(cell.questions for cell in self.cells)

    def shown(self, cell: int) -> list[int]:
        """How often each question a cell can choose from was shown."""
        groups = (group.candidates for group in self.alike if cell in group.cells)
        return [candidate.shown for candidates in groups for candidate in candidates]

    def _cells_for(self, place: Place) -> tuple[int, ...]:
        return tuple(number for number, cell in enumerate(self.cells) if cell.takes(place))


class _Seating:
    """Which question sits in which cell."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._hopeless: set[tuple[int, ...]] = set()
        self.vacancies = [cell.questions for cell in cells]
        self.seated: list[list[tuple[Candidate, tuple[int, ...]]]] = [[] for _ in cells]

    def seat(self, candidate: Candidate, cells: tuple[int, ...]) -> bool:
        """Seat one more question in one of its cells, moving others if need be.

        Once a question has found no seat, no other that fits the same cells ever will.
        """
        if cells in self._hopeless:
            return False
        if self._find_seat(candidate, cells, set()):
            return True
        self._hopeless.add(cells)
        return False

    def _find_seat(self, candidate: Candidate, cells: tuple[int, ...], tried: set[int]) -> bool:
        for cell in cells:
            if self.vacancies[cell] and cell not in tried:
                self.vacancies[cell] -= 1
                self.seated[cell].append((candidate, cells))
                return True
        for cell in cells:
            if cell not in tried:
                tried.add(cell)
                if self._make_room(candidate, cells, cell, tried):
                    return True
        return False

    def _make_room(
        self, candidate: Candidate, cells: tuple[int, ...], cell: int, tried: set[int]
    ) -> bool:
        """Move somebody who sits in this cell to another one; of those alike, one is asked."""
        asked: set[tuple[int, ...]] = set()
        for seat, (other, elsewhere) in enumerate(self.seated[cell]):
            if elsewhere not in asked:
                asked.add(elsewhere)
                if self._find_seat(other, elsewhere, tried):
                    self.seated[cell][seat] = candidate, cells
                    return True
        return False


def draw(pool: Pool, *, seed: int, seen: Mapping[str, int] | None = None) -> list[int]:
    """The ids of the questions drawn, cell after cell; fewer than asked for if the bank is short.

    `seen` counts by code how often this person has met a question. The same seed draws the same
    form from the same pool. What a person has met least comes first, then what was shown least, but
    never so that two neighbours could guess each other's form.
    """
    wanted = pool.questions
    seating = _Seating(pool.cells)
    for candidate, cells in _by_preference(pool, seed, seen or {}):
        if seating.seat(candidate, cells):
            wanted -= 1
            if wanted == 0:
                break
    return [each.question_id for seats in seating.seated for each, _cells in seats]


def shortages(pool: Pool) -> list[Shortage]:
    """The cells that no drawing can fill, and what each lacks. Nothing if the paper can be drawn.

    Where cells compete, the one written last goes short.
    """
    seating = _Seating(pool.cells)
    for group in pool.alike:
        for candidate in group.candidates[: group.seats]:
            seating.seat(candidate, group.cells)
    return [
        Shortage(number, lacks, len(pool.shown(number)))
        for number, lacks in enumerate(seating.vacancies)
        if lacks
    ]


# Of questions that are alike, this many times the seats are looked at for one form: enough for
# the least shown of them to come forward, and far fewer than a whole bank.
_LOOKED_AT = 8


def _by_preference(
    pool: Pool, seed: int, seen: Mapping[str, int]
) -> Iterator[tuple[Candidate, tuple[int, ...]]]:
    """Least met first; among those, random odds times the square of how often it was shown.

    The luck of a question hangs on the seed and the question alone. Only sums, products and
    quotients: floating point gives the same order on every machine.
    """
    factor = _mixed(seed) | 1
    places = []
    for group in pool.alike:
        start = seed % len(group.candidates)
        turned = group.candidates[start:] + group.candidates[:start]
        if seen:
            turned.sort(key=lambda each: seen.get(each.code, 0))
        for candidate in turned[: _LOOKED_AT * group.seats]:
            luck = candidate.lot * factor % _ALL
            luck = (luck ^ luck >> 32) * _FACTOR % _ALL
            odds = luck / (_ALL - luck) * candidate.weight
            places.append((seen.get(candidate.code, 0), odds, candidate, group.cells))
    places.sort(key=lambda place: place[:2])
    return ((candidate, cells) for _met, _odds, candidate, cells in places)


_ALL = 2**64
_FACTOR = 0xBF58476D1CE4E5B9


def _mixed(number: int) -> int:
    """64 bits that look random (SplitMix64: Steele, Lea and Flood, OOPSLA 2014)."""
    number = (number + 0x9E3779B97F4A7C15) % _ALL
    number = (number ^ number >> 30) * _FACTOR % _ALL
    number = (number ^ number >> 27) * 0x94D049BB133111EB % _ALL
    return number ^ number >> 31
