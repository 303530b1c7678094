"""Telling holders and registrars about requests for corrections."""

from datetime import datetime

from hocvu.kernel.time import day_of
from hocvu.notices.actions import News, tell
from hocvu.people.models import RoleGrant
from hocvu.wallet.models import CorrectionRequest


def tell_registrars(request: CorrectionRequest, *, serial_number: str, at: datetime) -> None:
    """Those of the unit that ran the class itself; who stands above it finds it in the list."""
    host_unit = request.certificate.entry.decision.training_class.host_unit_id
    registrars = (
        RoleGrant.objects.in_force_on(day_of(at))
        .filter(unit=host_unit, role="registrar")
        .values_list("person", "person__email")
        .distinct()
    )
    facts = {"request_id": request.pk, "serial_number": serial_number}
    news = [News(str(request.pk), person, address, facts) for person, address in registrars]
    tell("correction_asked", news, at=at)


def tell_holder(request: CorrectionRequest, *, serial_number: str, at: datetime) -> None:
    """That there is an answer; what it says stands on the page."""
    holder = request.asked_by
    facts = {"certificate_id": request.certificate_id, "serial_number": serial_number}
    news = [News(str(request.pk), holder.pk, holder.email, facts)]
    tell("correction_refused", news, at=at)
