"""Timestamps on signatures (RFC 3161; RFC 5816): asks an authority, and checks what it says.

A token proves that a signature existed at a time, by the word of somebody else. It is taken only
when it speaks about our bytes, answers our question (nonce), was signed by a trusted authority for
timestamps and by nothing else, and its time is about now by our own clock.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Final, Self

from cryptography import x509

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.der import (
    OCTET_STRING,
    SEQUENCE,
    TRUE,
    der,
    der_integer,
)
from hocvu.signing.errors import (
    ServiceUnreachable,
    TimestampNotAcceptable,
    TimestampUnavailable,
)
from hocvu.signing.tokens_of_time import TimeProof, read_answer
from hocvu.signing.wire import PATIENCE, Line, is_good

HEADERS: Final = {"Content-Type": "application/timestamp-query"}  # RFC 3161, 3.4
NONCE_SIZE: Final = 64  # bits
CLOCKS_MAY_DIFFER: Final = timedelta(minutes=5)
SLACK: Final = 64  # bytes by which tokens of one authority differ in length
LANES: Final = 4  # questions under way at once

Ask = Callable[[bytes], bytes]  # a request in DER to a response in DER


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class TimestampClient:
    """Gets a token for each signature. `roots` are the authorities whose word on time is taken."""

    new_line: Callable[[], AbstractContextManager[Ask]]  # each is used by one thread, then closed
    roots: Sequence[x509.Certificate]
    algorithm: Algorithm = Algorithm.ECDSA_P256_SHA256  # only its hash is used
    clock: Callable[[], datetime] = now
    tolerance: timedelta = CLOCKS_MAY_DIFFER
    lanes: int = LANES

    @classmethod
    def at(
        cls, address: str, roots: Sequence[x509.Certificate], *, patience: float = PATIENCE
    ) -> Self:
        """Return a client of the authority at this address (http or https)."""
        return cls(partial(_over_http, address, patience), roots)

    @classmethod
    def beside(cls, ask: Ask, roots: Sequence[x509.Certificate]) -> Self:
        """Return a client of an authority in this process."""
        return cls(lambda: nullcontext(ask), roots)

    @cached_property
    def longest(self) -> int:
        """Return how many bytes a token takes at most. Asks once, so it also says "down" early."""
        probe = self.proof_of(secrets.token_bytes(self.algorithm.hash.digest_size))
        return len(probe.token) + SLACK

    def over(self, signatures: Sequence[bytes]) -> list[bytes]:
        """Return one token for each signature: all, or an exception."""
        digests = [self.algorithm.digest(each) for each in signatures]
        lanes = min(self.lanes, len(digests))
        if lanes <= 1:
            return self._tokens(digests)
        with ThreadPoolExecutor(lanes) as threads:
            parts = list(threads.map(self._tokens, (digests[lane::lanes] for lane in range(lanes))))
        return [parts[number % lanes][number // lanes] for number in range(len(digests))]

    def proof_of(self, digest: bytes) -> TimeProof:
        """Return the checked token over a digest of this client's hash."""
        with self.new_line() as ask:
            return self._asked(ask, digest)

    def _tokens(self, digests: Sequence[bytes]) -> list[bytes]:
        with self.new_line() as ask:
            return [self._asked(ask, each).token for each in digests]

    def _asked(self, ask: Ask, digest: bytes) -> TimeProof:
        nonce = secrets.randbits(NONCE_SIZE)
        try:
            answer = ask(request_for(self.algorithm, digest, nonce))
        except ServiceUnreachable as down:
            raise TimestampUnavailable(str(down)) from down
        proof = read_answer(answer, self.roots)
        if proof.nonce != nonce:
            raise TimestampNotAcceptable("The timestamp answers another question.")
        if (proof.hash_name, proof.digest) != (self.algorithm.hash_name, digest):
            raise TimestampNotAcceptable("The timestamp is about other bytes.")
        if abs(proof.at - self.clock()) > self.tolerance:
            raise TimestampNotAcceptable(
                f"The timestamp says {proof.at.isoformat()}; the clocks differ too much."
            )
        return proof


def request_for(algorithm: Algorithm, digest: bytes, nonce: int) -> bytes:
    """Return a TimeStampReq (RFC 3161, 2.4.1) that asks for the certificate as well."""
    imprint = der(SEQUENCE, algorithm.digest_identifier, der(OCTET_STRING, digest))
    return der(SEQUENCE, der_integer(1), imprint, der_integer(nonce), TRUE)


@contextmanager
def _over_http(address: str, patience: float) -> Iterator[Ask]:
    with Line(address, patience) as line:

        def ask(request: bytes) -> bytes:
            answer = line.post(request, HEADERS)
            if not is_good(answer):
                raise TimestampUnavailable(f"The timestamp authority answered {answer.status}.")
            return answer.body

        yield ask
