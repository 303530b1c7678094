"""Addresses of this room."""

from django.urls import path

from hocvu.inspection import views

app_name = "inspection"
urlpatterns = [
    path("decisions/<int:decision_id>/chain/", views.chain, name="decision_chain"),
    path(
        "certificates/<int:certificate_id>/chain/",
        views.certificate_chain,
        name="certificate_chain",
    ),
]
