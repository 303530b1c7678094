"""Wiring of this room."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "hocvu.config"
    label = "config"
