"""Asking services on the network, and fetching revocation lists from them."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hocvu.signing import EvidenceMissing, ServiceUnreachable, fetch_lists
from hocvu.signing.wire import LARGEST_ANSWER, Line
from signing.specimens import SIGNED_AT


@contextmanager
def serving(answer, *, hangs_up=False):
    """A server that gives the same answer to everybody, and counts the connections."""
    opened = []

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            opened.append(1)
            super().setup()

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            self.close_connection = hangs_up

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/list.crl", opened
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_connection_is_kept_between_questions():
    with serving(b"yes") as (address, opened), Line(address) as line:
        bodies = [line.get().body for _ in range(3)]

    assert bodies == [b"yes"] * 3
    assert len(opened) == 1


def test_a_connection_that_was_hung_up_is_opened_again():
    with serving(b"yes", hangs_up=True) as (address, opened), Line(address) as line:
        bodies = [line.get().body for _ in range(3)]

    assert bodies == [b"yes"] * 3
    assert len(opened) == 3


def test_an_answer_without_end_is_not_read():
    with (
        serving(bytes(LARGEST_ANSWER + 1)) as (address, _opened),
        Line(address) as line,
        pytest.raises(ServiceUnreachable),
    ):
        line.get()


@pytest.mark.parametrize("address", ["", "ftp://a.example/", "https:///path", "file:///etc/hosts"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ServiceUnreachable):
        Line(address)


# --- Revocation lists -----------------------------------------------------------------------------


def _certificate_naming(*addresses):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "signer")])
    points = [
        x509.DistributionPoint([x509.UniformResourceIdentifier(each)], None, None, None)
        for each in addresses
    ]
    builder = (
        x509.CertificateBuilder()
        .public_key(key.public_key())
        .subject_name(name)
        .issuer_name(name)
        .serial_number(1)
        .not_valid_before(SIGNED_AT)
        .not_valid_after(SIGNED_AT + timedelta(days=1))
    )
    if points:
        builder = builder.add_extension(x509.CRLDistributionPoints(points), critical=False)
    return builder.sign(key, hashes.SHA256())


@pytest.mark.parametrize("encoding", [serialization.Encoding.DER, serialization.Encoding.PEM])
def test_a_list_is_fetched_once_for_all_that_name_it(authority, encoding):
    wanted = authority.revocation_list(SIGNED_AT)

    with serving(wanted.public_bytes(encoding)) as (address, opened):
        lists = fetch_lists([_certificate_naming(address), _certificate_naming(address)])

    assert lists == (wanted,)
    assert len(opened) == 1


def test_the_second_address_is_asked_when_the_first_is_down(authority):
    wanted = authority.revocation_list(SIGNED_AT)

    with serving(wanted.public_bytes(serialization.Encoding.DER)) as (address, _opened):
        lists = fetch_lists([_certificate_naming("http://127.0.0.1:9/gone.crl", address)])

    assert lists == (wanted,)


def test_a_list_that_cannot_be_had_is_said_to_be_missing():
    with serving(b"no list") as (address, _opened), pytest.raises(EvidenceMissing):
        fetch_lists([_certificate_naming(address)])


def test_certificates_that_name_no_list_need_none():
    assert fetch_lists([_certificate_naming()]) == ()
