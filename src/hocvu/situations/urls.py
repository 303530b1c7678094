"""Addresses of this room."""

from django.urls import path

from hocvu.situations import api
from hocvu.situations.views import learner, marking, officer

app_name = "situations"
urlpatterns = [
    path("situations/", learner.mine, name="mine"),
    path("situations/exercises/", officer.exercise_list, name="exercises"),
    path("situations/exercises/<int:pk>/", learner.exercise, name="exercise"),
    path("situations/exercises/<int:pk>/results/", officer.results, name="results"),
    path("situations/classes/<int:class_id>/open/", officer.open_for_class, name="open"),
    path("situations/cases/", officer.case_list, name="cases"),
    path("situations/cases/<int:pk>/", officer.case_preview_page, name="case"),
    path("situations/runs/<int:pk>/", learner.run, name="run"),
    path("situations/runs/<int:pk>/decide/", api.decision, name="decide"),
    path("situations/runs/<int:pk>/save/", api.disposition, name="save"),
    path("situations/runs/<int:pk>/end/", learner.end_run, name="end"),
    path("situations/runs/<int:pk>/debrief/", learner.debrief, name="debrief"),
    path("situations/marking/", marking.marking_list, name="marking"),
    path("situations/marking/<int:pk>/", marking.mark, name="mark"),
]
