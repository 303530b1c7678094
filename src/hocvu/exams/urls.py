"""Addresses of this room."""

from django.urls import path

from hocvu.exams import api
from hocvu.exams.views import (
    attempt,
    files,
    late,
    learner,
    officer,
    rooms,
    seals,
    sheets,
    supervision,
)

app_name = "exams"
urlpatterns = [
    path("tests/", learner.mine, name="mine"),
    path("tests/sittings/", officer.sitting_list, name="sittings"),
    path("tests/sittings/<int:pk>/", learner.sitting, name="sitting"),
    path("tests/sittings/<int:pk>/results/", officer.results, name="results"),
    path("tests/classes/<int:class_id>/open/", officer.open_for_class, name="open"),
    path("tests/sittings/<int:pk>/rooms/", rooms.rooms, name="rooms"),
    path("tests/sittings/<int:pk>/rooms/open/", rooms.open_room, name="open_room"),
    path("tests/sittings/<int:pk>/rooms/open-all/", rooms.open_rooms, name="open_rooms"),
    path("tests/sittings/<int:pk>/extra-time/", supervision.extra_time, name="extra_time"),
    path("tests/sittings/<int:pk>/sheets/", sheets.sitting_sheets, name="sheets"),
    path("tests/sittings/<int:pk>/sheets/booklet/", sheets.booklet, name="booklet"),
    path("tests/sittings/<int:pk>/sheets/workbook/", sheets.workbook, name="sheet_workbook"),
    path("tests/sittings/<int:pk>/sheets/upload/", sheets.upload, name="upload_sheets"),
    path("tests/sheets/", sheets.sittings_on_paper, name="sittings_on_paper"),
    path("tests/sheets/<int:pk>/", sheets.sheet_file, name="sheet_file"),
    path("tests/sheets/<int:pk>/take-in/", sheets.take_in, name="take_in_sheets"),
    path("tests/sheets/<int:pk>/give-up/", sheets.give_up, name="give_up_sheets"),
    path("tests/rooms/", rooms.my_rooms, name="my_rooms"),
    path("tests/rooms/<int:pk>/", rooms.room, name="room"),
    path("tests/rooms/<int:pk>/change/", rooms.change_room, name="change_room"),
    path("tests/rooms/<int:pk>/close/", rooms.close_room, name="close_room"),
    path("tests/rooms/<int:pk>/minutes/", supervision.minutes, name="give_minutes"),
    path("tests/rooms/<int:pk>/hand-in/", supervision.hand_in_for, name="hand_in_for"),
    path("tests/rooms/<int:pk>/void/", supervision.void, name="void"),
    path("tests/attempts/<int:pk>/", attempt.attempt, name="attempt"),
    path("tests/attempts/worker.js", attempt.worker, name="worker"),
    path("tests/attempts/<int:pk>/files/<int:question_id>/", files.file, name="file"),
    path("tests/attempts/<int:pk>/answer/", api.answer, name="answer"),
    path("tests/attempts/<int:pk>/hand-in/", attempt.hand_in_attempt, name="hand_in"),
    path("tests/attempts/<int:pk>/result/", attempt.result, name="result"),
    path("tests/attempts/<int:pk>/receipt/", seals.receipt, name="receipt"),
    path("tests/attempts/<int:pk>/late/", late.decide, name="late"),
    path("tests/sittings/<int:pk>/late/", late.late_answers, name="late_answers"),
    path("sealed-days/", seals.days, name="sealed_days"),
    path("sealed-days/<str:day>/", seals.day, name="sealed_day"),
    path("sealed-days/<str:day>/note/", seals.note, name="sealed_day_note"),
]
