"""Addresses of this room."""

from django.urls import path

from hocvu.credentials.views import (
    books,
    changes,
    decisions,
    proposals,
    recognition,
    register,
)

app_name = "credentials"
urlpatterns = [
    path("recognition/", recognition.classes, name="classes"),
    path("recognition/<int:class_id>/", recognition.candidates, name="candidates"),
    path("recognition/<int:class_id>/decide/", recognition.decide, name="decide"),
    path(
        "recognition/<int:class_id>/results/",
        recognition.approve_class_results,
        name="approve_results",
    ),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:proposal_id>/", proposals.proposal, name="proposal"),
    path("proposals/<int:proposal_id>/approve/", proposals.approve, name="approve"),
    path("proposals/<int:proposal_id>/return/", proposals.give_back, name="return"),
    path("proposals/<int:proposal_id>/preview/<int:line_id>/", proposals.preview, name="preview"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<int:decision_id>/", decisions.decision, name="decision"),
    path("decisions/<int:decision_id>/chain/", decisions.chain, name="decision_chain"),
    path("decisions/<int:decision_id>/document/", decisions.document, name="decision_document"),
    path(
        "certificates/<int:certificate_id>/chain/",
        decisions.certificate_chain,
        name="certificate_chain",
    ),
    path("decisions/<int:decision_id>/resume/", decisions.resume, name="resume"),
    path("register/", register.register, name="register"),
    path("certificates/", register.mine, name="mine"),
    path("certificates/<int:certificate_id>/", register.certificate, name="certificate"),
    path("certificates/<int:certificate_id>/file/", register.file, name="file"),
    path("certificates/<int:certificate_id>/revoke/", changes.revoke, name="revoke"),
    path("certificates/<int:certificate_id>/reinstate/", changes.reinstate, name="reinstate"),
    path("certificates/<int:certificate_id>/correct/", changes.correct, name="correct"),
    path("certificates/<int:certificate_id>/copy/", books.copy, name="copy"),
    path("register/book/", books.book, name="book"),
    path("register/book/<int:unit_id>/<int:year>/<int:number>/", books.volume, name="volume"),
    path("register/copies/", books.copies, name="copies"),
    path("register/copies/<int:copy_id>/file/", books.copy_file, name="copy_file"),
    path("register/changes/", changes.published, name="published"),
    path("register/told/", changes.told, name="told"),
    path("register/questions/", changes.questions, name="questions"),
    path("register/questions/<int:question_id>/", changes.settle, name="settle"),
]
