"""Which network a request comes from, also behind proxies of ours."""

from collections.abc import Mapping, Sequence

from hocvu.kernel.addresses import address_from
from hocvu.verification.rules.allowances import network_of


def network_asking(asked: Mapping[str, str], proxies: Sequence[str]) -> str:
    """The network behind a request, by its CGI names; only proxies named here are believed."""
    connected, forwarded = asked.get("REMOTE_ADDR", ""), asked.get("HTTP_X_FORWARDED_FOR", "")
    return network_of(address_from(connected, forwarded, proxies))
