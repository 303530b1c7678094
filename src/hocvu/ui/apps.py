from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "hocvu.ui"
    label = "ui"
