"""One person of a roster."""

from dataclasses import dataclass

from hocvu.people.rules.birth_date import (
    PartialDate,
)
from hocvu.people.rules.persons import PersonCategory, Sex
from hocvu.people.rules.roster_problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person. `row_number` as the spreadsheet counts; empty text and None where nothing stands.

    `identity_number` has twelve digits or is None; `ethnic_group` is the code of one of the 54.
    What ends in `_proposed` waits for a person's yes.
    """

    row_number: int
    full_name: str
    birth: PartialDate | None = None
    sex: Sex | None = None
    identity_number: str | None = None
    identity_proposed: str | None = None
    birth_proposed: PartialDate | None = None
    post_title: str = ""
    unit_text: str = ""
    commune_text: str = ""
    province_text: str = ""
    category: PersonCategory | None = None
    ethnic_group: str = ""
    ethnic_group_proposed: str = ""
    birth_place: str = ""
    phone: str = ""
    email: str = ""
    started_on: PartialDate | None = None
    note: str = ""
    group_text: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def can_be_taken(self) -> bool:
        return all(problem.severity is not Severity.ERROR for problem in self.problems)
