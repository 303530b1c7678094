"""Taking a roster over: what each line asks for, what is already known, and what follows from both.

Nothing here touches storage. A line that contradicts what is known is told of, never
mended in silence.
"""

import enum
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Self

from hocvu.kernel.vietnamese import fold, text_sort_key
from hocvu.people.rules.birth_date import PartialDate
from hocvu.people.rules.ethnic_groups import name_of
from hocvu.people.rules.roster_problems import Severity


class TakingProblemKind(enum.Enum):
    """What only the tree of units and the people already known can tell (the rest: ProblemKind)."""

    UNIT_MISSING = "unit_missing"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_OUTSIDE = "unit_outside"
    UNIT_AMBIGUOUS = "unit_ambiguous"
    UNIT_DIVIDED = "unit_divided"
    UNIT_RENAMED = "unit_renamed"
    CATEGORY_MISSING = "category_missing"
    NUMBER_KNOWN_UNDER_OTHER_NAME = "number_known_under_other_name"
    NAME_SPELLED_OTHERWISE = "name_spelled_otherwise"
    KNOWN_BIRTH_DIFFERS = "known_birth_differs"
    KNOWN_SEX_DIFFERS = "known_sex_differs"
    KNOWN_ETHNIC_GROUP_DIFFERS = "known_ethnic_group_differs"
    KNOWN_BIRTH_PLACE_DIFFERS = "known_birth_place_differs"
    KNOWN_ELSEWHERE = "known_elsewhere"
    PERHAPS_KNOWN = "perhaps_known"


class Outcome(enum.Enum):
    ADDED = "added"
    UPDATED = "updated"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LineProblem:
    """One problem as it is kept: `kind` is a value of ProblemKind or TakingProblemKind.

    `proposes` names the field that `proposed` would fill; empty where nothing can be accepted.
    """

    kind: str
    severity: str
    row: int = 0
    column_letter: str = ""
    found: str = ""
    proposed: str = ""
    other_row: int | str | None = None  # with its sheet, where several were read
    proposes: str = ""
    place: str = ""  # the row and its sheet, where several were read

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR.value

    @property
    def key(self) -> str:
        """What a person ticks to accept this proposal for this row alone."""
        return f"{self.row}:{self.kind}"

    def is_accepted(self, accepted: Collection[str]) -> bool:
        return bool(self.proposes) and (self.kind in accepted or self.key in accepted)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of a roster, as it is kept between the preview and the import.

    `row` counts through all sheets; `place` says the row and its sheet where several were read.
    """

    row: int
    full_name: str
    unit_id: int | None = None
    unit_name: str = ""
    unit_text: str = ""
    unit_proposed: int | None = None
    sex: str = ""
    birth: PartialDate | None = None
    birth_proposed: PartialDate | None = None
    identity_number: str | None = None
    identity_proposed: str | None = None
    title: str = ""
    category: str = ""
    category_proposed: str = ""
    ethnic_group: str = ""
    ethnic_group_proposed: str = ""
    birth_place: str = ""
    phone: str = ""
    email: str = ""
    from_on: str = ""  # ISO, a full day or nothing
    problems: tuple[LineProblem, ...] = ()
    outcome: str = ""
    person_id: int | None = None
    place: str = ""

    @property
    def shown_row(self) -> str:
        return self.place or str(self.row)

    def as_json(self) -> dict[str, Any]:
        """Only what stands in the line: ten thousand of these are stored at once."""
        kept = {name: getattr(self, name) for name in _PLAIN if getattr(self, name)}
        for name in ("birth", "birth_proposed"):
            if date := getattr(self, name):
                kept[name] = [date.year, date.month, date.day]
        if self.problems:
            kept["problems"] = [
                {name: value for name in _OF_A_PROBLEM if (value := getattr(problem, name))}
                for problem in self.problems
            ]
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        values = dict(kept)
        for name in ("birth", "birth_proposed"):
            if name in values:
                values[name] = PartialDate(*values[name])
        values["problems"] = tuple(LineProblem(**each) for each in values.get("problems", ()))
        return cls(**values)

    @property
    def has_problems(self) -> bool:
        return bool(self.problems)

    @property
    def has_errors(self) -> bool:
        return any(problem.is_error for problem in self.problems)

    @property
    def needs_a_decision(self) -> bool:
        return any(problem.proposes for problem in self.problems)

    @property
    def category_key(self) -> str:
        """What a person ticks to accept the proposed category for this row alone."""
        return f"{self.row}:{TakingProblemKind.CATEGORY_MISSING.value}"

    def with_accepted(self, accepted: AbstractSet[str]) -> "RosterLine":
        """The line with the proposals somebody said yes to; what they solve is solved."""
        taken = [problem for problem in self.problems if problem.is_accepted(accepted)]
        values: dict[str, Any] = {
            _TARGETS[problem.proposes]: getattr(self, problem.proposes) for problem in taken
        }
        for problem in taken:
            if problem.proposes == "unit_proposed":
                values["unit_name"] = problem.proposed
        if not accepted & {TakingProblemKind.CATEGORY_MISSING.value, self.category_key}:
            values["category_proposed"] = ""
        solved = {problem.proposes for problem in taken}
        left = tuple(problem for problem in self.problems if problem.proposes not in solved)
        return replace(self, **values, problems=left)

    def before_meeting_people(self) -> "RosterLine":
        """Without what the preview said about people known then: the import looks again."""
        left = tuple(each for each in self.problems if each.kind not in _ABOUT_KNOWN_PEOPLE)
        return replace(self, problems=left)

    def with_problem(self, *problems: LineProblem) -> "RosterLine":
        return replace(self, problems=(*self.problems, *problems))


_ABOUT_KNOWN_PEOPLE: Final = frozenset(
    kind.value
    for kind in (
        TakingProblemKind.NUMBER_KNOWN_UNDER_OTHER_NAME,
        TakingProblemKind.NAME_SPELLED_OTHERWISE,
        TakingProblemKind.KNOWN_BIRTH_DIFFERS,
        TakingProblemKind.KNOWN_SEX_DIFFERS,
        TakingProblemKind.KNOWN_ETHNIC_GROUP_DIFFERS,
        TakingProblemKind.KNOWN_BIRTH_PLACE_DIFFERS,
        TakingProblemKind.KNOWN_ELSEWHERE,
        TakingProblemKind.PERHAPS_KNOWN,
    )
)
_OF_A_PROBLEM: Final = tuple(each.name for each in fields(LineProblem))
_PLAIN: Final = (
    "row", "full_name", "unit_id", "unit_name", "unit_text", "unit_proposed", "sex",
    "identity_number", "identity_proposed", "title", "category", "category_proposed", "phone",
    "email", "from_on", "ethnic_group", "ethnic_group_proposed", "birth_place",
    "outcome", "person_id", "place",
)  # fmt: skip
_TARGETS: Final = {
    "unit_proposed": "unit_id",
    "birth_proposed": "birth",
    "identity_proposed": "identity_number",
    "ethnic_group_proposed": "ethnic_group",
}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody already entered, with the main post of today; `may_move` if it is ours to end."""

    pk: int
    full_name: str
    sex: str = ""
    birth: PartialDate | None = None
    identity_number: str | None = None
    phone: str = ""
    email: str = ""
    post_id: int | None = None
    unit_id: int | None = None
    title: str = ""
    category: str = ""
    ethnic_group: str = ""
    birth_place: str = ""
    may_move: bool = False


