"""The bank as a list, and one question with everything that happened to it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from hocvu.items.content import Item
from hocvu.items.marking import item_flaws
from hocvu.items.text import to_plain
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import Person
from hocvu.people.queries.history import HistoryEntry
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.models import Question, QuestionQuerySet, QuestionReview
from hocvu.questions.queries.items import item_of
from hocvu.questions.queries.reach import questions_open_to, writes_for
from hocvu.questions.queries.shown import QuestionShown, shown, without_key
from hocvu.questions.queries.withheld import keys_withheld_from, sentence_of_withheld
from hocvu.questions.queries.words import sentence_of_flaw
from hocvu.questions.rules.states import QuestionState

_LONGEST_LINE: Final = 140  # characters of a question in a list

STATE_FILTERS: Final[Mapping[str, Callable[[QuestionQuerySet], QuestionQuerySet]]] = {
    QuestionState.DRAFT.value: QuestionQuerySet.drafts,
    QuestionState.IN_REVIEW.value: QuestionQuerySet.in_review,
    QuestionState.REVIEWED.value: QuestionQuerySet.reviewed,
    QuestionState.IN_USE.value: QuestionQuerySet.in_use,
    QuestionState.RETIRED.value: QuestionQuerySet.retired,
}
WAITING_FOR_ME: Final = "waiting_for_me"


def bank_of(person: Person, asked: Mapping[str, str]) -> QuestionQuerySet:
    """The questions this person reaches, by the fields of `BankFilters` that are filled in.

    Versions that a later one has replaced are left out, but where retired ones are asked for.
    """
    state = asked.get("state", "")
    questions = questions_open_to(person)
    if state != QuestionState.RETIRED.value:
        questions = questions.standing()
    if state == WAITING_FOR_ME:
        questions = questions.waiting_for(person)
    elif state in STATE_FILTERS:
        questions = STATE_FILTERS[state](questions)
    else:
        questions = questions.filter(retired_at=None)
    exactly = {column: asked[name] for name, column in _EXACT.items() if asked.get(name)}
    questions = questions.filter(_owned(person, asked.get("owner", "")), **exactly)
    for word in fold(asked.get("text", "")).split():
        questions = questions.filter(search_key__contains=word)
    return questions


_EXACT: Final = {
    "component": "component_code",
    "level": "level",
    "topic": "topic",
    "group": "target_group",
    "kind": "kind",
    "file": "bank_import",
}


def _owned(person: Person, whose: str) -> Q:
    if whose == "own":
        return scope_of(person).reach(Permission.WRITE_QUESTIONS, "owner")
    if whose == "national":
        return Q(owner=None)
    return Q(is_shared=True) if whose == "shared" else Q()


def in_one_line(question: Question) -> str:
    """The question as plain text, cut at the end of a word."""
    item = item_of(question)
    said = (item.stem, item.situation)
    words = " · ".join(to_plain(text, item.markup) for text in said if text)
    if len(words) <= _LONGEST_LINE:
        return words or item.name or "—"
    return words[:_LONGEST_LINE].rpartition(" ")[0] + "…"


# --- One question ------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionPage:
    """What the page of one question shows.

    What was said of a question, and by whom, is for those who write for its owner; others who
    reach it, because it is shared, see only what became of it. `withheld` says why no key is shown,
    where none is; nor then what reviewers said of it.
    """

    question: Question
    shown: QuestionShown
    flaws: tuple[str, ...]
    versions: tuple[Question, ...]  # newest first
    reviews: tuple[QuestionReview, ...]
    history: tuple[HistoryEntry, ...]
    is_own: bool
    withheld: str

    @property
    def asked(self) -> QuestionShown:
        """As learners see it."""
        return without_key(self.shown)

    @property
    def newer(self) -> Question | None:
        return self.versions[0] if self.versions[0].pk != self.question.pk else None


def question_page(question: Question, person: Person, at: datetime) -> QuestionPage:
    """Four queries, and those of `keys_withheld_from`. Versions out of reach are not told."""
    item = item_of(question)
    of_same_code = questions_open_to(person).filter(code=question.code).order_by("-version")
    versions = tuple(of_same_code.select_related("put_in_use_by", "retired_by"))
    said = QuestionReview.objects.filter(question__in=[each.pk for each in versions])
    reviews = tuple(said.select_related("reviewer", "question").order_by("-reviewed_at", "-pk"))
    own = {each.pk for each in versions if writes_for(person, each.owner)}
    told = _told(versions, reviews, own)
    until = keys_withheld_from(person, at).until(question)
    return QuestionPage(
        question=question,
        shown=shown(item, question.media),
        flaws=_flaws(item),
        versions=versions,
        reviews=tuple(each for each in reviews if each.question_id == question.pk),
        history=tuple(sorted(told, key=lambda each: each.at, reverse=True)),
        is_own=question.pk in own,
        withheld=sentence_of_withheld(until) if until else "",
    )


def _flaws(item: Item) -> tuple[str, ...]:
    return tuple(sentence_of_flaw(flaw, item) for flaw in item_flaws(item))


def _told(
    versions: Iterable[Question], reviews: Iterable[QuestionReview], own: set[int]
) -> Iterable[HistoryEntry]:
    """`own`: the versions of which it is told who did what."""
    for version in versions:
        yield from _told_of(version) if version.pk in own else _told_to_others(version)
    for review in reviews:
        if review.question_id not in own:
            continue
        words = (
            _("%(who)s approved version %(version)s.")
            if review.approves
            else _("%(who)s asked for changes to version %(version)s.")
        )
        named = {"who": review.reviewer.full_name, "version": review.question.version}
        yield HistoryEntry(review.reviewed_at, words % named)


def _told_to_others(version: Question) -> Iterable[HistoryEntry]:
    """To those who do not write for its owner: what became of it, by nobody."""
    acts = (
        (version.reviewed_at, _("Version %(version)s was approved.")),
        (version.put_in_use_at, _("Version %(version)s was put in use.")),
        (version.retired_at, _("Version %(version)s was retired.")),
    )
    for at, words in acts:
        if at:
            yield HistoryEntry(at, words % {"version": version.version})


def _told_of(version: Question) -> Iterable[HistoryEntry]:
    acts = (
        (version.created_at, version.created_by, _("%(who)s wrote version %(version)s.")),
        (
            version.sent_for_review_at,
            version.created_by,
            _("Version %(version)s was sent for review."),
        ),
        (
            version.put_in_use_at,
            version.put_in_use_by,
            _("%(who)s put version %(version)s in use."),
        ),
        (version.retired_at, version.retired_by, _retired(version)),
    )
    for at, who, words in acts:
        if at:
            named = {"who": who.full_name if who else _("The system"), "version": version.version}
            yield HistoryEntry(at, words % named)


def _retired(version: Question) -> str:
    if version.replaced_by_id:
        return _("A newer version took the place of version %(version)s.")
    reason = version.retire_reason.replace("%", "%%")
    return _("%(who)s retired version %(version)s:") + f" {reason}"
