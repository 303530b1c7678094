"""What was found in a file: its questions, and what there is to say about them and about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hocvu.items.content import Item, Media


class Severity(StrEnum):
    ERROR = "error"  # the question was left out
    WARNING = "warning"  # taken, but something of it is lost or was guessed
    NOTE = "note"


class Problem(StrEnum):
    """What can be wrong with a question of a file. The sentence for each stands in `questions`."""

    UNKNOWN_KIND = "unknown_kind"
    NO_STEM = "no_stem"
    NO_OPTIONS = "no_options"
    NO_KEY = "no_key"
    TOO_MANY_KEYS = "too_many_keys"
    OPTION_REPEATS = "option_repeats"
    SYNTAX = "syntax"
    MEDIA_MISSING = "media_missing"
    MEDIA_UNFIT = "media_unfit"
    SCRIPT_REMOVED = "script_removed"
    FEATURE_LOST = "feature_lost"
    TEXT_TOO_LONG = "text_too_long"
    REPEATED = "repeated"
    CREDIT_ODD = "credit_odd"
    GUESSED_KEY = "guessed_key"
    NOT_A_QUESTION = "not_a_question"  # a category, a description, a heading: nothing to answer


@dataclass(frozen=True)
class Diagnostic:
    """Something to say about one question of a file. Lines and numbers count from 1; 0: unknown."""

    number: int
    line: int
    severity: Severity
    code: Problem
    about: str = ""  # a word or two from the file, never the whole text


class FileProblem(StrEnum):
    """Why a file as a whole cannot be read."""

    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    LEGACY_ENCODING = "legacy_encoding"  # not UTF-8; `Found.encoding` says what it seems to be
    BAD_XML = "bad_xml"
    FORBIDDEN_XML = "forbidden_xml"  # a DTD, an entity, an outside reference
    BAD_ARCHIVE = "bad_archive"
    UNKNOWN_FORMAT = "unknown_format"
    COURSE_BACKUP = "course_backup"  # a whole course, not its questions
    EMPTY = "empty"
    NOTHING_ASKED = "nothing_asked"  # descriptions, headings, or a test whose items are elsewhere


@dataclass(frozen=True)
class FoundItem:
    """A question found in a file, its place there, and what there is to say about it."""

    number: int
    line: int
    item: Item


@dataclass(frozen=True)
class Reading:
    """Everything read from a file. A file that cannot be read has `problem` and no items."""

    items: tuple[FoundItem, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    media: Mapping[str, Media] = field(default_factory=dict)
    problem: FileProblem | None = None
    detail: str = ""
    encoding: str = "utf-8"
    stated: int = 0  # how many questions the file itself holds, taken or not
