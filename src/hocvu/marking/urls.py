"""Addresses of this room: below those of the tests, where people have always found them."""

from django.urls import path

from hocvu.marking.views import appeals, corrections, marking

app_name = "marking"
urlpatterns = [
    path("tests/attempts/<int:pk>/appeal/", appeals.appeal, name="appeal"),
    path("tests/appeals/", appeals.appeals, name="appeals"),
    path("tests/appeals/<int:pk>/", appeals.answer, name="answer_appeal"),
    path("tests/sittings/<int:pk>/markers/", marking.markers, name="markers"),
    path("tests/marking/", marking.marking_list, name="marking"),
    path("tests/marking/<int:pk>/", marking.mark, name="mark"),
    path("tests/marking/<int:pk>/file/", marking.answer_file, name="answer_file"),
    path("tests/corrections/", corrections.corrections, name="corrections"),
    path("tests/corrections/questions/", corrections.questions, name="correctable"),
    path("tests/corrections/questions/<int:pk>/", corrections.correct, name="correct"),
    path("tests/corrections/<int:pk>/", corrections.correction, name="correction"),
]
