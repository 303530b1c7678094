"""Why a page was not set."""

from collections.abc import Iterable


class CannotTypeset(Exception):
    """The template cannot show these values: one is missing, or too long for its place."""


class UnprintableText(CannotTypeset):
    """The typeface lacks some of the characters; they would print as boxes."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = frozenset(characters)
        named = ", ".join(f"{each} (U+{ord(each):04X})" for each in sorted(self.characters))
        super().__init__(f"The typeface has no glyph for: {named}.")


class TextIsTooLong(CannotTypeset):
    """A text does not fit its slot even at the smallest size."""

    def __init__(self, slot: str, text: str) -> None:
        self.slot = slot
        self.text = text
        super().__init__(f"The text for “{slot}” is too long for its place.")


class PageDoesNotFit(CannotTypeset):
    """What is on the page needs more than one sheet of paper."""


class TextIsMissing(CannotTypeset):
    """A slot asks for fields that were not given."""

    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = frozenset(fields)
        super().__init__(f"The page also needs: {', '.join(sorted(self.fields))}.")


class TemplateIsFaulty(CannotTypeset):
    """The source of a template is refused by typst, or reaches for what it may not have.

    `line` counts from 1 in the template's own source; 0 when typst named none.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        self.message = message
        self.line = line
        super().__init__(f"Line {line}: {message}" if line else message)


class TemplateIsTooCostly(CannotTypeset):
    """Setting the page took more time or memory than any page needs."""


class TypesettingIsBusy(CannotTypeset):
    """As many pages are being set as this process sets at once."""
