"""How often certificates were checked, for those who hold them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from hocvu.credentials.models import Certificate
from hocvu.verification.models import CheckCount


def checks_of(certificates: QuerySet[Certificate] | Iterable[int]) -> QuerySet[CheckCount]:
    """The counts of these certificates, the last day first; a holder asks about their own."""
    return (
        CheckCount.objects.filter(certificate__in=certificates)
        .select_related("access_key", "certificate")
        .defer("certificate__stored_file", "certificate__tail")
        .order_by("-checked_on", "certificate", "way", "pk")
    )
