"""Wiring of this room."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "hocvu.units"
    label = "units"
