"""Loading the packaged scales and adaptive tests."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.competency.models import Framework
from hocvu.competency.queries import framework_in_force
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.measurement.models import AdaptiveTest, Scale
from hocvu.measurement.rules.choosing import domain_of

SCALES = Path(__file__).parent.parent / "scales"
TESTS = Path(__file__).parent.parent / "tests"


class ScaleWasEdited(NotPossible):
    """A packaged scale differs from the same scale loaded before."""


class TestWasEdited(NotPossible):
    """A packaged test differs from the same version loaded before."""

    __test__ = False


class TestIsFlawed(NotPossible):
    """A packaged test cannot be run as it is written."""

    __test__ = False


def load_scales(*, at: datetime, folder: Path = SCALES) -> int:
    """Load the packaged scales; the number that were new. A second run changes nothing."""
    with transaction.atomic():
        known = {scale.code: scale for scale in Scale.objects.select_related("framework")}
        loaded = []
        for written in _written_in(folder):
            framework = _framework(written["framework"], day_of(at))
            wanted = _scale(written, framework, at)
            before = known.get(wanted.code)
            if before is None:
                loaded.append(wanted)
            elif _said_of(before) != _said_of(wanted):
                raise ScaleWasEdited(
                    _("Scale %(code)s has already been loaded with other content.")
                    % {"code": wanted.code},
                    _("Give the changed scale a new code."),
                )
        Scale.objects.bulk_create(loaded)
        if loaded:
            ids = [scale.pk for scale in loaded]
            record("scales_loaded", "measurement.scale", by=None, at=at, scale_ids=ids)
        return len(loaded)


def load_tests(*, at: datetime, folder: Path = TESTS) -> int:
    """Load the packaged scales and tests; the number of tests that were new.

    A second run changes nothing. A test can be sat once its scale has an approved calibration.
    """
    with transaction.atomic():
        load_scales(at=at)
        known = {(test.code, test.version): test for test in AdaptiveTest.objects.all()}
        loaded = []
        for written in _written_in(folder):
            wanted = _test(written)
            before = known.get((wanted.code, wanted.version))
            if before is None:
                loaded.append(wanted)
            elif _content(before) != _content(wanted):
                raise TestWasEdited(
                    _("Test %(code)s version %(version)s has already been loaded with other rules.")
                    % {"code": wanted.code, "version": wanted.version},
                    _("Give the changed test a new version."),
                )
        AdaptiveTest.objects.bulk_create(loaded)
        if loaded:
            ids = [test.pk for test in loaded]
            record("tests_loaded", "measurement.adaptivetest", by=None, at=at, test_ids=ids)
        return len(loaded)


def _written_in(folder: Path) -> list[dict[str, Any]]:
    return [
        tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.toml"))
    ]


def _scale(written: Mapping[str, Any], framework: Framework, at: datetime) -> Scale:
    return Scale(
        framework=framework,
        code=written["code"],
        name=written["name_vi"],
        name_en=written["name_en"],
        model=written["model"],
        made_at=at,
    )


def _said_of(scale: Scale) -> tuple[str, ...]:
    return scale.framework.code, scale.name, scale.name_en, scale.model


def _framework(code: str, on: date) -> Framework:
    try:
        return framework_in_force(code, on)
    except Framework.DoesNotExist:
        raise _flawed(code, _("its framework has not been loaded")) from None


def _test(written: Mapping[str, Any]) -> AdaptiveTest:
    scale = Scale.objects.filter(code=written["scale"]).first()
    if scale is None:
        raise _flawed(written["code"], _("its scale has not been loaded"))
    quotas = {domain: str(Fraction(share)) for domain, share in written["quotas"].items()}
    _refuse_flaws(written["code"], scale, quotas)
    return AdaptiveTest(
        code=written["code"],
        version=written["version"],
        title=written["title_vi"],
        title_en=written["title_en"],
        scale=scale,
        purpose=written["purpose"],
        least_questions=written["least_questions"],
        most_questions=written["most_questions"],
        target_se=written["target_se"],
        minutes=written["minutes"],
        quotas=quotas,
        most_exposure=written["most_exposure"],
        target_group=written.get("target_group", ""),
        months_valid=written.get("months_valid"),
        about=written["about_vi"].strip(),
        about_en=written["about_en"].strip(),
    )


def _refuse_flaws(code: str, scale: Scale, quotas: Mapping[str, str]) -> None:
    components = scale.framework.components.values_list("code", flat=True)
    if not set(quotas) <= {domain_of(each) for each in components}:
        raise _flawed(code, _("it names a domain that its framework does not have"))
    if sum(map(Fraction, quotas.values())) > 1:
        raise _flawed(code, _("the shares of its domains are more than the whole"))


def _flawed(code: str, why: str) -> TestIsFlawed:
    return TestIsFlawed(
        _("%(code)s cannot be loaded: %(why)s.") % {"code": code, "why": why},
        _("Correct the packaged file."),
    )


def _content(test: AdaptiveTest) -> tuple[object, ...]:
    """Everything a test says, for comparing what is packaged with what was loaded."""
    left_out = {"id", "code", "version"}
    names = [field.attname for field in AdaptiveTest._meta.concrete_fields]  # noqa: SLF001
    return tuple(getattr(test, name) for name in names if name not in left_out)
