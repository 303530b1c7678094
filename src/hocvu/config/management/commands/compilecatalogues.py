"""Compile every language catalogue with Babel: no system gettext is needed."""

from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the language catalogues (.po) of every room."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for source in sorted(settings.PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")):
            with source.open("rb") as opened:
                catalogue = read_po(opened, locale=source.parts[-3], domain="django")
            with source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, catalogue)
            self.stdout.write(f"{source.relative_to(settings.PACKAGE)}: {len(catalogue)}")
