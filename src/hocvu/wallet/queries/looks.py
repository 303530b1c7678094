"""How often somebody looked at a certificate in the last weeks. Never who: that is not kept."""

from dataclasses import dataclass

from django.db.models import Sum

from hocvu.credentials.models import Certificate
from hocvu.verification.queries.checks import checks_of
from hocvu.wallet.models import ShareOpening


@dataclass(frozen=True)
class Looks:
    """Counts of the last ninety days."""

    by_links: int
    by_checks: int


def looks_at(certificate: Certificate) -> Looks:
    """Openings of links that show this certificate, and checks of it by code, file or program."""
    links = ShareOpening.objects.filter(share__shown__certificate=certificate)
    checks = checks_of([certificate.pk])
    return Looks(
        links.aggregate(n=Sum("count", default=0))["n"],
        checks.aggregate(n=Sum("count", default=0))["n"],
    )
