"""Wiring of this room."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "hocvu.questions"
    label = "questions"
