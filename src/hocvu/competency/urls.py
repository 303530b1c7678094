"""Addresses of this room."""

from django.urls import path

from hocvu.competency import views

app_name = "competency"
urlpatterns = [path("skills/", views.mine, name="mine")]
