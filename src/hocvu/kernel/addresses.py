"""Internet addresses: where a request came from, and whether that is in a network."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def address_from(remote: str, forwarded_for: str, trusted: Sequence[str]) -> str:
    """The address a request came from: the nearest one that no proxy of ours could have.

    `forwarded_for` is the header X-Forwarded-For, written by everybody on the way, the nearest
    last. Only what a trusted proxy wrote is believed; anybody else may have made it up.
    """
    proxies = [ip_network(each) for each in trusted]
    nearest = remote
    for named in [*forwarded_for.split(","), remote][::-1]:
        place = address_of(named)
        if place is None:
            return nearest
        nearest = str(place)
        if not is_in(place, proxies):
            return nearest
    return nearest


def address_of(text: str) -> Address | None:
    """What a text names; IPv4 in IPv6 (RFC 4291, 2.5.5.2) is IPv4. None: nothing."""
    try:
        place = ip_address(text.strip())
    except ValueError:
        return None
    mapped = place.ipv4_mapped if isinstance(place, IPv6Address) else None
    return mapped or place


def is_in(place: Address, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of the networks."""
    return any(place in network for network in networks if place.version == network.version)
