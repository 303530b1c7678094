"""Workbooks of answer sheets as people send them back."""

import csv
import io

from hocvu.classes.models import Enrolment
from hocvu.exams.queries.sheets import asked_on_paper
from hocvu.exams.rules.sheet_rows import learner_code

STARTED, HANDED_IN = "21/11/2026 09:00", "21/11/2026 09:20"  # in Viet Nam


def code_of(learner, sitting):
    place = Enrolment.objects.get(person=learner, training_class=sitting.training_class)
    return learner_code(place.pk)


def row(sitting, learner, *answers, started=STARTED, handed_in=HANDED_IN, name=None, code=None):
    code = code or code_of(learner, sitting)
    return [code, name or learner.full_name, "Phường", started, handed_in, *answers]


def csv_of(sitting, *rows, code=None, columns=None):
    """A file with these rows, as a spreadsheet program writes it."""
    asked = asked_on_paper(sitting)
    numbers = [f"Câu {number}" for number in range(1, len(asked.questions) + 1)]
    headings = ["Mã học viên", "Họ và tên", "Đơn vị", "Bắt đầu", "Đã nộp lúc", *numbers]
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerows([[f"Phiếu trả lời · {code or asked.code}"], [], columns or headings, *rows])
    return file.getvalue().encode("utf-8-sig")