@dataclass(frozen=True, slots=True)
class Taking:
    """What follows for one line: the outcome, whom it concerns, and the fields that change."""

    outcome: Outcome
    line: RosterLine
    person: KnownPerson | None = None
    person_changes: Mapping[str, Any] = field(default_factory=dict)
    post_changes: Mapping[str, Any] = field(default_factory=dict)


def ticks_after(
    kept: Collection[str], shown: Collection[str], ticked: Collection[str]
) -> frozenset[str]:
    """The proposals accepted once a page was sent: it speaks only of those it showed."""
    return (frozenset(kept) - frozenset(shown)) | frozenset(ticked)


def problem_of(
    kind: TakingProblemKind, severity: Severity, line_row: int, **said: Any
) -> LineProblem:
    return LineProblem(kind.value, severity.value, line_row, **said)


def names_agree(one: str, other: str) -> bool:
    """Equal apart from case and marks: enough to doubt, not enough to call it somebody else."""
    return fold(one) == fold(other)


class KnownPeople:
    """Finds the person a line means. Each known person answers for one line at most."""

    def __init__(self, people: Collection[KnownPerson]) -> None:
        self._by_number = {p.identity_number: p for p in people if p.identity_number}
        self._alike: dict[tuple[str, int | None], list[KnownPerson]] = {}
        for person in sorted(people, key=lambda person: person.pk):
            self._alike.setdefault((fold(person.full_name), person.unit_id), []).append(person)
        self._taken: set[int] = set()

    def numbered(self, number: str | None) -> KnownPerson | None:
        return self._by_number.get(number) if number else None

    def alike(self, line: RosterLine) -> list[KnownPerson]:
        """Same name and unit, not yet spoken for, and no other number than the line's."""
        return [
            person
            for person in self._alike.get((fold(line.full_name), line.unit_id), ())
            if person.pk not in self._taken
            and (not line.identity_number or person.identity_number is None)
        ]

    def take(self, person: KnownPerson) -> KnownPerson:
        self._taken.add(person.pk)
        return person


