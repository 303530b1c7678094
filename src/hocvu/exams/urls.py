"""Addresses of this room."""

from django.urls import path

from hocvu.exams import api
from hocvu.exams.views import learner, officer

app_name = "exams"
urlpatterns = [
    path("tests/", learner.mine, name="mine"),
    path("tests/sittings/", officer.sitting_list, name="sittings"),
    path("tests/sittings/<int:pk>/", learner.sitting, name="sitting"),
    path("tests/sittings/<int:pk>/results/", officer.results, name="results"),
    path("tests/classes/<int:class_id>/open/", officer.open_for_class, name="open"),
    path("tests/attempts/<int:pk>/", learner.attempt, name="attempt"),
    path("tests/attempts/<int:pk>/answer/", api.answer, name="answer"),
    path("tests/attempts/<int:pk>/hand-in/", learner.hand_in_attempt, name="hand_in"),
    path("tests/attempts/<int:pk>/result/", learner.result, name="result"),
]
