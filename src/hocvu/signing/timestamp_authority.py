"""A timestamp authority for development, demonstrations and tests (RFC 3161, 2.4).

It is a real one: whatever asks gets a token over its own bytes with this machine's time. Its
certificate says in both languages that it has no legal value.
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from asn1crypto import tsp

from hocvu.signing.cms import MessageWriter
from hocvu.signing.der import (
    BIT_STRING,
    GENERALIZED_TIME,
    SEQUENCE,
    der,
    der_integer,
    oid,
)
from hocvu.signing.keys.port import signatures_over
from hocvu.signing.keys.software import SoftwareKey
from hocvu.signing.timestamps import now

POLICY: Final = "2.25.287716348316236518411283425173466102849"  # a number by lot (X.667)
TST_INFO: Final = oid("1.2.840.113549.1.9.16.1.4")
GRANTED: Final = der(SEQUENCE, der_integer(0))
ACCURACY: Final = der(SEQUENCE, der_integer(1))  # seconds
REJECTED: Final = 2
BAD_ALGORITHM, BAD_FORMAT = 0, 5  # RFC 3161, 2.4.2: PKIFailureInfo
ACCEPTED_HASHES: Final = {"sha256": 32, "sha384": 48, "sha512": 64}
SERIAL_SIZE: Final = 63  # bits
LOOKS_UP_EVERY: Final = 0.05  # seconds, for a wish to stop
LARGEST_REQUEST: Final = 4096  # bytes


@dataclass(frozen=True)
class DevelopmentTimestampAuthority:
    """Answers requests in DER with responses in DER; `DevelopmentAuthority.timestamp_key` signs."""

    key: SoftwareKey
    clock: Callable[[], datetime] = now

    def answer(self, request: bytes) -> bytes:
        """Return the TimeStampResp; a request that cannot be answered is rejected in it."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint = asked["message_imprint"]
            size = ACCEPTED_HASHES.get(imprint["hash_algorithm"]["algorithm"].native)
            if size != len(imprint["hashed_message"].native):
                return _rejected(BAD_ALGORITHM)
            nonce = asked["nonce"].native
        except (ValueError, TypeError, KeyError):
            return _rejected(BAD_FORMAT)
        return der(SEQUENCE, GRANTED, self._token(imprint.dump(), nonce))

    def _token(self, imprint: bytes, nonce: int | None) -> bytes:
        said = der(
            SEQUENCE,
            der_integer(1),
            oid(POLICY),
            imprint,
            der_integer(secrets.randbits(SERIAL_SIZE)),
            der(GENERALIZED_TIME, f"{self.clock().astimezone(UTC):%Y%m%d%H%M%SZ}".encode("ascii")),
            ACCURACY,
            der_integer(nonce) if nonce is not None else b"",
        )
        attributes = self._messages.attributes(self.key.algorithm.digest(said))
        with self.key.open() as session:
            (signature,) = signatures_over(session, [self.key.algorithm.digest(attributes)])
        return self._messages.message_around(said, attributes, signature)

    @cached_property
    def _messages(self) -> MessageWriter:
        return MessageWriter(self.key.algorithm, self.key.chain, TST_INFO)


@contextmanager
def serving(
    authority: DevelopmentTimestampAuthority, host: str = "127.0.0.1", port: int = 0
) -> Iterator[str]:
    """Serve the authority over HTTP (RFC 3161, 3.4) while the block runs; gives its address."""

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length", 0)), LARGEST_REQUEST)
            octets = authority.answer(self.rfile.read(length))
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, *_words: Any) -> None:
            """Say nothing: whoever asks tells what came of it."""

    server = ThreadingHTTPServer((host, port), Desk)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(LOOKS_UP_EVERY,), daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _rejected(failure: int) -> bytes:
    """Return a rejection with its reason: one bit of a bit string (RFC 3161, 2.4.2)."""
    octets, bit = divmod(failure, 8)
    flags = bytes(octets) + bytes((0x80 >> bit,))
    status = der(SEQUENCE, der_integer(REJECTED), der(BIT_STRING, bytes((7 - bit,)) + flags))
    return der(SEQUENCE, status)
