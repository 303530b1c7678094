"""Every answer of a page at once, as a browser without scripts sends it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

_NUMBER = re.compile(r"[0-9]{1,16}")
_SEEN = re.compile(rf"seen-({_NUMBER.pattern})")
_CHOSEN = re.compile(rf"q-({_NUMBER.pattern})(?:-.+)?", re.DOTALL)
_WRITTEN = re.compile(rf"t-({_NUMBER.pattern})-(.+)", re.DOTALL)
_FILE = re.compile(rf"f-({_NUMBER.pattern})")


@dataclass(frozen=True)
class WholePage:
    """Every answer of a page at once, as a browser without scripts sends it.

    Fields, for question 12: `seen-12` (sequence of the answer shown), `q-12` and `q-12-p1` (whole
    lines of the answer, chosen somewhere), `t-12-p1` (what was written into the part p1), `f-12`
    (a file). Only questions that were shown count.
    """

    choices: Mapping[int, list[str]]
    seen: Mapping[int, int]
    files: Mapping[int, "UploadedFile[Any]"]
    then_hand_in: bool

    @classmethod
    def sent_in(
        cls, fields: QueryDict, files: "MultiValueDict[str, UploadedFile[Any]] | None" = None
    ) -> Self:
        seen = {
            int(found[1]): int(str(sequence))
            for name, sequence in fields.items()
            if (found := _SEEN.fullmatch(name)) and _NUMBER.fullmatch(str(sequence))
        }
        choices: dict[int, list[str]] = {question: [] for question in seen}
        for question, line in _lines(fields):
            if question in choices:
                choices[question].append(line)
        sent = {
            int(found[1]): file
            for name, file in (files.items() if files else ())
            if isinstance(file, UploadedFile)
            and (found := _FILE.fullmatch(name))
            and int(found[1]) in seen
        }
        return cls(choices, seen, sent, fields.get("act") == "hand_in")


def _lines(fields: QueryDict) -> Iterator[tuple[int, str]]:
    """What is left empty is no line."""
    for name, values in fields.lists():
        if found := _CHOSEN.fullmatch(name):
            yield from ((int(found[1]), str(line)) for line in values if line)
        elif found := _WRITTEN.fullmatch(name):
            for value in map(_with_plain_line_ends, values):
                if value and not value.isspace():
                    yield int(found[1]), f"{found[2]}={value}"


def _with_plain_line_ends(value: object) -> str:
    """As scripts see them; a form is sent with others."""
    return str(value).replace("\r\n", "\n")
