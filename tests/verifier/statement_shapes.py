"""Statements spelled by hand, right and wrong."""

import base64
import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

# Frozen: what was once printed must be readable for ever. The key's secret is 1.
FROZEN_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
    "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    "name": "Trường Chính trị mẫu",
    "iss": "did:web:hocvu.example.vn",
}
ISSUED_AT = 1770224400  # 2026-02-05 00:00 in Vietnam
NAME = "6c4cc3aa205468e1bb8b204e61"  # "Lê Thị Na"
SERIAL = "524856435451472d323032362d303030313233"  # h'HVCTQG-2026-000123' as a byte string
OURS = "3a0001000082644c512d311a0012d687"  # {-65537: ["LQ-1", 1234567]}
PAYLOAD = bytes.fromhex("a402" + NAME + "061a69837b10" + "07" + SERIAL + OURS)


class Writer:
    """Spells statements by hand, right or wrong."""

    def __init__(self, secret=1):
        self.key = ec.derive_private_key(secret, ec.SECP256R1())
        numbers = self.key.public_key().public_numbers()
        x, y = (_b64(each.to_bytes(32, "big")) for each in (numbers.x, numbers.y))
        self.jwk = {**FROZEN_KEY, "x": x, "y": y}
        text = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
        self.key_id = hashlib.sha256(text.encode()).digest()[:4]

    def protected(self, **replaced):
        return replaced.get("protected", bytes.fromhex("a2012604 44") + self.key_id)

    def octets(self, payload=PAYLOAD, **replaced):
        protected = self.protected(**replaced)
        signed = b"\x84\x6aSignature1" + _bstr(protected) + b"\x40" + _bstr(payload)
        algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(self.key.sign(signed, algorithm))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return b"\x84" + _bstr(protected) + b"\xa0" + _bstr(payload) + _bstr(signature)

    def text(self, payload=PAYLOAD, **replaced):
        return address(self.octets(payload, **replaced))


def _b64(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _bstr(octets):
    size = len(octets)
    return (bytes((0x40 | size,)) if size < 24 else bytes((0x58, size))) + octets


def address(octets):
    return f"https://hocvu.example.vn/q#{int.from_bytes(octets, 'big')}"


PADDING = bytes.fromhex("781e") + b"A" * 30  # so that a short payload still has 200 digits
BROKEN_PAYLOADS = {
    "fields missing": bytes.fromhex("a102") + PADDING,
    "a field too many": PAYLOAD.replace(b"\xa4\x02", b"\xa5\x01\x61A\x02", 1),
    "a number in a longer form": PAYLOAD.replace(
        bytes.fromhex("1a69837b10"), bytes.fromhex("1b0000000069837b10")
    ),
    "before 1970": PAYLOAD.replace(bytes.fromhex("1a69837b10"), bytes.fromhex("3a69837b10")),
    "bytes for text": PAYLOAD.replace(b"\x64LQ-1", b"\x44LQ-1"),
    "two lines": PAYLOAD.replace(b"\x64LQ-1", b"\x64LQ\n1"),
    "a letter in two pieces": PAYLOAD.replace("Lê".encode(), b"Le\xcc\x82").replace(
        b"\x6cLe", b"\x6dLe"
    ),
    "no serial number": PAYLOAD.replace(b"\x52HVC", b"\x52HV\xff"),
    "something behind": PAYLOAD + b"\0",
    "cut off": PAYLOAD[:-1],
    "null": b"\xf6" + PADDING,
}
