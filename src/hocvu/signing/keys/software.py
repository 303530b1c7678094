"""A key in the memory of this process, perhaps out of a PKCS#12 file (RFC 7292).

For development, tests, and institutions that were given a file. It signs as fast as the processor
can; nothing guards it but the rights on its file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import pkcs12

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.certificates import Chain
from hocvu.signing.errors import KeyDoesNotMatch, KeyMissing, UnsuitableKey, WrongPin

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class SoftwareKey:
    """A private key and its certificates. Refuses a pair that does not belong together."""

    private_key: PrivateKey = field(repr=False)
    chain: Chain
    algorithm: Algorithm

    def __post_init__(self) -> None:
        self.algorithm.require_suits(self.private_key.public_key())
        if not self.chain or self.chain[0].public_key() != self.private_key.public_key():
            raise KeyDoesNotMatch("The key does not belong to the signer's certificate.")

    @classmethod
    def of(cls, private_key: PrivateKey, chain: Chain, algorithm: Algorithm | None = None) -> Self:
        """Return the key with the algorithm usual for its kind, or the one asked for."""
        chosen = algorithm or Algorithm.usual_for(private_key.public_key())
        return cls(private_key, chain, chosen)

    @classmethod
    def from_pkcs12(cls, file: Path, password: str) -> Self:
        """Read the key and certificates of a `.p12` or `.pfx` file."""
        try:
            octets = file.read_bytes()
        except OSError as absent:
            raise KeyMissing(
                f"The key file {file.name} cannot be read: {absent.strerror}."
            ) from absent
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(octets, password.encode())
        except ValueError as refused:
            raise WrongPin(f"{file.name} does not open with this password.") from refused
        if key is None or certificate is None:
            raise KeyMissing(f"{file.name} does not hold a key and its certificate.")
        if not isinstance(key, PrivateKey):
            raise UnsuitableKey("The key is neither RSA nor ECDSA.")
        return cls.of(key, _linked(certificate, others))

    @contextmanager
    def open(self) -> Iterator["SoftwareSession"]:
        yield SoftwareSession(self)


@dataclass(frozen=True)
class SoftwareSession:
    """A software key is always open."""

    key: SoftwareKey

    def sign(self, digests: Sequence[bytes]) -> list[bytes]:
        algorithm, private = self.key.algorithm, self.key.private_key
        hashed = Prehashed(algorithm.hash)
        if isinstance(private, rsa.RSAPrivateKey):
            pss = algorithm.pss()
            return [private.sign(each, pss, hashed) for each in digests]
        curve_signature = ec.ECDSA(hashed)
        return [private.sign(each, curve_signature) for each in digests]


def _linked(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> Chain:
    """Return the chain above `certificate`, as far as `others` reach, the issuer first."""
    chain = [certificate]
    by_subject = {each.subject: each for each in others}
    while issuer := by_subject.pop(chain[-1].issuer, None):
        chain.append(issuer)
    return tuple(chain)
