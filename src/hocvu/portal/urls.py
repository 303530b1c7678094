"""Addresses of this room."""

from django.urls import path

from hocvu.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
]
