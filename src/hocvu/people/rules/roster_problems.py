"""Everything that can be wrong with a roster; the sentence belongs to the page that shows it."""

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    ERROR = "error"  # the row, or the file, cannot be taken as it is
    WARNING = "warning"  # it can be taken; somebody should look


class ProblemKind(enum.Enum):
    # the file
    HEADER_NOT_FOUND = "header_not_found"
    COLUMN_MISSING = "column_missing"
    NO_PEOPLE = "no_people"
    LEGACY_FONT = "legacy_font"
    LINE_LEFT_OUT = "line_left_out"  # a lone name without a number: a person, or a signature?
    COUNT_DIFFERS = "count_differs"
    COLUMNS_LEFT_OUT = "columns_left_out"  # filled, and their headings say nothing we know
    HIDDEN_ROWS_READ = "hidden_rows_read"
    HIDDEN_SHEETS_LEFT_OUT = "hidden_sheets_left_out"
    SHEETS_WITHOUT_LIST = "sheets_without_list"
    # a cell
    FORMULA_VALUE_READ = "formula_value_read"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    CELL_ERROR = "cell_error"
    # the person
    NAME_MISSING = "name_missing"
    NAME_UNLIKELY = "name_unlikely"
    HONORIFIC_LEFT_OUT = "honorific_left_out"
    SEX_UNREADABLE = "sex_unreadable"
    SEX_CONTRADICTORY = "sex_contradictory"
    BIRTH_MISSING = "birth_missing"
    BIRTH_UNREADABLE = "birth_unreadable"
    BIRTH_IMPOSSIBLE = "birth_impossible"
    BIRTH_TWO_DIGIT_YEAR = "birth_two_digit_year"
    BIRTH_YEAR_BECAME_A_DATE = "birth_year_became_a_date"
    BIRTH_MONTH_FIRST = "birth_month_first"  # 05/03 beside 12/25
    BIRTH_PERHAPS_SWAPPED = "birth_perhaps_swapped"  # by the program it was typed into
    BIRTH_IN_FUTURE = "birth_in_future"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    START_DATE_UNREADABLE = "start_date_unreadable"
    IDENTITY_MISSING = "identity_missing"
    IDENTITY_NOT_A_NUMBER = "identity_not_a_number"
    IDENTITY_WRONG_LENGTH = "identity_wrong_length"
    IDENTITY_ZEROS_LOST = "identity_zeros_lost"
    IDENTITY_DIGITS_LOST = "identity_digits_lost"
    IDENTITY_OLD_CARD = "identity_old_card"
    IDENTITY_UNKNOWN_PROVINCE = "identity_unknown_province"
    IDENTITY_UNKNOWN_CENTURY = "identity_unknown_century"
    IDENTITY_SEX_DISAGREES = "identity_sex_disagrees"
    IDENTITY_BIRTH_YEAR_DISAGREES = "identity_birth_year_disagrees"
    ETHNIC_GROUP_UNCLEAR = "ethnic_group_unclear"
    BIRTH_PLACE_UNCLEAR = "birth_place_unclear"
    CATEGORY_UNCLEAR = "category_unclear"
    UNIT_TAKEN_FROM_ABOVE = "unit_taken_from_above"
    UNIT_TAKEN_FROM_SHEET = "unit_taken_from_sheet"
    PHONE_ZERO_LOST = "phone_zero_lost"
    PHONE_UNREADABLE = "phone_unreadable"
    EMAIL_UNREADABLE = "email_unreadable"
    # the person and another row
    LISTED_TWICE = "listed_twice"
    NUMBER_OF_ANOTHER = "number_of_another"
    SAME_NAME_AND_BIRTH = "same_name_and_birth"


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` as the spreadsheet counts it, from 1; 0 and no letter where the whole file is meant."""

    kind: ProblemKind
    severity: Severity
    row: int = 0
    column_letter: str = ""
    found: str = ""
    proposed: str = ""
    other_row: int | None = None
