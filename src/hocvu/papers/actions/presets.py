"""Loading the shapes of tests that documents prescribe."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotPossible
from hocvu.papers.models import PaperPreset
from hocvu.papers.rules import is_share, shows_key_in

PRESETS = Path(__file__).parent.parent / "presets"

_NAMES = {"name": "name_vi", "name_en": "name_en", "issued_by": "issued_by"}
_SAME = ("questions", "minutes", "pass_mark", "effective_from")


class PresetIsFlawed(NotPossible):
    """A written preset prescribes no test."""


class PresetWasEdited(NotPossible):
    """A packaged preset differs from the same version loaded before."""


def load_presets(*, at: datetime, folder: Path = PRESETS) -> int:
    """Load the packaged presets; the number that were new. A second run changes nothing."""
    with transaction.atomic():
        known = {(each.code, each.version): each for each in PaperPreset.objects.all()}
        new = []
        for file in sorted(folder.glob("*.toml")):
            written = _preset(tomllib.loads(file.read_text()))
            before = known.get((written.code, written.version))
            if before is None:
                new.append(written)
            elif _content(before) != _content(written):
                raise PresetWasEdited(
                    _("Preset %(code)s version %(version)s was loaded before with other content.")
                    % {"code": written.code, "version": written.version},
                    _("Give the changed preset a new version."),
                )
        PaperPreset.objects.bulk_create(new)
        if new:
            record("presets_loaded", "exams.paperpreset", by=None, at=at, presets=len(new))
        return len(new)


def _preset(written: Mapping[str, Any]) -> PaperPreset:
    if not (written["questions"] > 0 and written["minutes"] > 0 and is_share(written["pass_mark"])):
        raise PresetIsFlawed(
            _("Preset %s needs questions, minutes and a pass mark between 0 and 1.")
            % written["code"],
            _("Correct it, then load the presets again."),
        )
    shows_key = shows_key_in(written)
    if shows_key is None:
        raise PresetIsFlawed(
            _("Preset %s does not say when its key is shown: “at once” or “when closed”.")
            % written["code"],
            _("Correct it, then load the presets again."),
        )
    return PaperPreset(
        code=written["code"],
        version=written["version"],
        attempts_allowed=written.get("attempts_allowed"),
        shuffle=written.get("shuffle", True),
        shows_key=shows_key,
        effective_to=written.get("effective_to"),
        **{name: written[key] for name, key in _NAMES.items()},
        **{name: written[name] for name in _SAME},
    )


def _content(preset: PaperPreset) -> tuple[object, ...]:
    names = (*_NAMES, *_SAME, "attempts_allowed", "shuffle", "shows_key", "effective_to")
    return tuple(getattr(preset, name) for name in names)
