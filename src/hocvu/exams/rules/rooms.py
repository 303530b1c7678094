"""Supervised rooms: codes, networks, and what a supervisor sees of a seat."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import ip_network

from hocvu.kernel.addresses import address_of, is_in

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
    place = address_of(address)
    return place is not None and is_in(place, map(ip_network, networks))
