"""A key in a token or hardware security module, through PKCS#11 (OASIS PKCS #11 v3.1).

The maker's library is somebody else's machine code: it is loaded in a process of its own
(`token_process.py`), with one session and one thread, because some do not bear more. If it
crashes, hangs, or the token is pulled out, that process dies or says so; here it becomes a
refusal, and no part of the batch is used.

Why a crash is safe: the process writes nothing and ends when its input ends.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.certificates import Chain
from hocvu.signing.errors import (
    KeyDoesNotMatch,
    KeyMissing,
    SigningRefused,
    TokenGone,
    UnsuitableKey,
    WrongPin,
)

_PROCESS: Final = Path(__file__).parent / "token_process.py"
_PATIENCE: Final = 120.0  # seconds for one answer; a slow token signs one or two in a second
_REFUSALS: Final[dict[str, type[SigningRefused]]] = {
    "missing": KeyMissing,
    "pin": WrongPin,
    "gone": TokenGone,
    "unsuitable": UnsuitableKey,
}


@dataclass(frozen=True)
class Place:
    """Where in which token a key is found."""

    module: Path  # the maker's library, for example /usr/lib/softhsm/libsofthsm2.so
    token_label: str
    key_label: str


@dataclass(frozen=True)
class TokenKey:
    """A key that stays in its device; the PIN is kept by the caller and never written down."""

    place: Place
    pin: str = field(repr=False)
    chain: Chain
    algorithm: Algorithm
    patience: float = _PATIENCE

    def __post_init__(self) -> None:
        if not self.chain:
            raise KeyMissing("There is no certificate about the key in the token.")
        self.algorithm.require_suits(self.chain[0].public_key())

    @classmethod
    def in_token(
        cls,
        place: Place,
        pin: str,
        *,
        authorities: Chain = (),
        algorithm: Algorithm | None = None,
    ) -> "TokenKey":
        """Return the key at `place` with the certificate of the same name in the token.

        `authorities` are put behind it: its issuer first.
        """
        with _Process(place, pin, None, _PATIENCE) as process:
            octets = process.certificate
        if octets is None:
            raise KeyMissing(f"The token holds no certificate named {place.key_label}.")
        signer = x509.load_der_x509_certificate(octets)
        chosen = algorithm or Algorithm.usual_for(signer.public_key())
        return cls(place, pin, (signer, *authorities), chosen)

    @contextmanager
    def open(self) -> Iterator["TokenSession"]:
        with _Process(self.place, self.pin, self.algorithm, self.patience) as process:
            yield TokenSession(self, process)


class TokenSession:
    """The token is logged into, in a process of its own."""

    def __init__(self, key: TokenKey, process: "_Process") -> None:
        self.key = key
        self._process = process

    @property
    def process_id(self) -> int:
        return self._process.process_id

    def sign(self, digests: Sequence[bytes]) -> list[bytes]:
        raw = self._process.sign(digests)
        if self.key.algorithm.is_rsa:
            return raw
        return [_as_der(each) for each in raw]


class _Process:
    """The process that holds the library; spoken to in lines of JSON over its input and output."""

    def __init__(
        self, place: Place, pin: str, algorithm: Algorithm | None, patience: float
    ) -> None:
        self._patience = patience
        self._greeting = {
            "module": str(place.module),
            "token": place.token_label,
            "key": place.key_label,
            "pin": pin,  # by the pipe: arguments and environment can be read by others
            "hash": algorithm.hash_name if algorithm else None,
            "rsa": algorithm.is_rsa if algorithm else None,
        }

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(  # noqa: S603 - our own file, no shell, no outside words
            [sys.executable, "-I", str(_PROCESS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            found = self._ask(self._greeting).get("certificate")
        except BaseException:
            self._stop()
            raise
        self.certificate = bytes.fromhex(found) if found else None
        return self

    def __exit__(self, *_reason: object) -> None:
        self._stop()

    @property
    def process_id(self) -> int:
        return self._child.pid

    def sign(self, digests: Sequence[bytes]) -> list[bytes]:
        answer = self._ask({"digests": [each.hex() for each in digests]})
        return [bytes.fromhex(each) for each in answer["signatures"]]

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        alarm = threading.Timer(self._patience, self._child.kill)
        alarm.start()
        try:
            answer = self._exchange(question)
        finally:
            alarm.cancel()
        if refused := answer.get("refused"):
            raise _REFUSALS[refused](answer["sentence"])
        return answer

    def _exchange(self, question: dict[str, Any]) -> dict[str, Any]:
        gone = TokenGone("The process that holds the token ended, or did not answer in time.")
        try:
            _pipe(self._child.stdin).write(json.dumps(question) + "\n")
            _pipe(self._child.stdin).flush()
            line = _pipe(self._child.stdout).readline()
        except OSError as broken:
            raise gone from broken
        if not line.endswith("\n"):
            raise gone
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _stop(self) -> None:
        self._child.kill()  # it keeps nothing that would have to be put in order
        for pipe in (self._child.stdin, self._child.stdout):
            try:
                _pipe(pipe).close()
            except BrokenPipeError:  # what was not sent was a question to a dead process
                continue
        self._child.wait()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise TokenGone("The process that holds the token has no pipe.")
    return stream


def _as_der(raw: bytes) -> bytes:
    """Return an ECDSA signature in DER; tokens give r and s side by side (PKCS #11, 6.3.13)."""
    half, rest = divmod(len(raw), 2)
    if rest or not half:
        raise KeyDoesNotMatch("The token returned something that is no signature.")
    return encode_dss_signature(
        int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
    )
