"""What is wrong with a question or a file of them, in words, and what to do next."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.items.content import Item, Scoring
from hocvu.items.marking import FlawKind, ItemFlaw
from hocvu.question_files import FileProblem, Problem, Severity
from hocvu.questions.rules.places import TargetGroup
from hocvu.questions.rules.states import QuestionState

STATE_WORDS: Final = {
    QuestionState.DRAFT: gettext_lazy("draft"),
    QuestionState.IN_REVIEW: gettext_lazy("in review"),
    QuestionState.REVIEWED: gettext_lazy("reviewed"),
    QuestionState.IN_USE: gettext_lazy("in use"),
    QuestionState.RETIRED: gettext_lazy("retired"),
}
STATE_TONES: Final = {
    QuestionState.DRAFT: "quiet",
    QuestionState.IN_REVIEW: "act",
    QuestionState.REVIEWED: "act",
    QuestionState.IN_USE: "good",
    QuestionState.RETIRED: "quiet",
}
GROUP_WORDS: Final = {
    TargetGroup.PUBLIC_PERSONNEL.value: gettext_lazy("public personnel"),
    TargetGroup.COMMUNE_OFFICIALS.value: gettext_lazy("commune officials"),
    TargetGroup.LEADERS.value: gettext_lazy("leaders"),
    TargetGroup.COMMUNE_LEADERS.value: gettext_lazy("commune leaders"),
    TargetGroup.CITIZENS.value: gettext_lazy("citizens"),
}
SCORING_WORDS: Final = {
    Scoring.RIGHT_MINUS_WRONG: gettext_lazy("right minus wrong, not below 0"),
    Scoring.BY_CREDIT: gettext_lazy("by the share of what was chosen"),
    Scoring.EACH_PART: gettext_lazy("each part counts"),
    Scoring.ALL_OR_NOTHING: gettext_lazy("all or nothing"),
    Scoring.STEPPED: gettext_lazy("in steps: 1, 2, 3, 4 right earn 10, 25, 50, 100 %"),
}


def group_in_words(group: str) -> str:
    return str(GROUP_WORDS.get(group, group))


# --- What is wrong with a question -------------------------------------------------------------

_FLAWS: Final[Mapping[FlawKind, Any]] = {
    FlawKind.NO_STEM: gettext_lazy("The question itself is empty."),
    FlawKind.NO_SITUATION: gettext_lazy("The situation is empty."),
    FlawKind.NO_POINTS: gettext_lazy("The points must be more than 0."),
    FlawKind.IDS_UNFIT: gettext_lazy("The name %(where)s stands twice or has other signs."),
    FlawKind.TOO_FEW_OPTIONS: gettext_lazy("At least two options are needed."),
    FlawKind.OPTION_EMPTY: gettext_lazy("Option %(where)s is empty."),
    FlawKind.OPTIONS_REPEAT: gettext_lazy("Option %(where)s stands twice."),
    FlawKind.NOTHING_IS_RIGHT: gettext_lazy("No option is marked as right."),
    FlawKind.MORE_THAN_ONE_IS_RIGHT: gettext_lazy("More than one option is marked as right."),
    FlawKind.NOTHING_IS_WRONG: gettext_lazy("Every option is right, so there is no choice."),
    FlawKind.FULL_POINTS_OUT_OF_REACH: gettext_lazy("No answer earns all points."),
    FlawKind.PICTURE_MISSING: gettext_lazy("Option %(where)s has no picture."),
    FlawKind.PICTURE_NOT_DESCRIBED: gettext_lazy(
        "The picture of option %(where)s is not described for people who cannot see it."
    ),
    FlawKind.NO_PARTS: gettext_lazy("There is nothing to answer yet: add a line or a gap."),
    FlawKind.PART_EMPTY: gettext_lazy("Line %(where)s is empty."),
    FlawKind.PART_WITHOUT_KEY: gettext_lazy("Line %(where)s has no right answer."),
    FlawKind.KEY_IS_NO_NUMBER: gettext_lazy("An accepted answer of line %(where)s is no number."),
    FlawKind.WEIGHT_UNFIT: gettext_lazy("The weight of line %(where)s must be more than 0."),
    FlawKind.GAP_WITHOUT_PART: gettext_lazy("Gap [[%(where)s]] has no accepted answers."),
    FlawKind.PART_WITHOUT_GAP: gettext_lazy("The text does not contain the gap [[%(where)s]]."),
    FlawKind.RUBRIC_UNFIT: gettext_lazy(
        "The rubric is not complete: each line needs words and points, together as many points"
        " as the question has."
    ),
    FlawKind.WORDS_UNFIT: gettext_lazy("The limits of words do not fit together."),
    FlawKind.SCORING_UNFIT: gettext_lazy("This way of scoring does not fit this kind of question."),
}


def sentence_of_flaw(flaw: ItemFlaw, item: Item) -> str:
    """With the letter or number by which the page names an option or a line."""
    return str(_FLAWS[flaw.kind]) % {"where": place_in_words(flaw.where, item)}


def place_in_words(where: str, item: Item) -> str:
    """`B` for the second option, `2` for the second part; anything else as it is named."""
    for at, option in enumerate(item.options):
        if option.id == where:
            return letter(at)
    for at, part in enumerate(item.parts, start=1):
        if part.id == where:
            return part.id if f"[[{part.id}]]" in item.stem else str(at)
    return where


def letter(at: int) -> str:
    """A, B, … Z, AA, AB, … for the option at this place, counted from 0."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


