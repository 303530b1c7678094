"""What a list says about somebody it names, as it reads on its day or is corrected later."""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

_BIRTH = re.compile(r"(?:(?:(\d{2})/)?(\d{2})/)?(\d{4})")
_EARLIEST = 1900


@dataclass(frozen=True)
class Holder:
    """The personal columns of the root register. All are text; "" where nothing is known.

    `birth_text` is `05/02/1970`, `02/1970` or `1970`; `sex` is "male", "female" or "".
    """

    full_name: str
    birth_text: str
    sex: str
    birth_place: str
    ethnic_group: str
    nationality: str
    post_title: str
    unit_name: str

    @classmethod
    def read_from(cls, row: object) -> Self:
        """What a row with columns of these names says."""
        return cls(*(getattr(row, each.name) for each in fields(cls)))


def is_birth_text(text: str) -> bool:
    """Whether this is a date of birth, or what is known of it: `05/02/1970`, `02/1970`, `1970`."""
    read = _BIRTH.fullmatch(text)
    if read is None or int(read[3]) < _EARLIEST:
        return False
    try:
        date(int(read[3]), int(read[2] or 1), int(read[1] or 1))
    except ValueError:
        return False
    return True
