"""Loading the templates that come with the system."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from hocvu.audit.actions import record
from hocvu.kernel.time import day_of
from hocvu.stationery.models import CertificateTemplate, TemplateVersion
from hocvu.stationery.rules.look import complete_look

DESIGNS = Path(__file__).parent.parent / "designs"


@transaction.atomic
def load_templates(*, at: datetime) -> int:
    """Load what is new in the packaged templates; how many versions that made.

    A changed design becomes the next version, in use from this day on; versions that stand stay
    as they are. A second run changes nothing.
    """
    made = 0
    for packaged in tomllib.loads((DESIGNS / "templates.toml").read_text("utf-8"))["template"]:
        template, _is_new = CertificateTemplate.objects.get_or_create(
            issuer=None,
            code=packaged["code"],
            defaults={
                "kind": packaged["kind"],
                "name": packaged["name"],
                "name_en": packaged["name_en"],
                "made_at": at,
            },
        )
        made += _load_version(template, packaged, at)
    if made:
        record("templates_loaded", "stationery.certificatetemplate", by=None, at=at, count=made)
    return made


def design_source(name: str) -> str:
    """The typst source of a packaged design."""
    return (DESIGNS / name).read_text(encoding="utf-8")


def _load_version(template: CertificateTemplate, packaged: dict[str, Any], at: datetime) -> bool:
    source, look = design_source(packaged["design"]), complete_look(packaged.get("look", {}))
    last = template.versions.order_by("-number").first()
    if last is not None and last.source == source and last.look == look:
        return False
    TemplateVersion.objects.create(
        template=template,
        number=last.number + 1 if last else 1,
        source=source,
        look=look,
        written_at=at,
        approved_at=at,
        effective_from=day_of(at),
    )
    return True
