"""Wiring of this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "hocvu.portal"
    label = "portal"
