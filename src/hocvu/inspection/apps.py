"""Wiring of this room."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvu.ui.navigation import Tab, is_signed_in, register_tab


class InspectionConfig(AppConfig):
    name = "hocvu.inspection"
    label = "inspection"

    def ready(self) -> None:
        label = _("The whole chain")
        register_tab("decision", "inspection", Tab(label, _chain_of_decision, _anybody))
        register_tab("certificate", "inspection", Tab(label, _chain_of_certificate, _sees))


def _chain_of_decision(decision: Any) -> str:
    return reverse("inspection:decision_chain", args=[decision.pk])


def _chain_of_certificate(certificate: Any) -> str:
    return reverse("inspection:certificate_chain", args=[certificate.pk])


def _anybody(request: HttpRequest, _thing: object) -> bool:
    return is_signed_in(request)


def _sees(request: HttpRequest, certificate: Any) -> bool:
    """Whoever sees the register; a holder does not, and reads the certificate alone."""
    from hocvu.credentials.queries.certificates import certificates_open_to  # noqa: PLC0415

    user = request.user
    return (
        user.is_authenticated
        and certificates_open_to(user.person).filter(pk=certificate.pk).exists()
    )
