"""Wiring of this room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "hocvu.notices"
    label = "notices"
