"""Addresses of this room."""

from django.urls import path

from hocvu.credentials.views import (
    archive,
    books,
    changes,
    issuing,
    new_files,
    plug_in,
    published,
    questions,
    received,
    register,
    specimens,
    waiting,
    waiting_decisions,
)

app_name = "credentials"
urlpatterns = [
    path("proposals/<int:proposal_id>/preview/<int:line_id>/", specimens.look, name="preview"),
    path(
        "proposals/<int:proposal_id>/preview/<int:line_id>/page/",
        specimens.page,
        name="preview_page",
    ),
    path(
        "proposals/<int:proposal_id>/preview/<int:line_id>/picture/",
        specimens.picture,
        name="preview_picture",
    ),
    path("decisions/<int:decision_id>/resume/", issuing.resume, name="resume"),
    path("register/", register.register, name="register"),
    path("certificates/<int:certificate_id>/", register.certificate, name="certificate"),
    path("certificates/<int:certificate_id>/file/", register.file, name="file"),
    path("certificates/<int:certificate_id>/revoke/", changes.revoke, name="revoke"),
    path("certificates/<int:certificate_id>/reinstate/", changes.reinstate, name="reinstate"),
    path("certificates/<int:certificate_id>/correct/", changes.correct, name="correct"),
    path(
        "certificates/<int:certificate_id>/correct/withdraw/",
        changes.withdraw_correction,
        name="withdraw_correction",
    ),
    path("certificates/<int:certificate_id>/copy/", books.copy, name="copy"),
    path("register/book/", books.book, name="book"),
    path("register/book/<int:unit_id>/<int:year>/<int:number>/", books.volume, name="volume"),
    path("register/copies/", books.copies, name="copies"),
    path("register/copies/<int:copy_id>/file/", books.copy_file, name="copy_file"),
    path(
        "register/copies/unsigned/<int:prepared_id>/give-up/",
        books.give_up_copy_unsigned,
        name="give_up_copy",
    ),
    path("register/changes/", published.published, name="published"),
    path("register/told/", published.told, name="told"),
    path("register/received/", received.received, name="received"),
    path("register/questions/", questions.questions, name="questions"),
    path("register/questions/<int:question_id>/", questions.settle, name="settle"),
    path("signing/", waiting_decisions.decisions, name="waiting_decisions"),
    path("signing/<int:decision_id>/", waiting.waiting, name="waiting"),
    path("signing/<int:decision_id>/files/", waiting.unsigned_files, name="unsigned_files"),
    path("signing/<int:decision_id>/files/<int:prepared_id>/", waiting.unsigned, name="unsigned"),
    path(
        "signing/<int:decision_id>/anew/<int:prepared_id>/",
        waiting.unsigned_anew,
        name="unsigned_anew",
    ),
    path(
        "signing/<int:decision_id>/copies/<int:prepared_id>/",
        waiting.unsigned_copy,
        name="unsigned_copy",
    ),
    path("signing/<int:decision_id>/next/", waiting.next_file, name="next_file"),
    path("signing/plug-in/<str:token>/", plug_in.plug_in, name="plug_in"),
    path("register/archive/", archive.archive, name="archive"),
    path("register/new-files/", new_files.orders, name="new_files"),
    path("register/new-files/ask/", new_files.ask, name="ask_new_files"),
    path("register/new-files/<int:order_id>/", new_files.order, name="new_files_order"),
]
