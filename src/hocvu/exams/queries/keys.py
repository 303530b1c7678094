"""What questions are marked by: their content, and the corrections of it that were decided."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hocvu.exams import rules
from hocvu.exams.models import Attempt, KeyCorrection
from hocvu.exams.queries.asked import forms_of
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of


def key_of(question: Question, correction: rules.Correction | None = None) -> rules.Key:
    """How this question is marked. No query: give the correction that stands, if there is one."""
    key = rules.Key(question.pk, item_of(question), question.component_code)
    return rules.corrected(key, correction) if correction else key


def keys_of(
    questions: Iterable[Question], supposed: Mapping[int, rules.Correction] | None = None
) -> list[rules.Key]:
    """The keys of these questions, in their order, as corrected until now. One query.

    `supposed`: corrections, by question, as if they had been decided.
    """
    asked = list(questions)
    corrections = corrections_of(question.pk for question in asked) | dict(supposed or {})
    return [key_of(question, corrections.get(question.pk)) for question in asked]


def keys_for(
    attempts: Sequence[Attempt], supposed: Mapping[int, rules.Correction] | None = None
) -> dict[int, tuple[rules.Key, ...]]:
    """The keys of each attempt's form, by attempt. Few queries, however many attempts."""
    forms = forms_of(attempts)
    asked = {question.pk: question for form in forms.values() for question in form}
    keys = {key.question_id: key for key in keys_of(asked.values(), supposed)}
    known: dict[tuple[int, ...], tuple[rules.Key, ...]] = {}
    found = {}
    for attempt_id, form in forms.items():
        name = tuple(question.pk for question in form)
        if name not in known:
            known[name] = tuple(keys[question_id] for question_id in name)
        found[attempt_id] = known[name]
    return found


def corrections_of(question_ids: Iterable[int]) -> dict[int, rules.Correction]:
    """The latest correction of each question that has one. One query."""
    decided = KeyCorrection.objects.filter(question__in=list(question_ids))
    latest = decided.order_by("question_id", "-made_at", "-pk").distinct("question_id")
    return {each.question_id: _as_rule(each.key) for each in latest}


def _as_rule(stored: Mapping[str, Any]) -> rules.Correction:
    return rules.Correction(
        right=frozenset(stored.get("right", ())), everybody=bool(stored.get("everybody"))
    )
