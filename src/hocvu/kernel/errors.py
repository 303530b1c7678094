"""Refusals: what a person is told when an act cannot happen."""


class Refused(Exception):
    """An act was refused; `sentence` says why, and what to do next.

    Sentences may be lazily translated strings: they are turned into text when shown.
    """

    def __init__(self, sentence: object, next_step: object = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()


class NotAllowed(Refused):
    """The person may not do this (403)."""


class NotPossible(Refused):
    """A rule says no, whoever asks (409). Subclasses stand beside the action that raises them."""
