"""The common ancestor of everything this measuring refuses to do, and the refusals many share."""


class NotMeasurable(Exception):
    """What was given cannot be measured; the sentence says what it lacks."""


class AnswersAreMalformed(NotMeasurable):
    """A table of answers has the wrong shape, or holds something other than -1, 0 and 1."""


class ParametersAreImpossible(NotMeasurable):
    """An item parameter, a prior or a setting lies outside what its model allows."""


class TooFewPeople(NotMeasurable):
    """So few people that the result would say nothing."""

    def __init__(self, found: int, needed: int) -> None:
        super().__init__(f"{found} people, {needed} needed")
        self.found = found
        self.needed = needed
