"""Setting an installation up, and keeping what the package brings in step with the database.

Everything here may be repeated at any time; what is in place already is left alone.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.audit.models import AuditEntry
from hocvu.campaigns.actions import load_campaigns
from hocvu.competency.actions import load_frameworks
from hocvu.courses.actions import load_catalogue
from hocvu.measurement.actions import load_scales, load_tests
from hocvu.papers.actions import load_papers, load_presets
from hocvu.questions.actions import load_bank
from hocvu.situations.actions import load_cases
from hocvu.stationery.actions.packaged import load_templates
from hocvu.trust.actions import set_up_trust
from hocvu.ui.fonts import build_web_fonts
from hocvu.units.actions import load_units

Tell = Callable[[str], None]

_PACKAGED = ("**/*.toml", "**/*.typ", "units/data/*.csv")
_STATIC = ("*/static/**/*", "ui/fonts.py")
_LOADED = "packaged_data_loaded"
_LOADING_LOCK = 0x6861_0003


def set_up(*, at: datetime, tell: Tell = lambda _sentence: None) -> None:
    """Make database, keys, fonts, pages' files and packaged data ready."""
    tell(_("Preparing the database"))
    call_command("migrate", verbosity=0, interactive=False)
    set_up_trust(at=at)
    _prepare_static_files(tell)
    _load_packaged_data(at=at, tell=tell)


def _load_packaged_data(*, at: datetime, tell: Tell) -> None:
    """Everything the package brings, from units to campaigns: when it has changed."""
    fingerprint = _fingerprint(_PACKAGED)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOADING_LOCK])
        last = AuditEntry.objects.filter(act=_LOADED).order_by("-pk").first()
        if last is not None and last.facts.get("sha256") == fingerprint:
            return
        tell(_("Loading units, frameworks, questions and programmes"))
        load_units(at=at)
        load_frameworks(at=at)
        load_bank(at=at)
        load_catalogue(at=at)
        load_presets(at=at)
        load_papers(at=at)
        load_cases(at=at)
        load_scales(at=at)
        load_tests(at=at)
        load_templates(at=at)
        load_campaigns(at=at)
        record(_LOADED, "config.installation", by=None, at=at, sha256=fingerprint)


def _prepare_static_files(tell: Tell) -> None:
    """Fonts and the hashed, compressed files of the pages: when one of them has changed."""
    fingerprint = _fingerprint(_STATIC)
    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    tell(_("Preparing fonts and styles"))
    build_web_fonts(settings.WEB_FONTS)
    with _storage("hocvu.config.statics.HashedFiles"):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(fingerprint)


class _storage:  # noqa: N801 — reads as a statement where it is used
    """Use another storage for static files for a moment."""

    def __init__(self, backend: str) -> None:
        from django.test.utils import override_settings  # noqa: PLC0415 — only here

        storages = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
        self._override = override_settings(STORAGES=storages)

    def __enter__(self) -> None:
        self._override.enable()

    def __exit__(self, *_exception: object) -> None:
        self._override.disable()


def _fingerprint(patterns: tuple[str, ...]) -> str:
    digest = sha256()
    for file in _files(patterns):
        digest.update(str(file.relative_to(settings.PACKAGE)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(patterns: tuple[str, ...]) -> Iterator[Path]:
    found = {file for pattern in patterns for file in settings.PACKAGE.glob(pattern)}
    yield from sorted(file for file in found if file.is_file())
