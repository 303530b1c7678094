"""What a credential says was achieved, and by whom it was certified: for everybody to read.

Open Badges 3.0, §B.1.2 (Achievement) and §B.1.20 (Profile). Nobody's name stands here.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hocvu.courses.models import Mode, Programme
from hocvu.portable.achievement import Achievement
from hocvu.recognition.models import RecognitionDecision
from hocvu.trust.queries.signing_keys import did
from hocvu.ui.templatetags.figures import percent
from hocvu.units.models import Unit

_ACHIEVEMENT = "/achievements/{programme}/{issuer}"
_ISSUER = "/issuers/{issuer}"
IMAGE = "/achievements/image.svg"


def achievement_of(
    programme: Programme, issuer: Unit, *, kind: str = "CertificateOfCompletion", name: str = ""
) -> Achievement:
    """The achievement of a programme as this issuer certifies it, in the language of the page.

    `name` is what the certificate calls it, where that reads otherwise today.
    """
    english = get_language() == "en"
    return Achievement(
        address=settings.SITE_ADDRESS
        + _ACHIEVEMENT.format(programme=programme.pk, issuer=issuer.pk),
        name=name or (programme.name_en if english else programme.name),
        description=_("A programme of %(days)s days for: %(group)s. Form: %(mode)s.")
        % {
            "days": programme.days,
            "group": programme.target_group or _("everyone"),
            "mode": Mode(programme.mode).label,
        },
        criteria=_criteria(programme),
        kind=kind,
        language=get_language() or "vi",
        code=programme.code,
        image=settings.SITE_ADDRESS + IMAGE,
    )


def certified(programme_id: int, issuer_id: int) -> tuple[Programme, Unit] | None:
    """Programme and issuer, if this issuer ever certified this programme."""
    decisions = RecognitionDecision.objects.select_related("training_class__programme", "issuer")
    found = decisions.filter(training_class__programme=programme_id, issuer=issuer_id).first()
    return (found.training_class.programme, found.issuer) if found else None


def issuer_with(unit_id: int) -> Unit | None:
    """The unit, if it ever certified anything."""
    decision = RecognitionDecision.objects.select_related("issuer").filter(issuer=unit_id).first()
    return decision.issuer if decision else None


def programmes_certified_by(issuer: Unit) -> list[Programme]:
    """What this issuer certified at least once, by name."""
    certified = RecognitionDecision.objects.filter(issuer=issuer)
    programmes = Programme.objects.filter(pk__in=certified.values("training_class__programme"))
    return list(programmes.order_by("name", "version"))


def issuer_address(issuer: Unit) -> str:
    return settings.SITE_ADDRESS + _ISSUER.format(issuer=issuer.pk)


def profile_of(issuer: Unit) -> dict[str, Any]:
    """The issuer as credentials name it: one identifier for the installation, its own name."""
    return {
        "id": did(),
        "type": ["Profile"],
        "name": issuer.name,
        "url": issuer_address(issuer),
    }


def _criteria(programme: Programme) -> str:
    share = percent(programme.required_attendance)
    if programme.paper_code:
        return _("Attended at least %(share)s of the half days and passed the test.") % {
            "share": share
        }
    return _("Attended at least %(share)s of the half days.") % {"share": share}
