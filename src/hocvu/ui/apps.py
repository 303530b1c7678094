from typing import Final

from django.apps import AppConfig
from django.utils.translation import gettext_noop

# What Django says in forms and our catalogue says in the words of this house.
SAID_OTHERWISE: Final = (gettext_noop("This field is required."),)


class UiConfig(AppConfig):
    name = "hocvu.ui"
    label = "ui"
