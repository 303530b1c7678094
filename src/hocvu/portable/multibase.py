"""Multibase base58btc (W3C Controlled Identifiers, §2.4) and Multikey for P-256 (§2.2.2)."""

from typing import Final

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
P256_PUBLIC: Final = b"\x80\x24"  # multicodec 0x1200 as a variable-length integer


def base58(octets: bytes) -> str:
    """Return `octets` in base58btc behind its multibase letter."""
    number, letters = int.from_bytes(octets, "big"), ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    zeros = len(octets) - len(octets.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + letters


def multikey(x: bytes, y: bytes) -> str:
    """Return a P-256 public key as Multikey: compressed (SEC 1, 2.3.3), with its codec in front."""
    return base58(P256_PUBLIC + bytes((2 + (y[-1] & 1),)) + x)
