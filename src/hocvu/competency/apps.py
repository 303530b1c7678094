"""Wiring of this room."""

from django.apps import AppConfig


class CompetencyConfig(AppConfig):
    name = "hocvu.competency"
    label = "competency"
