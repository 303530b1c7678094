"""Compile every language catalogue."""

from typing import Any

from django.core.management.base import BaseCommand

from hocvu.config.catalogues import PACKAGE, compile_catalogues


class Command(BaseCommand):
    help = "Compile the language catalogues (.po) of every room."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for source, texts in compile_catalogues():
            self.stdout.write(f"{source.relative_to(PACKAGE)}: {texts}")
