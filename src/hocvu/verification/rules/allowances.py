"""How much one address may ask in a minute, and what each question costs.

Codes have 80 random bits, so nobody finds one by trying; the limit keeps the service for
everybody. A found certificate is cheap, because a whole school may sit behind one address.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address

FOUND, NOT_FOUND, FILE = 1, 10, 10
NOT_MATCHED = 50  # a serial number with another name: serial numbers can be guessed, names tried
A_MINUTE = 600  # so: 600 certificates that are found, or 60 codes that are not, or 60 files
WITH_A_KEY = 60_000
MOST_AT_ONCE = 500  # questions in one request, rows in one sheet
_KEY_BYTES = 16
_IPV6_NETWORK_BITS = 64  # one household or phone has a whole /64


@dataclass(frozen=True)
class Purse:
    """Whose minute is counted. The key tells nobody which address it stands for."""

    key: bytes
    minute: int
    budget: int = A_MINUTE


def purse_of(secret: bytes, who: str, at: datetime, *, budget: int = A_MINUTE) -> Purse:
    """The purse of an address or a key's name, new each minute."""
    minute = int(at.timestamp()) // 60
    named = f"{minute}:{who}".encode()
    return Purse(hmac.digest(secret, named, "sha256")[:_KEY_BYTES], minute, budget)


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(int(parsed) >> _IPV6_NETWORK_BITS)
    return str(parsed)
