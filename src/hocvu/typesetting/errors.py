"""Why a page was not set."""


class CannotTypeset(Exception):
    """The template cannot show these values: one is missing, or too long for its place."""


class UnprintableText(CannotTypeset):
    """The typeface lacks some of the characters; they would print as boxes."""

    def __init__(self, characters: set[str]) -> None:
        named = ", ".join(f"{each} (U+{ord(each):04X})" for each in sorted(characters))
        super().__init__(f"The typeface has no glyph for: {named}.")
        self.characters = frozenset(characters)
