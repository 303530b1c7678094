"""Addresses of this room."""

from django.urls import path

from hocvu.questions.views import bank, editor, files, media

app_name = "questions"
urlpatterns = [
    path("questions/", bank.bank, name="bank"),
    path("questions/many/", bank.many, name="many"),
    path("questions/new/", editor.kinds, name="kinds"),
    path("questions/new/<slug:kind>/", editor.new, name="new"),
    path("questions/files/", files.files, name="files"),
    path("questions/files/new/", files.upload, name="upload"),
    path("questions/files/template/", files.template, name="template"),
    path("questions/files/<int:file_id>/", files.file, name="file"),
    path("questions/files/<int:file_id>/choose/", files.choose, name="choose"),
    path("questions/files/<int:file_id>/take/", files.take, name="take"),
    path("questions/files/<int:file_id>/give-up/", files.give_up, name="give_up"),
    path("questions/media/<str:sha256>", media.media, name="media"),
    path("questions/<int:question_id>/", bank.question, name="question"),
    path("questions/<int:question_id>/edit/", editor.edit, name="edit"),
    path("questions/<int:question_id>/send/", bank.send, name="send"),
    path("questions/<int:question_id>/review/", bank.review, name="review"),
    path("questions/<int:question_id>/use/", bank.use, name="use"),
    path("questions/<int:question_id>/share/", bank.share, name="share"),
    path("questions/<int:question_id>/copy/", bank.copy, name="copy"),
    path("questions/<int:question_id>/retire/", bank.retire, name="retire"),
]
