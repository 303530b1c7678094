"""Supervised rooms: codes, networks, and what a supervisor sees of a seat."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Said aloud and typed by everybody in a hall: 30 bits, and wrong ones are counted.
ROOM_CODE_LENGTH = 6
WRONG_CODES_ALLOWED = 8
WRONG_CODES_COUNT_FOR = timedelta(minutes=5)

# A page that is open is heard every few seconds; after this long somebody should walk over.
SILENT_AFTER = timedelta(seconds=60)

MOST_NETWORKS = 20


class NotANetwork(ValueError):
    """Not a network, or one so wide that it would lock nothing."""


class SeatState(Enum):
    """How far somebody in a supervised room is."""

    NOT_ENTERED = "not_entered"
    WRITING = "writing"
    SILENT = "silent"  # writing, but their device has not been heard lately
    HANDED_IN = "handed_in"
    VOIDED = "voided"


def seat_state(
    *,
    entered: bool,
    handed_in_at: datetime | None,
    voided_at: datetime | None,
    seen_at: datetime | None,
    at: datetime,
) -> SeatState:
    if not entered:
        return SeatState.NOT_ENTERED
    if voided_at is not None:
        return SeatState.VOIDED
    if handed_in_at is not None:
        return SeatState.HANDED_IN
    is_heard = seen_at is not None and seen_at >= at - SILENT_AFTER
    return SeatState.WRITING if is_heard else SeatState.SILENT


def as_network(text: str) -> str:
    """`203.0.113.7/24` as `203.0.113.0/24`; an address alone is a network of one."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise NotANetwork(text) from None
    if network.prefixlen == 0:
        raise NotANetwork(text)
    return str(network)


def is_inside(address: str, networks: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks; without networks there is no lock."""
    if not networks:
        return True
    place = _address(address)
    return place is not None and _is_in(place, map(ip_network, networks))


def address_from(remote: str, forwarded_for: str, trusted: Sequence[str]) -> str:
    """The address a request came from: the nearest one that no proxy of ours could have.

    `forwarded_for` is the header X-Forwarded-For, written by everybody on the way, the nearest
    last. Only what a trusted proxy wrote is believed; anybody else may have made it up.
    """
    proxies = [ip_network(each) for each in trusted]
    nearest = remote
    for named in [*forwarded_for.split(","), remote][::-1]:
        place = _address(named)
        if place is None:
            return nearest
        nearest = str(place)
        if not _is_in(place, proxies):
            return nearest
    return nearest


def _address(text: str) -> Address | None:
    try:
        place = ip_address(text.strip())
    except ValueError:
        return None
    mapped = place.ipv4_mapped if isinstance(place, IPv6Address) else None
    return mapped or place


def _is_in(place: Address, networks: Iterable[Network]) -> bool:
    return any(place in network for network in networks if place.version == network.version)
