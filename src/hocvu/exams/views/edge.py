"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest

from hocvu.kernel.addresses import address_from


def address_of(request: HttpRequest) -> str:
    """Where a request came from.

    X-Forwarded-For is believed only from the proxies that `settings.TRUSTED_PROXIES` names as
    networks; without any, it is the address of the connection.
    """
    return address_from(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        getattr(settings, "TRUSTED_PROXIES", ()),
    )
