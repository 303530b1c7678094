"""What people are asked: the form of each attempt, and what they met before."""

from collections.abc import Sequence

from django.db import connection

from hocvu.exams.models import Attempt, Sitting
from hocvu.papers.models import BlueprintCell, PaperQuestion, PaperSection
from hocvu.papers.queries.papers import questions_of
from hocvu.questions.models import Question


def form_of(attempt: Attempt) -> list[Question]:
    """The questions of an attempt in written order. One query where `sitting` is at hand."""
    return forms_of([attempt])[attempt.pk]


def forms_of(attempts: Sequence[Attempt]) -> dict[int, list[Question]]:
    """The questions of many attempts, by attempt, in written order; equal forms are one list.

    One query for all that was drawn, and one for each fixed paper.
    """
    asked = {pk for attempt in attempts for pk in attempt.form}
    drawn = Question.objects.in_bulk(asked) if asked else {}
    known: dict[tuple[int, ...], list[Question]] = {}
    fixed: dict[int, list[Question]] = {}
    forms = {}
    for attempt in attempts:
        form = tuple(attempt.form)
        if not form:
            paper_id = attempt.sitting.paper_id
            forms[attempt.pk] = fixed.setdefault(paper_id, [])
            continue
        if form not in known:
            known[form] = [drawn[pk] for pk in form]
        forms[attempt.pk] = known[form]
    for paper_id, form_of_all in fixed.items():
        form_of_all.extend(questions_of(paper_id))
    return forms


def sections_of(attempt: Attempt) -> list[tuple[PaperSection | None, list[Question]]]:
    """The form of an attempt in its sections, everything in written order. Two queries."""
    parts: list[tuple[PaperSection | None, list[Question]]] = []
    for section, question in zip(_sections_in_order(attempt), form_of(attempt), strict=True):
        if not parts or parts[-1][0] != section:
            parts.append((section, []))
        parts[-1][1].append(question)
    return parts


def _sections_in_order(attempt: Attempt) -> list[PaperSection | None]:
    """The section of each question of the form: a drawn form holds its cells one after another."""
    paper_id = attempt.sitting.paper_id
    if not attempt.form:
        rows = PaperQuestion.objects.filter(paper=paper_id).select_related("section")
        return [row.section for row in rows.order_by("position", "pk")]
    cells = BlueprintCell.objects.filter(paper=paper_id).select_related("section")
    return [cell.section for cell in cells.order_by("position") for _ in range(cell.questions)]


def question_asked_in(attempt: Attempt, question_id: int) -> Question | None:
    """The question, if it stands in the form of this attempt. One query."""
    if attempt.form:
        asked = Question.objects.filter(pk=question_id) if question_id in attempt.form else None
        return asked.first() if asked is not None else None
    paper = Sitting.objects.filter(pk=attempt.sitting_id).values("paper")
    row = (
        PaperQuestion.objects.filter(paper__in=paper, question=question_id)
        .select_related("question")
        .first()
    )
    return row.question if row else None


_MET = """
SELECT question.code, count(*)
FROM (
    SELECT unnest(attempt.form) AS id FROM exams_attempt AS attempt
    WHERE attempt.person_id = %(person)s
    UNION ALL
    SELECT fixed.question_id FROM exams_attempt AS attempt
    JOIN exams_sitting AS sitting ON sitting.id = attempt.sitting_id
    JOIN exams_paperquestion AS fixed ON fixed.paper_id = sitting.paper_id
    WHERE attempt.person_id = %(person)s AND attempt.form = '{}'
) AS met
JOIN questions_question AS question ON question.id = met.id
GROUP BY question.code
"""


def questions_met_by(person_id: int) -> dict[str, int]:
    """By code, how often a person was asked each question in whichever version. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MET, {"person": person_id})
        return dict(cursor.fetchall())