# --- What is wrong in a file -------------------------------------------------------------------

PROBLEM_SENTENCES: Final[Mapping[Problem, Any]] = {
    Problem.UNKNOWN_KIND: gettext_lazy(
        "This kind of question is not known here%(about)s. Please write it anew as another kind."
    ),
    Problem.NO_STEM: gettext_lazy("The question itself is empty. Please write it in the file."),
    Problem.NO_OPTIONS: gettext_lazy(
        "Fewer than two options were found. Please put each option on a line of its own."
    ),
    Problem.NO_KEY: gettext_lazy(
        "No right answer is marked%(about)s. Please mark it in the file, or here after importing."
    ),
    Problem.TOO_MANY_KEYS: gettext_lazy(
        "More than one right answer is marked%(about)s. Please check which one is meant."
    ),
    Problem.OPTION_REPEATS: gettext_lazy("An option stands twice%(about)s. Please change one."),
    Problem.SYNTAX: gettext_lazy(
        "This place could not be understood%(about)s. Please compare it with the other questions."
    ),
    Problem.MEDIA_MISSING: gettext_lazy(
        "A picture is not in the file%(about)s. Please add it to the question after importing."
    ),
    Problem.MEDIA_UNFIT: gettext_lazy(
        "A picture is of a kind that is not shown%(about)s. Please save it as PNG or JPEG."
    ),
    Problem.SCRIPT_REMOVED: gettext_lazy(
        "A script stood in the text and was removed%(about)s. Please check the text that is left."
    ),
    Problem.FEATURE_LOST: gettext_lazy(
        "Something cannot be kept here%(about)s. Please check the question before it is used."
    ),
    Problem.TEXT_TOO_LONG: gettext_lazy("A text is too long%(about)s. Please shorten it."),
    Problem.REPEATED: gettext_lazy("The same question stands in this file before%(about)s."),
    Problem.CREDIT_ODD: gettext_lazy(
        "The shares of the points do not add up%(about)s. Please check them."
    ),
    Problem.GUESSED_KEY: gettext_lazy(
        "The right answer was guessed from how it is written%(about)s. Please check it."
    ),
    Problem.NOT_A_QUESTION: gettext_lazy("There is nothing to answer here%(about)s; left out."),
}
SEVERITY_TONES: Final = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "quiet"}

_SAVE_AS_UTF8 = gettext_lazy(
    "Please open it in Notepad, choose “Save as” with the encoding UTF-8, and upload it again."
)
_EXPORT_AGAIN = gettext_lazy("Please export it once more from where it comes, and upload that.")
FILE_SENTENCES: Final[Mapping[FileProblem, tuple[Any, Any]]] = {
    FileProblem.TOO_LARGE: (
        gettext_lazy("The file is too large, or unpacks to far more than questions can hold."),
        gettext_lazy("Please divide it, or leave out large pictures, and upload the parts."),
    ),
    FileProblem.NOT_TEXT: (
        gettext_lazy("The file is neither text nor a kind of file that holds questions."),
        gettext_lazy(
            "Please choose a Word file, a spreadsheet, text or Markdown, GIFT, Aiken, Moodle XML"
            " or QTI."
        ),
    ),
    FileProblem.LEGACY_ENCODING: (
        gettext_lazy("The file is written in an old encoding%(about)s and cannot be read safely."),
        _SAVE_AS_UTF8,
    ),
    FileProblem.BAD_XML: (
        gettext_lazy("The file is damaged: its XML breaks off or does not close%(about)s."),
        _EXPORT_AGAIN,
    ),
    FileProblem.FORBIDDEN_XML: (
        gettext_lazy("The file declares entities or asks for other files, which is not safe."),
        gettext_lazy("Nothing of it was read. Please ask whoever sent it for an ordinary export."),
    ),
    FileProblem.BAD_ARCHIVE: (
        gettext_lazy("The file is an archive that cannot be opened safely%(about)s."),
        _EXPORT_AGAIN,
    ),
    FileProblem.UNKNOWN_FORMAT: (
        gettext_lazy("No kind of question file was recognised."),
        gettext_lazy(
            "Please choose a Word file, a spreadsheet, text or Markdown, GIFT, Aiken, Moodle XML"
            " or QTI."
        ),
    ),
    FileProblem.COURSE_BACKUP: (
        gettext_lazy("The file is a backup of a whole course, not a file of questions."),
        gettext_lazy("Please export the question bank there as Moodle XML, and upload that."),
    ),
    FileProblem.NOTHING_ASKED: (
        gettext_lazy("The file holds no question that can be answered: only texts, or a list."),
        gettext_lazy(
            "Please upload the whole package (.zip) that holds the questions, or another file."
        ),
    ),
    FileProblem.EMPTY: (
        gettext_lazy("The file holds nothing."),
        gettext_lazy("Please check that the right file was chosen and upload it again."),
    ),
}


def sentence_of_problem(problem: Problem, about: str) -> str:
    return str(PROBLEM_SENTENCES[problem]) % {"about": _about(about)}


def sentence_of_file_problem(problem: FileProblem, about: str) -> tuple[str, str]:
    """What is wrong with the file as a whole, and the next step."""
    sentence, next_step = FILE_SENTENCES[problem]
    return str(sentence) % {"about": _about(about)}, str(next_step)


def _about(about: str) -> str:
    return _(" (%(about)s)") % {"about": about} if about else ""
