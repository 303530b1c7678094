"""One line of a roster, read into a person and everything that is wrong with the line."""

from collections.abc import Iterable
from typing import Final

from hocvu.people.rules.birth_date import (
    BirthProblem,
    BirthReading,
    PartialDate,
    read_birth_date,
)
from hocvu.people.rules.ethnic_groups import read_ethnic_group
from hocvu.people.rules.identity import IdentityCheck, IdentityProblem, check_identity_number
from hocvu.people.rules.persons import PersonCategory, Sex
from hocvu.people.rules.places import read_place
from hocvu.people.rules.roster_cells import (
    category_in,
    is_likely_name,
    is_mark,
    read_email,
    read_name,
    read_phone,
    read_sex,
    split_post_and_unit,
)
from hocvu.people.rules.roster_headings import BIRTHS, Field
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_row import RosterRow
from hocvu.people.rules.roster_row_cells import RowCells, clean
from hocvu.spreadsheets import CellKind

ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING
_NAME_PARTS: Final = (
    Field.FULL_NAME, Field.FAMILY_NAMES, Field.MIDDLE_NAMES, Field.GIVEN_NAME,
)  # fmt: skip


class PersonReader(RowCells):
    """Reads single lines of one table into people."""

    def person(self, at: int) -> RosterRow:
        problems: list[Problem] = list(self._cell_problems(at))
        name = self._name(at, problems)
        sex = self._sex(at, problems)
        birth = self._birth(at, problems)
        sex = self._sex_from_birth_columns(at, sex, problems)
        born = birth.date or birth.proposed
        number, proposed = self._identity(at, sex, born, problems)
        post, unit_beside_post = self._post(at)
        ethnic_group, ethnic_group_proposed = self._ethnic_group(at, problems)
        return RosterRow(
            row_number=at + 1,
            full_name=name,
            birth=birth.date,
            birth_proposed=None if birth.date else birth.proposed,
            sex=sex,
            identity_number=number,
            identity_proposed=proposed,
            post_title=post,
            unit_text=self._unit(at, unit_beside_post, problems),
            commune_text=self._spread_text(at, Field.COMMUNE),
            province_text=self._spread_text(at, Field.PROVINCE),
            category=self._category(at, problems),
            ethnic_group=ethnic_group,
            ethnic_group_proposed=ethnic_group_proposed,
            birth_place=self._birth_place(at, problems),
            phone=self._phone(at, problems),
            email=self._email(at, problems),
            started_on=self._started_on(at, problems),
            note=self._text(at, Field.NOTE),
            group_text=_joined(reversed([group.text for group in self.around.groups])),
            problems=tuple(problems),
        )

    def _name(self, at: int, problems: list[Problem]) -> str:
        fields = _NAME_PARTS
        written = " ".join(text for one in fields if (text := self._text(at, one)))
        name, honorific = read_name(written)
        if not any(sign.isalpha() for sign in name):
            problems.append(self._tell(at, ProblemKind.NAME_MISSING, ERROR, fields))
        elif not is_likely_name(name):
            problems.append(
                self._tell(at, ProblemKind.NAME_UNLIKELY, WARNING, fields, found=written)
            )
        if honorific:
            problems.append(
                self._tell(
                    at, ProblemKind.HONORIFIC_LEFT_OUT, WARNING, fields,
                    found=written, proposed=name,
                )
            )  # fmt: skip
        return name

    def _sex(self, at: int, problems: list[Problem]) -> Sex | None:
        if text := self._text(at, Field.SEX):
            sex = read_sex(text)
            only_women_marked = "nữ" in self._at[Field.SEX].heading.lower() and is_mark(text)
            if sex is None and not only_women_marked:
                problems.append(
                    self._tell(at, ProblemKind.SEX_UNREADABLE, WARNING, (Field.SEX,), found=text)
                )
            return sex
        fields = (Field.MALE_MARK, Field.FEMALE_MARK)
        male, female = (self._text(at, one) for one in fields)
        if male and female:
            problems.append(
                self._tell(at, ProblemKind.SEX_CONTRADICTORY, WARNING, fields,
                           found=f"{male} | {female}")
            )  # fmt: skip
            return None
        if female and Field.FEMALE_MARK in self._at:
            return Sex.FEMALE
        if male or (Field.FEMALE_MARK in self._at and Field.MALE_MARK not in self._at):
            return Sex.MALE
        return None

    def _sex_from_birth_columns(
        self, at: int, sex: Sex | None, problems: list[Problem]
    ) -> Sex | None:
        fields = (Field.BIRTH_IF_MALE, Field.BIRTH_IF_FEMALE)
        male, female = (self._text(at, one) for one in fields)
        if not (male or female):
            return sex
        if male and female:
            problems.append(
                self._tell(at, ProblemKind.SEX_CONTRADICTORY, WARNING, fields,
                           found=f"{male} | {female}")
            )  # fmt: skip
            return sex
        told = Sex.MALE if male else Sex.FEMALE
        if sex is not None and sex is not told:
            problems.append(
                self._tell(at, ProblemKind.SEX_CONTRADICTORY, WARNING, (Field.SEX, *fields),
                           found=self._text(at, Field.SEX))
            )  # fmt: skip
            return None
        return told

    def _birth_text(self, at: int) -> tuple[str, tuple[Field, ...]]:
        parts = [self._text(at, one) for one in (Field.BIRTH_DAY, Field.BIRTH_MONTH)]
        if year := self._text(at, Field.BIRTH_YEAR):
            day, month = parts
            return (f"{day or 0}/{month}/{year}" if month else year), (Field.BIRTH_YEAR,)
        for one in (Field.BIRTH, Field.BIRTH_IF_MALE, Field.BIRTH_IF_FEMALE):
            text = self._text(at, one)
            if text and not (one is not Field.BIRTH and is_mark(text)):
                return text, (one,)
        return "", BIRTHS

    def _birth(self, at: int, problems: list[Problem]) -> BirthReading:
        text, fields = self._birth_text(at)
        if not text:
            if self.header.has(*BIRTHS):
                problems.append(self._tell(at, ProblemKind.BIRTH_MISSING, WARNING, fields))
            return BirthReading(None)
        reading = read_birth_date(text, reading_on=self.reading_on)
        for problem in reading.problems:
            kind, severity = _BIRTH_PROBLEMS[problem]
            proposed = str(reading.proposed) if reading.proposed else ""
            problems.append(self._tell(at, kind, severity, fields, found=text, proposed=proposed))
        return reading

    def _identity(
        self, at: int, sex: Sex | None, birth: PartialDate | None, problems: list[Problem]
    ) -> tuple[str | None, str | None]:
        fields = (Field.IDENTITY,)
        text = self._text(at, Field.IDENTITY)
        if Field.IDENTITY not in self._at:
            return None, None
        check = check_identity_number(text, sex=sex, birth=birth)
        if check == IdentityCheck(None):
            problems.append(self._tell(at, ProblemKind.IDENTITY_MISSING, WARNING, fields))
        proposed = check.proposals[0] if check.proposals else None
        for problem in check.problems:
            kind, severity = _IDENTITY_PROBLEMS[problem]
            problems.append(
                self._tell(at, kind, severity, fields, found=text, proposed=proposed or "")
            )
        return check.number, proposed

    def _post(self, at: int) -> tuple[str, str]:
        post = self._text(at, Field.POST_TITLE, Field.JOB_TITLE)
        both = self._text(at, Field.POST_AND_UNIT)
        if not both:
            return post or self._text(at, Field.PARTY_TITLE), ""
        own, unit = split_post_and_unit(both)
        return post or own, unit

    def _unit(self, at: int, unit_beside_post: str, problems: list[Problem]) -> str:
        department, unit = (self._spread_text(at, one) for one in (Field.DEPARTMENT, Field.UNIT))
        text = _joined([department, unit or unit_beside_post])
        if text:
            return text
        if Field.UNIT in self._at and (last := self.around.above.get(Field.UNIT)):
            problems.append(
                self._tell(at, ProblemKind.UNIT_TAKEN_FROM_ABOVE, WARNING, (Field.UNIT,),
                           proposed=last)
            )  # fmt: skip
            return last
        return _joined(reversed([group.text for group in self.around.groups]))

    def _category(self, at: int, problems: list[Problem]) -> PersonCategory | None:
        marked = [c.category for c in self._categories if self.grid.rows[at][c.index].text.strip()]
        if marked:
            if len(set(marked)) == 1:
                return marked[0]
            problems.append(
                Problem(ProblemKind.CATEGORY_UNCLEAR, WARNING, at + 1, self._categories[0].letter)
            )
            return None
        text = self._spread_text(at, Field.CATEGORY)
        if not text:
            return self.around.category
        category = category_in(text)
        if category is None:
            problems.append(
                self._tell(at, ProblemKind.CATEGORY_UNCLEAR, WARNING, (Field.CATEGORY,), found=text)
            )
        return category

    def _ethnic_group(self, at: int, problems: list[Problem]) -> tuple[str, str]:
        """The code read and the code proposed; what is written and not understood is told."""
        text = self._text(at, Field.ETHNIC_GROUP)
        reading = read_ethnic_group(text)
        if reading.is_unclear:
            kind, proposed = ProblemKind.ETHNIC_GROUP_UNCLEAR, reading.proposed
            name = proposed.name if proposed else ""
            fields = (Field.ETHNIC_GROUP,)
            problems.append(self._tell(at, kind, WARNING, fields, found=text, proposed=name))
            return "", proposed.code if proposed else ""
        return (reading.group.code if reading.group else ""), ""

    def _birth_place(self, at: int, problems: list[Problem]) -> str:
        """As it is written; over several columns from the smaller place to the larger."""
        if not self._birth_places:
            return ""
        cells = [self.grid.rows[at][column.index] for column in self._birth_places]
        parts = [clean(cell.text) for cell in cells if cell.kind is not CellKind.ERROR]
        text = ", ".join(filter(None, parts))
        place = read_place(text)
        if place is None:
            kind, fields = ProblemKind.BIRTH_PLACE_UNCLEAR, (Field.BIRTH_PLACE,)
            problems.append(self._tell(at, kind, WARNING, fields, found=text))
        return place or ""

    def _phone(self, at: int, problems: list[Problem]) -> str:
        text = self._text(at, Field.PHONE)
        if not text:
            return ""
        phone, zero_lost = read_phone(text)
        if zero_lost or not phone:
            kind = ProblemKind.PHONE_ZERO_LOST if zero_lost else ProblemKind.PHONE_UNREADABLE
            problems.append(
                self._tell(at, kind, WARNING, (Field.PHONE,), found=text, proposed=phone)
            )
        return phone

    def _email(self, at: int, problems: list[Problem]) -> str:
        text = self._text(at, Field.EMAIL)
        email = read_email(text) if text else ""
        if text and not email:
            problems.append(
                self._tell(at, ProblemKind.EMAIL_UNREADABLE, WARNING, (Field.EMAIL,), found=text)
            )
        return email

    def _started_on(self, at: int, problems: list[Problem]) -> PartialDate | None:
        text = self._text(at, Field.STARTED_ON)
        if not text:
            return None
        reading = read_birth_date(text, reading_on=self.reading_on)
        if reading.date is None:
            problems.append(
                self._tell(
                    at, ProblemKind.START_DATE_UNREADABLE, WARNING, (Field.STARTED_ON,),
                    found=text, proposed=str(reading.proposed or ""),
                )
            )  # fmt: skip
        return reading.date


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(text for text in texts if text)


