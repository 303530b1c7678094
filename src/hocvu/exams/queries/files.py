"""Files that were handed in."""

from django.db.models import QuerySet

from hocvu.exams.models import Answer, Attempt, HandedInFile
from hocvu.items.answers import FILE, put_into_parts


def file_standing(attempt: Attempt, question_id: int) -> QuerySet[HandedInFile]:
    """The file that answers this question of the attempt, or nothing."""
    answer = Answer.objects.filter(attempt=attempt, question=question_id).first()
    named = put_into_parts(answer.chosen).get(FILE, "") if answer else ""
    return HandedInFile.objects.filter(attempt=attempt, question=question_id, sha256=named)
