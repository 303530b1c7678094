"""Addresses of this room."""

from django.urls import path

from hocvu.papers import views

app_name = "papers"
urlpatterns = [
    path("tests/papers/", views.papers, name="papers"),
    path("tests/papers/make/", views.start_paper, name="start_paper"),
    path("tests/papers/write/", views.write_paper, name="write_paper"),
    path("tests/papers/<int:pk>/", views.paper, name="paper"),
    path("tests/papers/<int:pk>/new-version/", views.new_version, name="new_version"),
    path("tests/papers/<int:pk>/retire/", views.retire_paper, name="retire_paper"),
]
