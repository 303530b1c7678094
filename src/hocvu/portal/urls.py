"""Addresses of this room."""

from django.urls import path

from hocvu.portal.views import deliveries, home, notices

app_name = "portal"
urlpatterns = [
    path("", home.front, name="front"),
    path("home/", home.home, name="home"),
    path("notices/", notices.notices, name="notices"),
    path("notices/language/", notices.language, name="notice_language"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
]