def take_line(line: RosterLine, known: KnownPeople) -> Taking:
    """Decide what becomes of a line whose proposals have been settled."""
    if line.has_errors or line.unit_id is None:
        return Taking(Outcome.REFUSED, line)
    person = known.numbered(line.identity_number)
    if person is None:
        return _take_without_number(line, known)
    if not names_agree(person.full_name, line.full_name):
        return _refused(line, TakingProblemKind.NUMBER_KNOWN_UNDER_OTHER_NAME)
    return _take_known(line, known.take(person))


def _take_without_number(line: RosterLine, known: KnownPeople) -> Taking:
    alike = known.alike(line)
    same = [person for person in alike if _births_agree(person.birth, line.birth)]
    if same:
        return _take_known(line, known.take(same[0]))
    doubtful = [person for person in alike if person.birth is None or line.birth is None]
    if doubtful:
        return _refused(line, TakingProblemKind.PERHAPS_KNOWN)
    return Taking(Outcome.ADDED, line)


def _births_agree(one: PartialDate | None, other: PartialDate | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.could_be(other)


def _refused(line: RosterLine, kind: TakingProblemKind) -> Taking:
    told = problem_of(kind, Severity.ERROR, line.row, found=line.full_name)
    return Taking(Outcome.REFUSED, line.with_problem(told))


def _take_known(line: RosterLine, person: KnownPerson) -> Taking:
    moves = person.unit_id is not None and person.unit_id != line.unit_id
    if moves and not person.may_move:  # nothing is said of somebody out of reach
        return _refused(line, TakingProblemKind.KNOWN_ELSEWHERE)
    line = line.with_problem(*_contradictions(line, person))
    person_changes = _gaps_filled(line, person)
    post_changes = {
        name: wanted
        for name, wanted in (
            ("unit_id", line.unit_id), ("title", line.title), ("category", line.category),
        )
        if wanted and wanted != getattr(person, name)
    }  # fmt: skip
    if moves:
        outcome = Outcome.MOVED
    elif person_changes or post_changes:
        outcome = Outcome.UPDATED
    else:
        outcome = Outcome.UNCHANGED
    return Taking(outcome, line, person, person_changes, post_changes)


def _contradictions(line: RosterLine, person: KnownPerson) -> list[LineProblem]:
    told = []
    if text_sort_key(person.full_name) != text_sort_key(line.full_name):
        told.append((TakingProblemKind.NAME_SPELLED_OTHERWISE, line.full_name, person.full_name))
    if person.birth and line.birth and not person.birth.could_be(line.birth):
        told.append((TakingProblemKind.KNOWN_BIRTH_DIFFERS, str(line.birth), str(person.birth)))
    if person.sex and line.sex and person.sex != line.sex:
        told.append((TakingProblemKind.KNOWN_SEX_DIFFERS, line.sex, person.sex))
    if person.ethnic_group and line.ethnic_group not in {"", person.ethnic_group}:
        found, known = name_of(line.ethnic_group), name_of(person.ethnic_group)
        told.append((TakingProblemKind.KNOWN_ETHNIC_GROUP_DIFFERS, found, known))
    if _places_differ(line.birth_place, person.birth_place):
        kind = TakingProblemKind.KNOWN_BIRTH_PLACE_DIFFERS
        told.append((kind, line.birth_place, person.birth_place))
    return [
        problem_of(kind, Severity.WARNING, line.row, found=found, proposed=known)
        for kind, found, known in told
    ]


def _places_differ(one: str, other: str) -> bool:
    return bool(one and other) and fold(one) != fold(other)


_GAPS: Final = ("sex", "identity_number", "phone", "email", "ethnic_group", "birth_place")


def _gaps_filled(line: RosterLine, person: KnownPerson) -> dict[str, Any]:
    """Only what was not known; a different value that was known stays."""
    filled: dict[str, Any] = {
        name: getattr(line, name)
        for name in _GAPS
        if getattr(line, name) and not getattr(person, name)
    }
    if line.birth and _says_more(line.birth, person.birth):
        filled["birth"] = line.birth
    return filled


def _says_more(new: PartialDate, known: PartialDate | None) -> bool:
    if known is None:
        return True
    more_precise = (new.month is not None, new.day is not None) > (
        known.month is not None,
        known.day is not None,
    )
    return more_precise and known.could_be(new)
