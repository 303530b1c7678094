"""Compiling the language catalogues with Babel: no system gettext is needed. No Django here."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent


def compile_catalogues(package: Path = PACKAGE) -> Iterator[tuple[Path, int]]:
    """Write a .mo beside every .po; yields each catalogue and the number of its texts."""
    for source in sorted(package.rglob("locale/*/LC_MESSAGES/django.po")):
        with source.open("rb") as opened:
            catalogue = read_po(opened, locale=source.parts[-3], domain="django")
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
        yield source, len(catalogue)
