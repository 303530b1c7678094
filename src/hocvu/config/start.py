"""Start the database and Django: what every command and script does first."""

import os

import django

from hocvu.config import embedded


def set_up() -> None:
    """Make Django ready in this process."""
    embedded.use_if_no_server_is_named()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvu.config.settings")
    django.setup()
