"""What signing asks of a key, wherever it lives: digests in, raw signatures out.

Invariant: a private key never leaves the place that holds it, and no document ever goes there.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.certificates import Chain, require_may_sign
from hocvu.signing.errors import KeyDoesNotMatch


class Key(Protocol):
    """A key, the certificate about it, and those who vouch for that."""

    @property
    def algorithm(self) -> Algorithm: ...

    @property
    def chain(self) -> Chain:
        """Return the signer's certificate first, then its issuer's, and so on."""
        ...

    def open(self) -> "AbstractContextManager[Session]":
        """Open the key for one batch. Raises a `SigningRefused` that says why it cannot be."""
        ...


class Session(Protocol):
    """A key that is open. It belongs to one thread."""

    @property
    def key(self) -> Key: ...

    def sign(self, digests: Sequence[bytes]) -> list[bytes]:
        """Return one raw signature for each digest of the algorithm's hash, in their order.

        All of them, or an exception: what a device did before it failed is thrown away.
        """
        ...


def signatures_over(session: Session, digests: Sequence[bytes]) -> list[bytes]:
    """Return the signatures in their one spelling, each checked against the certificate."""
    algorithm, signer = session.key.algorithm, session.key.chain[0].public_key()
    signatures = [algorithm.canonical(each) for each in session.sign(digests)]
    if len(signatures) != len(digests):
        raise KeyDoesNotMatch("The key returned another number of signatures than was asked for.")
    for digest, signature in zip(digests, signatures, strict=True):
        algorithm.require_signed(signer, digest, signature)
    return signatures


def require_usable(key: Key, at: datetime) -> None:
    """Refuse a key that may not sign at that moment; asked before the first signature."""
    require_may_sign(key.chain, at)
    key.algorithm.require_suits(key.chain[0].public_key())
