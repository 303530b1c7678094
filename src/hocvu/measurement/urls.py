"""Addresses of this room."""

from django.urls import path

from hocvu.measurement.views import judging, learner, officer, panels, quality, scales

app_name = "measurement"
urlpatterns = [
    path("skills-tests/", learner.mine, name="mine"),
    path("skills-tests/sittings/", officer.sitting_list, name="sittings"),
    path("skills-tests/sittings/<int:pk>/", learner.sitting, name="sitting"),
    path("skills-tests/sittings/<int:pk>/results/", officer.results, name="results"),
    path("skills-tests/classes/<int:class_id>/offer/", officer.offer, name="offer"),
    path("skills-tests/runs/<int:pk>/", learner.run, name="run"),
    path("skills-tests/runs/<int:pk>/end/", learner.end, name="end"),
    path("skills-tests/runs/<int:pk>/result/", learner.result, name="result"),
    path("skills-tests/runs/<int:pk>/explanation/", learner.explanation, name="explanation"),
    path("scales/", scales.scale_list, name="scales"),
    path("scales/<int:pk>/", scales.scale, name="scale"),
    path("scales/<int:pk>/calibrate/", scales.calibrate, name="calibrate"),
    path("scales/calibrations/<int:pk>/", scales.calibration, name="calibration"),
    path("scales/calibrations/<int:pk>/approve/", scales.approve, name="approve"),
    path("question-quality/", quality.quality_list, name="quality"),
    path("question-quality/<int:question_id>/", quality.question_quality, name="question_quality"),
    path(
        "question-quality/<int:question_id>/calculate/",
        quality.calculate_quality,
        name="calculate_quality",
    ),
    path("scales/<int:scale_id>/panels/open/", panels.open_new, name="open_panel"),
    path("cut-scores/", panels.cut_score_list, name="cut_scores"),
    path("cut-scores/panels/", panels.panel_list, name="panels"),
    path("cut-scores/panels/<int:pk>/", panels.panel, name="panel"),
    path("cut-scores/panels/<int:pk>/second-round/", panels.second_round, name="second_round"),
    path("cut-scores/panels/<int:pk>/close/", panels.close, name="close_panel"),
    path("cut-scores/panels/<int:pk>/decide/", panels.decide, name="set_cut_score"),
    path("cut-scores/panels/<int:pk>/document/", panels.document, name="panel_document"),
    path("cut-scores/panels/<int:pk>/rate/", judging.judge, name="judge"),
    path("cut-scores/panels/<int:pk>/rate/<int:position>/", judging.rate, name="rate"),
]
