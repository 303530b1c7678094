"""What does not fit about a workbook of answer sheets, in words, each with what to do."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.exams.rules.paper_answers import AnswerTrouble
from hocvu.exams.rules.sheet_rows import FileDoesNotFit, FileTrouble, RowTrouble, Trouble

_ROWS: Final[dict[str, Promise]] = {
    RowTrouble.UNKNOWN_LEARNER: gettext_lazy(
        "No learner of this class has the code “%(about)s”. Copy it from the workbook."
    ),
    RowTrouble.ANOTHER_NAME: gettext_lazy(
        "The code belongs to %(about)s. Put the right code beside the name."
    ),
    RowTrouble.NOT_YOURS: gettext_lazy(
        "This learner is not of your room or bridge point, or it is yourself. Take the row out."
    ),
    RowTrouble.TWICE: gettext_lazy("This learner stands in the file twice. Keep one row."),
    RowTrouble.TIME_UNREADABLE: gettext_lazy(
        "“%(about)s” is no time. Write day, month, year, hour and minute: 22/11/2026 08:05."
    ),
    RowTrouble.BEFORE_IT_OPENED: gettext_lazy("Started before the test opened. Correct the time."),
    RowTrouble.AFTER_IT_CLOSED: gettext_lazy("Started when the test had closed. Correct the time."),
    RowTrouble.HANDED_IN_FIRST: gettext_lazy("Handed in before it was started. Correct the times."),
    RowTrouble.TOO_LATE: gettext_lazy("Handed in after the time of the test. Correct the time."),
    RowTrouble.IN_THE_FUTURE: gettext_lazy(
        "Handed in later than now. Correct the time, or upload the file after the test."
    ),
    RowTrouble.HAS_AN_ATTEMPT: gettext_lazy(
        "This learner has an attempt at this test already. Take the row out."
    ),
    RowTrouble.OTHER_ANSWERS: gettext_lazy(
        "A sheet of this learner has been brought in already, with other answers. Take the row out."
    ),
}
_ANSWERS: Final[dict[str, Promise]] = {
    AnswerTrouble.UNKNOWN_LETTER: gettext_lazy("Question %(question)s has no choice “%(about)s”."),
    AnswerTrouble.ONE_LETTER: gettext_lazy(
        "Question %(question)s takes one letter, not “%(about)s”."
    ),
    AnswerTrouble.LETTER_TWICE: gettext_lazy(
        "Question %(question)s: the letter %(about)s stands there twice."
    ),
    AnswerTrouble.NOT_NUMBERED: gettext_lazy(
        "Question %(question)s: “%(about)s” cannot be read. Write number and answer, as 1B 2A."
    ),
    AnswerTrouble.UNKNOWN_NUMBER: gettext_lazy("Question %(question)s has no line %(about)s."),
    AnswerTrouble.NUMBER_TWICE: gettext_lazy(
        "Question %(question)s: line %(about)s stands there twice."
    ),
    AnswerTrouble.NOT_A_NUMBER: gettext_lazy("Question %(question)s: “%(about)s” is no number."),
    AnswerTrouble.TOO_LONG: gettext_lazy("Question %(question)s: the text is too long."),
    AnswerTrouble.NOT_TEXT: gettext_lazy(
        "Question %(question)s: the text holds signs that are no text."
    ),
    AnswerTrouble.NOT_ON_PAPER: gettext_lazy(
        "Question %(question)s asks for a file, so it cannot be answered on paper. Leave it empty."
    ),
}
_FILES: Final[dict[FileTrouble, tuple[Promise, Promise]]] = {
    FileTrouble.NOT_THIS_WORKBOOK: (
        gettext_lazy("The file has no heading for learner codes and questions."),
        gettext_lazy("Please download the workbook from this page and enter the answers there."),
    ),
    FileTrouble.LETTERS_LOST: (
        gettext_lazy("Vietnamese letters were lost when the file was saved as CSV."),
        gettext_lazy("Please save it as .xlsx, or as “CSV UTF-8”, and upload it again."),
    ),
    FileTrouble.CODE_IS_GONE: (
        gettext_lazy("The first row with the code of the test is gone."),
        gettext_lazy("Please copy the first row back from the workbook you downloaded."),
    ),
    FileTrouble.ANOTHER_SITTING: (
        gettext_lazy("This file belongs to another test: its code is %(about)s."),
        gettext_lazy("Please upload it on the page of that test, or choose the right file."),
    ),
    FileTrouble.SEVERAL_SHEETS: (
        gettext_lazy("Several sheets of this workbook hold answers: %(about)s."),
        gettext_lazy("Please put all rows into one sheet, or upload each sheet as its own file."),
    ),
    FileTrouble.QUESTIONS_MISSING: (
        gettext_lazy("The file has no column for these questions: %(about)s."),
        gettext_lazy("Please put the columns back as they were in the workbook."),
    ),
    FileTrouble.COLUMN_TWICE: (
        gettext_lazy("A column stands in the file twice: %(about)s."),
        gettext_lazy("Please take out one of the two."),
    ),
    FileTrouble.COLUMN_MISSING: (
        gettext_lazy("A column for the time is missing: when it was started or handed in."),
        gettext_lazy("Please put the columns back as they were in the workbook."),
    ),
    FileTrouble.NOTHING_ENTERED: (
        gettext_lazy("No row holds an answer."),
        gettext_lazy("Please enter the answers and save the file before you upload it."),
    ),
}


def told(trouble: Trouble) -> str:
    values = {"about": trouble.about, "question": trouble.question}
    if trouble.question:
        return str(_ANSWERS[trouble.kind]) % values
    if trouble.kind == RowTrouble.TIME_UNREADABLE and not trouble.about:
        return _("A time is missing. Write day, month, year, hour and minute: 22/11/2026 08:05.")
    return str(_ROWS[trouble.kind]) % values


def told_of_file(unfit: FileDoesNotFit) -> tuple[str, str]:
    sentence, next_step = _FILES[unfit.trouble]
    return str(sentence) % {"about": unfit.about}, str(next_step)
