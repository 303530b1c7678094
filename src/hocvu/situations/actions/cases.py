"""Loading the packaged cases."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.competency.models import Framework
from hocvu.competency.queries import framework_in_force
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.situations.models import Case
from hocvu.situations.rules.cases import WrittenCase
from hocvu.situations.rules.graph import flaws_of
from hocvu.situations.rules.reading import CaseIsUnreadable, case_from

CASES = Path(__file__).parent.parent / "cases"


class CaseIsFlawed(NotPossible):
    """A written case cannot be run as it is."""


class CaseWasEdited(NotPossible):
    """A packaged case differs from the same version loaded before."""


def load_cases(*, at: datetime, folder: Path = CASES) -> int:
    """Load the packaged cases; the number that were new. A second run changes nothing."""
    with transaction.atomic():
        known = {(case.code, case.version): case for case in Case.objects.all()}
        loaded = []
        for file in sorted(folder.glob("*.toml")):
            content = _plain(tomllib.loads(file.read_text(encoding="utf-8")))
            before = known.get((content.get("code"), content.get("version")))
            if before is None:
                loaded.append(_case(content, file.name, day_of(at)))
            elif before.content != content:
                raise CaseWasEdited(
                    _("Case %(code)s version %(version)s has already been loaded with other text.")
                    % {"code": before.code, "version": before.version},
                    _("Give the changed case a new version."),
                )
        Case.objects.bulk_create(loaded)
        if loaded:
            ids = [case.pk for case in loaded]
            record("cases_loaded", "situations.case", by=None, at=at, case_ids=ids)
        return len(loaded)


def _plain(value: Any) -> Any:
    """As the database keeps it: days become text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _case(content: Mapping[str, Any], file: str, on: date) -> Case:
    try:
        written = case_from(content)
    except CaseIsUnreadable as unread:
        raise _flawed(file, str(unread)) from unread
    if flaws := flaws_of(written):
        raise _flawed(file, ", ".join(map(str, flaws)))
    return Case(
        code=written.code,
        version=written.version,
        title=written.title.vi,
        title_en=written.title.en,
        dated=date.fromisoformat(written.dated),
        minutes=written.minutes,
        framework=_framework(written, file, on),
        level=written.level,
        pass_mark=str(written.pass_mark),
        content=content,
    )


def _framework(written: WrittenCase, file: str, on: date) -> Framework:
    try:
        framework = framework_in_force(written.framework, on)
    except Framework.DoesNotExist:
        raise _flawed(file, _("the framework it names is not in force")) from None
    if written.level not in {level["code"] for level in framework.levels}:
        raise _flawed(file, _("its framework does not know the level"))
    known = set(framework.components.values_list("code", flat=True))
    named = {code for node in written.nodes.values() for code in node.weights}
    if odd := sorted(named - known):
        raise _flawed(file, _("the framework has no component for: %s") % ", ".join(odd))
    return framework


def _flawed(file: str, flaw: str) -> CaseIsFlawed:
    return CaseIsFlawed(
        _("Case %(file)s cannot be used: %(flaw)s.") % {"file": file, "flaw": flaw},
        _("Correct the case, then load the cases again."),
    )
