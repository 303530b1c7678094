"""Quality of questions as pages show it: what to look at, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from hocvu.kernel.vietnamese import fold
from hocvu.measurement.models import QuestionQuality
from hocvu.measurement.queries.quality_words import (
    Advice,
    advice,
    comparison_in_words,
    ets_in_words,
)
from hocvu.measurement.queries.wording import ability, plain
from hocvu.measurement.rules.quality import Comparison, Flag
from hocvu.measurement.rules.quality_pictures import (
    DeltaPicture,
    OptionPicture,
    delta_picture,
    option_picture,
)
from hocvu.people.models import Person
from hocvu.questions.models import Question
from hocvu.questions.queries.bank import in_one_line
from hocvu.questions.queries.items import item_of
from hocvu.questions.queries.reach import questions_open_to
from hocvu.questions.queries.shown import shown
from hocvu.questions.queries.withheld import keys_withheld_from, sentence_of_withheld
from hocvu.ui.templatetags.figures import percent

UNFLAGGED: Final = "none"
_EARLIER: Final = 12


def quality_open_to(person: Person) -> QuerySet[QuestionQuality]:
    """The newest figures of the questions this person reaches in the bank."""
    newest = QuestionQuality.objects.order_by("question_id", "-calculated_at")
    return QuestionQuality.objects.filter(
        pk__in=newest.distinct("question_id").values("pk"),
        question__in=questions_open_to(person).values("pk"),
    ).select_related("question__owner")


def narrowed(
    found: QuerySet[QuestionQuality], asked: Mapping[str, str]
) -> QuerySet[QuestionQuality]:
    """By the fields of `QualityFilters` that are filled in."""
    flag = asked.get("flag", "")
    if flag == UNFLAGGED:
        found = found.filter(flags=[])
    elif flag:
        found = found.filter(flags__contains=[flag])
    exactly = {
        f"question__{name}": asked[name] for name in ("component_code", "kind") if asked.get(name)
    }
    found = found.filter(**exactly)
    if asked.get("in_use"):
        found = found.filter(question__put_in_use_at__isnull=False, question__retired_at=None)
    for word in fold(asked.get("text", "")).split():
        found = found.filter(question__search_key__contains=word)
    return found


def newest_of(question_id: int) -> QuestionQuality | None:
    return QuestionQuality.objects.filter(question=question_id).order_by("-calculated_at").first()


@dataclass(frozen=True)
class FlagCount:
    flag: str
    advice: Advice
    count: int


def counts_by_flag(found: QuerySet[QuestionQuality]) -> tuple[FlagCount, ...]:
    """How many questions carry each flag; flags nobody carries are left out. One query."""
    counts = found.order_by().aggregate(
        **{flag.value: Count("pk", filter=Q(flags__contains=[flag.value])) for flag in Flag}
    )
    return tuple(
        FlagCount(flag.value, advice(flag), counts[flag.value])
        for flag in Flag
        if counts[flag.value]
    )


# --- One question ------------------------------------------------------------------------------


@dataclass(frozen=True)
class OptionLine:
    letter: str
    text: str
    is_right: bool
    share: str
    mean_rest: str
    link: str


@dataclass(frozen=True)
class GroupLine:
    """One comparison: figures, or none where there are too few people."""

    words: str
    finding: str
    tone: str
    delta: str
    people: int | None
    compared_with: int | None


@dataclass(frozen=True)
class QualityPage:
    question: Question
    line: str
    newest: QuestionQuality | None
    advices: tuple[Advice, ...]
    options: tuple[OptionLine, ...]
    option_picture: OptionPicture | None
    groups: tuple[GroupLine, ...]
    delta_picture: DeltaPicture | None
    earlier: tuple[QuestionQuality, ...]  # newest first
    withheld: str  # why nothing is said of its options, where that would tell the key

    @property
    def difficulty(self) -> str:
        return percent(self.newest.difficulty if self.newest else None)

    @property
    def discrimination(self) -> str:
        return ability(self.newest.discrimination if self.newest else None)

    @property
    def drift(self) -> str:
        return ability(self.newest.drift if self.newest else None)


def quality_page(question: Question, reader: Person, at: datetime) -> QualityPage:
    """One query, and those of `keys_withheld_from`."""
    until = keys_withheld_from(reader, at).until(question)
    rows = QuestionQuality.objects.filter(question=question).order_by("-calculated_at")
    earlier = tuple(rows[:_EARLIER])
    newest = earlier[0] if earlier else None
    options = _options(question, newest.options) if newest and not until else ()
    differential = newest.differential if newest else []
    return QualityPage(
        question=question,
        line=in_one_line(question),
        newest=newest,
        advices=tuple(advice(Flag(each)) for each in newest.flags) if newest else (),
        options=options,
        option_picture=_picture_of_options(options, newest.options) if newest and options else None,
        groups=tuple(_group(each, differential) for each in Comparison),
        delta_picture=delta_picture(
            (comparison_in_words(Comparison(each["comparison"])), each["delta"], each["error"])
            for each in differential
        )
        if differential
        else None,
        earlier=earlier,
        withheld=sentence_of_withheld(until) if until else "",
    )


def _options(question: Question, written: list[dict[str, Any]]) -> tuple[OptionLine, ...]:
    """In the order of the question; texts without their markup."""
    item = item_of(question)
    faces = zip(
        (each.id for each in item.options), shown(item, question.media).options, strict=True
    )
    by_id = dict(faces)
    return tuple(
        OptionLine(
            letter=by_id[each["option"]].letter,
            text=by_id[each["option"]].text,
            is_right=each["is_right"],
            share=percent(each["share"]),
            mean_rest=percent(each["mean_rest"]),
            link=ability(each["discrimination"]),
        )
        for each in written
        if each["option"] in by_id
    )


def _picture_of_options(
    options: tuple[OptionLine, ...], written: list[dict[str, Any]]
) -> OptionPicture:
    return option_picture(
        (line.letter, each["share"], each["mean_rest"], line.is_right)
        for line, each in zip(options, written, strict=False)
    )


def _group(comparison: Comparison, differential: list[dict[str, Any]]) -> GroupLine:
    words = comparison_in_words(comparison)
    for each in differential:
        if each["comparison"] == comparison.value:
            tone, finding = ets_in_words(each["ets"], each["delta"])
            delta = f"{ability(each['delta'])} ± {plain(each['error'])}"
            return GroupLine(words, finding, tone, delta, each["people"], each["compared_with"])
    tone, finding = ets_in_words("", 0.0)
    return GroupLine(words, finding, tone, "", None, None)
