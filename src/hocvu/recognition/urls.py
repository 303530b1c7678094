"""Addresses of this room."""

from django.urls import path

from hocvu.recognition.views import classes, decisions, proposals

app_name = "recognition"
urlpatterns = [
    path("recognition/", classes.classes, name="classes"),
    path("recognition/<int:class_id>/", classes.candidates, name="candidates"),
    path("recognition/<int:class_id>/decide/", classes.decide, name="decide"),
    path(
        "recognition/<int:class_id>/results/",
        classes.approve_class_results,
        name="approve_results",
    ),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:proposal_id>/", proposals.proposal, name="proposal"),
    path("proposals/<int:proposal_id>/approve/", proposals.approve, name="approve"),
    path("proposals/<int:proposal_id>/return/", proposals.give_back, name="return"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<int:decision_id>/", decisions.decision, name="decision"),
    path("decisions/<int:decision_id>/document/", decisions.document, name="decision_document"),
]
