"""A key at a remote signing service (Cloud Signature Consortium API, version 2).

The service keeps the private key and signs hashes over HTTPS: `credentials/info` tells about the
key, `credentials/authorize` permits exactly the hashes of one batch, `signatures/signHash` signs
them. The bearer token and the PIN are the caller's affair and are never written down.
"""

import json
import ssl
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from cryptography import x509

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.certificates import Chain
from hocvu.signing.errors import KeyMissing, ServiceRefused, WrongPin
from hocvu.signing.wire import PATIENCE, Line

NO_KEY: Final = frozenset({"invalid_request", "invalid_credential"})
REFUSED_PIN: Final = frozenset({"invalid_pin", "invalid_otp"})


@dataclass(frozen=True)
class Service:
    """Where a signing service is, and how it knows us."""

    address: str  # "https://sign.example.vn/csc/v2"
    bearer: str = field(repr=False)
    trusted: ssl.SSLContext | None = field(default=None, repr=False)
    patience: float = PATIENCE


@dataclass(frozen=True)
class RemoteKey:
    """A key that a service keeps. `most` is how many hashes it signs at once."""

    service: Service
    credential: str
    pin: str = field(repr=False)
    chain: Chain
    algorithm: Algorithm
    most: int = 1

    @classmethod
    def of(
        cls, service: Service, credential: str, pin: str, algorithm: Algorithm | None = None
    ) -> "RemoteKey":
        """Ask the service about the key, and return it with its certificates."""
        with _desk(service) as desk:
            told = desk.ask("credentials/info", credentialID=credential, certificates="chain")
        try:
            if told["key"]["status"] != "enabled":
                raise KeyMissing(f"The key {credential} is not enabled.")
            octets = [b64decode(each) for each in told["cert"]["certificates"]]
            chain = tuple(x509.load_der_x509_certificate(each) for each in octets)
            chosen = algorithm or Algorithm.usual_for(chain[0].public_key())
            offered = told["key"]["algo"]
            most = max(int(told.get("multisign", 1)), 1)
        except (KeyError, IndexError, ValueError, TypeError) as odd:
            raise ServiceRefused("The signing service says nothing usable of the key.") from odd
        if chosen.signature_oid not in offered:
            raise ServiceRefused(f"The signing service does not sign with {chosen.value}.")
        return cls(service, credential, pin, chain, chosen, most)

    @contextmanager
    def open(self) -> Iterator["RemoteSession"]:
        with _desk(self.service) as desk:
            yield RemoteSession(self, desk)


class RemoteSession:
    """A line to the service, kept open for one batch."""

    def __init__(self, key: RemoteKey, desk: "_Desk") -> None:
        self.key = key
        self._desk = desk

    def sign(self, digests: Sequence[bytes]) -> list[bytes]:
        most = self.key.most
        parts = [digests[start : start + most] for start in range(0, len(digests), most)]
        return [signature for part in parts for signature in self._signed(part)]

    def _signed(self, digests: Sequence[bytes]) -> list[bytes]:
        key, algorithm = self.key, self.key.algorithm
        hashes = {
            "credentialID": key.credential,
            "hashes": [b64encode(each).decode("ascii") for each in digests],
            "hashAlgorithmOID": algorithm.hash_oid,
        }
        allowed = self._desk.ask(
            "credentials/authorize",
            numSignatures=len(digests),
            authData=[{"id": "PIN", "value": key.pin}],
            **hashes,
        )
        told = self._desk.ask(
            "signatures/signHash",
            SAD=allowed.get("SAD"),
            signAlgo=algorithm.signature_oid,
            signAlgoParams=b64encode(algorithm.pss_parameters).decode("ascii")
            if algorithm.is_rsa
            else None,
            **hashes,
        )
        try:
            return [b64decode(each, validate=True) for each in told["signatures"]]
        except (KeyError, ValueError, TypeError) as odd:
            raise ServiceRefused("The signing service returned no signatures.") from odd


class _Desk:
    """Questions and answers in JSON."""

    def __init__(self, line: Line, bearer: str) -> None:
        self._line = line
        self._headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {bearer}",
        }

    def ask(self, method: str, **values: Any) -> dict[str, Any]:
        """Return what the service answers; its errors (10.1) become refusals."""
        body = json.dumps({name: each for name, each in values.items() if each is not None})
        answer = self._line.post(body.encode(), self._headers, path=f"/{method}")
        try:
            told = json.loads(answer.body)
        except ValueError as odd:
            raise ServiceRefused("The signing service does not answer in JSON.") from odd
        if not isinstance(told, dict):
            raise ServiceRefused("The signing service does not answer as agreed.")
        if answer.status != HTTPStatus.OK:
            error = str(told.get("error", answer.status))
            refusal = WrongPin if error in REFUSED_PIN else KeyMissing if error in NO_KEY else None
            raise (refusal or ServiceRefused)(f"The signing service refused: {error}.")
        return told


@contextmanager
def _desk(service: Service) -> Iterator[_Desk]:
    if not service.address.startswith("https://"):
        raise ServiceRefused("A PIN goes to a signing service over https only.")
    with Line(service.address, service.patience, service.trusted) as line:
        yield _Desk(line, service.bearer)
