"""Wiring of this room."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "hocvu.trust"
    label = "trust"
