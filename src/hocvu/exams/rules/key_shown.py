"""When the key of a question is shown: not while it could still help somebody in a test.

The rule, for every page that shows what is right about a question:

1. Nobody is shown the key of a question they may still be asked (`may_still_ask`); nor, of their
   own answers, whether they were right, for trying again would then find the key; nor what others
   answered, for a good result would tell it. Points and skills are told.
2. Where a test shows its key when it has closed, its learners see which of their answers were
   right once they cannot be asked again, and the key once it has closed for everybody.
3. A test that shows its key at once (a check after a lesson is there to learn from) does so as
   soon as an attempt is handed in, as long as rule 1 lets it.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum


class KeyShown(StrEnum):
    """What may be told about one question of an attempt that is over."""

    NOW = "now"
    AFTER_CLOSING = "after_closing"  # which answers were right, but not the key
    NOT_WHILE_IT_MAY_COME_AGAIN = "not_while_it_may_come_again"  # neither


def key_shown(*, at_once: bool, closes_at: datetime, may_be_asked: bool, at: datetime) -> KeyShown:
    """`at_once`: what the paper says; `closes_at`: of the sitting; `may_be_asked`: whether whoever
    reads may be asked it still.
    """
    if may_be_asked:
        return KeyShown.NOT_WHILE_IT_MAY_COME_AGAIN
    if not at_once and at < closes_at:
        return KeyShown.AFTER_CLOSING
    return KeyShown.NOW


def may_still_ask(
    *, at_once: bool, may_begin: bool, is_fixed: bool, has_opened: bool, handed_in: bool
) -> bool:
    """Whether an attempt yet to begin can ask its learner a question whose key would help.

    What is under way always can. A fixed list is the test from the day it is arranged; a bank to
    draw from is what one learns from until the test opens. A test that shows its key at once has
    shown it with the first attempt that was `handed_in`.
    """
    if not may_begin or (at_once and handed_in):
        return False
    return is_fixed or has_opened


def skills_told_apart(questions: Mapping[str, int]) -> frozenset[str]:
    """The skills whose points may be told while it is not told which answers were right.

    `questions`: how many of the form stand at each skill. Those with one question alone would tell
    whether it was right; they are told together, and never as one question again.
    """
    apart = {skill for skill, number in questions.items() if number > 1}
    rest = len(questions) - len(apart)
    if rest == 1 and apart:
        apart.remove(min(apart, key=lambda skill: (questions[skill], skill)))
    return frozenset(apart)
