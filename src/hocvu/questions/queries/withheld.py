"""Whose keys are withheld from somebody: questions that a test may still ask them.

Whoever writes, reviews or teaches may be a learner too. Rooms above know the tests: each says, with
`register_withholding` in its `apps.ready()`, what its tests may still ask a person. Every page and
file with keys asks `keys_withheld_from`, and nothing else.

Withheld is a question in all its versions, and whatever in the bank has the same content.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from hocvu.people.models import Person
from hocvu.questions.models import Question, QuestionQuerySet
from hocvu.ui.templatetags.figures import moment


@dataclass(frozen=True)
class MayBeAsked:
    """What one test may still ask a person, as a filter of questions, and until when."""

    questions: Q
    until: datetime


Source = Callable[[Person, datetime], Iterable[MayBeAsked]]
_sources: dict[str, Source] = {}


def register_withholding(name: str, source: Source) -> None:
    """Say what tests of a room may still ask; the same name again replaces it."""
    _sources[name] = source


@dataclass(frozen=True)
class KeysWithheld:
    """Whose keys one person is not shown now."""

    tests: tuple[MayBeAsked, ...]

    @cached_property
    def _filters(self) -> tuple[tuple[Q, datetime], ...]:
        return tuple((_of_the_same_content(each.questions), each.until) for each in self.tests)

    def without_them(self, questions: QuestionQuerySet) -> QuestionQuerySet:
        """Those of these questions whose key may be shown."""
        for withheld, _until in self._filters:
            questions = questions.exclude(withheld)
        return questions

    def among(self, question_ids: Sequence[int]) -> dict[int, datetime]:
        """Which of these are withheld, and until when. One query for each test."""
        found: dict[int, datetime] = {}
        for withheld, until in self._filters if question_ids else ():
            held = Question.objects.filter(withheld, pk__in=question_ids)
            for pk in held.order_by().values_list("pk", flat=True):
                found[pk] = max(until, found.get(pk, until))
        return found

    def until(self, question: Question) -> datetime | None:
        """Until when this one is withheld; none if it is not."""
        return self.among([question.pk]).get(question.pk)

    def contents_among(self, fingerprints: Iterable[str]) -> set[str]:
        """Which of these contents, by their fingerprints, are those of withheld questions."""
        named = [each for each in fingerprints if each]
        held: set[str] = set()
        for withheld, _until in self._filters if named else ():
            same = Question.objects.filter(withheld, fingerprint__in=named)
            held |= set(same.order_by().values_list("fingerprint", flat=True))
        return held


def keys_withheld_from(person: Person, at: datetime) -> KeysWithheld:
    """Few queries for whoever learns in a class with a test ahead, one or two for all others."""
    return KeysWithheld(tuple(each for source in _sources.values() for each in source(person, at)))


def sentence_of_withheld(until: datetime) -> str:
    """Why no key is shown, and from when on."""
    return _(
        "A test may still ask you this question, so its key is not shown to you until %(until)s."
    ) % {"until": moment(until)}


def _of_the_same_content(questions: Q) -> Q:
    asked = Question.objects.filter(questions).order_by()
    return Q(code__in=asked.values("code")) | Q(
        fingerprint__in=asked.exclude(fingerprint="").values("fingerprint")
    )
