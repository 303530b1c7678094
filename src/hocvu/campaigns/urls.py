"""Addresses of this room."""

from django.urls import path

from hocvu.campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("coverage/", views.start, name="start"),
    path("coverage/<int:unit_id>/", views.unit, name="unit"),
    path("coverage/<int:unit_id>/missing/", views.missing, name="missing"),
]
