"""Dates of birth as old dossiers hold them: sometimes only a month, sometimes only a year."""

import calendar
import datetime as dt
import enum
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hocvu.kernel.vietnamese import fold


class Precision(enum.Enum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PartialDate:
    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Precision:
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def earliest(self) -> dt.date:
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> dt.date:
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def could_be(self, other: "PartialDate") -> bool:
        """Whether both may name the same day."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.month:02d}/{self.year:04d}"
        return f"{self.day:02d}/{self.month:02d}/{self.year:04d}"


class BirthProblem(enum.Enum):
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"  # 31/02/1970
    TWO_DIGIT_YEAR = "two_digit_year"  # 03/05/70
    YEAR_BECAME_A_DATE = "year_became_a_date"  # 1970 typed into a date cell shows 23/05/1905
    IN_FUTURE = "in_future"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class BirthReading:
    """`date` is what can be stored; `proposed` waits for a person to say yes."""

    date: PartialDate | None
    problems: tuple[BirthProblem, ...] = ()
    proposed: PartialDate | None = None


YOUNGEST: Final = 16
OLDEST: Final = 90
_SERIAL_ORIGIN: Final = dt.date(1899, 12, 30)
_FIRST_YEAR: Final = 1880
_LAST_YEAR: Final = 2199
_SERIALS: Final = range(8_000, 80_000)  # 1921 … 2119; smaller whole numbers are years
_YEARS_THAT_LOOK_LIKE_SERIALS: Final = range(1920, 2020)

_TIME_OF_DAY: Final = re.compile(r"[t ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?z?$")
_WORDS: Final = re.compile(
    r"\b(?:sinh|ngay|thang|nam|sn|dob|born)\b|\((?![^)]*\d{3})[^)]*\)|^'+|'+$"
)
_UNKNOWN_PART: Final = r"0{1,2}|[.…?_x*-]{1,4}"
_DAY_MONTH_YEAR: Final = re.compile(
    rf"(?P<day>\d{{1,2}}|{_UNKNOWN_PART}) ?[/\-. ,|\\] ?(?P<month>\d{{1,2}}|{_UNKNOWN_PART})"
    r" ?[/\-. ,|\\] ?(?P<year>\d{4}|\d{2})"
)
_YEAR_MONTH_DAY: Final = re.compile(
    r"(?P<year>\d{4}) ?[/\-. ] ?(?P<month>\d{1,2}) ?[/\-. ] ?(?P<day>\d{1,2})"
)
_MONTH_YEAR: Final = re.compile(r"(?P<month>\d{1,2}) ?[/\-. ] ?(?P<year>\d{4})")
_YEAR_MONTH: Final = re.compile(r"(?P<year>\d{4}) ?[/\-.] ?(?P<month>\d{1,2})")
_COMPACT: Final = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>(?:18|19|20)\d{2})")
_COMPACT_ISO: Final = re.compile(r"(?P<year>(?:18|19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_SHAPES: Final = (
    _DAY_MONTH_YEAR, _YEAR_MONTH_DAY, _MONTH_YEAR, _YEAR_MONTH, _COMPACT, _COMPACT_ISO,
)  # fmt: skip
_ENGLISH_MONTHS: Final = {
    name.lower(): str(number)
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_ENGLISH_MONTH: Final = re.compile(rf"\b({'|'.join(_ENGLISH_MONTHS)})[a-z]*\b")
_ENGLISH_MONTH_FIRST: Final = re.compile(
    rf"\b({'|'.join(_ENGLISH_MONTHS)})[a-z]* (\d{{1,2}})[, ]+(\d{{4}})"
)


@lru_cache(maxsize=50_000)
def read_birth_date(text: str, *, reading_on: dt.date) -> BirthReading:
    """Reads d/m/yyyy and its cousins, m/yyyy, yyyy, 00/05/1970, ISO and spreadsheet serial numbers.

    An empty text gives no date and no problem. What has two meanings is proposed, not read.
    """
    plain = _plain(text)
    if not plain:
        return BirthReading(None)
    if plain.isdecimal() and (known := _from_digits(plain)) is not None:
        return _aged(known, reading_on)
    if plain.isdecimal() and len(plain) == len("70"):
        return _from_parts({"year": plain}, reading_on)
    for shape in _SHAPES:
        if match := shape.fullmatch(plain):
            reading = _from_parts(match.groupdict(), reading_on)
            if reading.date or shape is not _COMPACT:
                return reading
    return BirthReading(None, (BirthProblem.UNREADABLE,), _year_with_a_dot(plain))


def _year_with_a_dot(plain: str) -> PartialDate | None:
    """`1.970` is 1970 in a cell that separates thousands."""
    year = re.fullmatch(r"([12])[.,](\d{3})", plain)
    likely = year and year[1] + year[2][0] in {"19", "20"}
    return PartialDate(int(year[1] + year[2])) if year and likely else None


def _plain(text: str) -> str:
    plain = _TIME_OF_DAY.sub("", fold(text)).strip(" '")
    if plain.endswith(".0") and plain[:-2].isdecimal():
        plain = plain[:-2]
    if not plain or (plain[0].isdecimal() and plain.replace("/", "").isdecimal()):
        return plain
    plain = _ENGLISH_MONTH_FIRST.sub(
        lambda found: f"{found[2]}/{_ENGLISH_MONTHS[found[1]]}/{found[3]}", plain
    )
    plain = _ENGLISH_MONTH.sub(lambda found: _ENGLISH_MONTHS[found[1]], plain)
    plain = _WORDS.sub(" ", plain).replace(":", " ")
    plain = re.sub(r" *([/\-.]) *", r"\1", " ".join(plain.split())).strip(" ,;")
    return plain.rstrip(".") if plain[:1].isdecimal() else plain


def _from_digits(plain: str) -> PartialDate | None:
    number = int(plain)
    if len(plain) == len("1970") and _FIRST_YEAR <= number <= _LAST_YEAR:
        return PartialDate(number)
    if number in _SERIALS:
        day = _SERIAL_ORIGIN + dt.timedelta(days=number)
        return PartialDate(day.year, day.month, day.day)
    return None


def _part(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and int(text) else None


def _from_parts(parts: dict[str, str | None], reading_on: dt.date) -> BirthReading:
    year, month, day = int(parts["year"] or 0), _part(parts.get("month")), _part(parts.get("day"))
    problems: tuple[BirthProblem, ...] = ()
    if len(parts["year"] or "") == len("70"):
        problems = (BirthProblem.TWO_DIGIT_YEAR,)
        year = _likely_century(year, reading_on)
    date = _possible(year, month, day)
    if date is None:
        swapped = _possible(year, day, month) if month and day else None
        return BirthReading(None, (*problems, BirthProblem.IMPOSSIBLE), swapped)
    if problems:
        return BirthReading(None, problems, date)
    return _aged(date, reading_on)


def _likely_century(year: int, reading_on: dt.date) -> int:
    this_century = reading_on.year // 100 * 100 + year
    return this_century if reading_on.year - this_century >= YOUNGEST else this_century - 100


def _possible(year: int, month: int | None, day: int | None) -> PartialDate | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(year, month, day if month else None)


def _age(born: dt.date, reading_on: dt.date) -> int:
    before_birthday = (reading_on.month, reading_on.day) < (born.month, born.day)
    return reading_on.year - born.year - before_birthday


def _aged(date: PartialDate, reading_on: dt.date) -> BirthReading:
    if date.earliest > reading_on:
        return BirthReading(date, (BirthProblem.IN_FUTURE,))
    if _age(date.earliest, reading_on) < YOUNGEST:
        return BirthReading(date, (BirthProblem.TOO_YOUNG,))
    serial = (date.earliest - _SERIAL_ORIGIN).days
    if date.precision is Precision.DAY and serial in _YEARS_THAT_LOOK_LIKE_SERIALS:
        return BirthReading(None, (BirthProblem.YEAR_BECAME_A_DATE,), PartialDate(serial))
    if _age(date.latest, reading_on) > OLDEST:
        return BirthReading(date, (BirthProblem.TOO_OLD,))
    return BirthReading(date)
