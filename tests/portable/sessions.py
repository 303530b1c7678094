"""A P-256 key that signs digests, as `hocvu.portable.keys.Session` wants it."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from hocvu.portable.keys import PublicKey


class KeyInMemory:
    def __init__(self, key=None):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.calls = 0

    def sign(self, digests):
        self.calls += 1
        algorithm = ec.ECDSA(Prehashed(hashes.SHA256()), deterministic_signing=True)
        return [self.key.sign(digest, algorithm) for digest in digests]

    def public(self, **about):
        about = {"name": "Trường Chính trị mẫu", "did": "did:web:hocvu.example.vn"} | about
        return PublicKey.of(self.key.public_key(), **about)
