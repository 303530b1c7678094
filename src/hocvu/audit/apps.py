"""Wiring of this room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hocvu.audit"
    label = "audit"
