"""Addresses of this room."""

from django.urls import path

from hocvu.credentials.views import recognition, register, verification

app_name = "credentials"
urlpatterns = [
    path("recognition/", recognition.classes, name="classes"),
    path("recognition/<int:class_id>/", recognition.candidates, name="candidates"),
    path("recognition/<int:class_id>/decide/", recognition.decide, name="decide"),
    path("decisions/<int:decision_id>/", recognition.decision, name="decision"),
    path("decisions/<int:decision_id>/resume/", recognition.resume, name="resume"),
    path("register/", register.register, name="register"),
    path("certificates/", register.mine, name="mine"),
    path("certificates/<int:certificate_id>/", register.certificate, name="certificate"),
    path("certificates/<int:certificate_id>/file/", register.file, name="file"),
    path("certificates/<int:certificate_id>/revoke/", register.revoke, name="revoke"),
    path("verify/", verification.verify, name="verify"),
    path("v/<str:code>/", verification.verify_code, name="verify_code"),
]