_BIRTH_PROBLEMS: Final = {
    BirthProblem.UNREADABLE: (ProblemKind.BIRTH_UNREADABLE, ERROR),
    BirthProblem.IMPOSSIBLE: (ProblemKind.BIRTH_IMPOSSIBLE, ERROR),
    BirthProblem.TWO_DIGIT_YEAR: (ProblemKind.BIRTH_TWO_DIGIT_YEAR, WARNING),
    BirthProblem.YEAR_BECAME_A_DATE: (ProblemKind.BIRTH_YEAR_BECAME_A_DATE, WARNING),
    BirthProblem.IN_FUTURE: (ProblemKind.BIRTH_IN_FUTURE, ERROR),
    BirthProblem.TOO_YOUNG: (ProblemKind.TOO_YOUNG, WARNING),
    BirthProblem.TOO_OLD: (ProblemKind.TOO_OLD, WARNING),
}
_IDENTITY_PROBLEMS: Final = {
    IdentityProblem.NOT_A_NUMBER: (ProblemKind.IDENTITY_NOT_A_NUMBER, ERROR),
    IdentityProblem.WRONG_LENGTH: (ProblemKind.IDENTITY_WRONG_LENGTH, ERROR),
    IdentityProblem.ZEROS_LOST: (ProblemKind.IDENTITY_ZEROS_LOST, WARNING),
    IdentityProblem.DIGITS_LOST: (ProblemKind.IDENTITY_DIGITS_LOST, ERROR),
    IdentityProblem.OLD_IDENTITY_CARD: (ProblemKind.IDENTITY_OLD_CARD, WARNING),
    IdentityProblem.UNKNOWN_PROVINCE: (ProblemKind.IDENTITY_UNKNOWN_PROVINCE, WARNING),
    IdentityProblem.UNKNOWN_CENTURY: (ProblemKind.IDENTITY_UNKNOWN_CENTURY, WARNING),
    IdentityProblem.SEX_DISAGREES: (ProblemKind.IDENTITY_SEX_DISAGREES, WARNING),
    IdentityProblem.BIRTH_YEAR_DISAGREES: (ProblemKind.IDENTITY_BIRTH_YEAR_DISAGREES, WARNING),
}
