"""A small real signing service (Cloud Signature Consortium API), over HTTPS on this machine."""

import json
import ssl
import threading
from base64 import b64decode, b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hocvu.signing import Service, SoftwareKey

PIN = "483920"
BEARER = "a bearer token"


@dataclass
class SigningService:
    """The four questions of the CSC API that matter, answered with software keys."""

    keys: dict[str, SoftwareKey]
    multisign: int = 10
    enabled: bool = True
    spoiled: bool = False  # forgets to return signatures
    asked: list[str] = field(default_factory=list)
    allowed: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, method, question, bearer):
        self.asked.append(method)
        if bearer != f"Bearer {BEARER}":
            return 401, {"error": "invalid_token"}
        key = self.keys.get(question["credentialID"])
        if key is None:
            return 400, {"error": "invalid_request"}
        return getattr(self, "_" + method.rpartition("/")[2].lower())(key, question)

    def _info(self, key, _question):
        certificates = [
            b64encode(each.public_bytes(serialization.Encoding.DER)).decode() for each in key.chain
        ]
        return 200, {
            "key": {
                "status": "enabled" if self.enabled else "disabled",
                "algo": [key.algorithm.signature_oid],
            },
            "cert": {"certificates": certificates},
            "multisign": self.multisign,
        }

    def _authorize(self, _key, question):
        if question["authData"] != [{"id": "PIN", "value": PIN}]:
            return 400, {"error": "invalid_pin"}
        if question["numSignatures"] > self.multisign:
            return 400, {"error": "invalid_request"}
        sad = f"sad-{len(self.allowed)}"
        self.allowed[sad] = question["hashes"]
        return 200, {"SAD": sad}

    def _signhash(self, key, question):
        if self.allowed.pop(question["SAD"], None) != question["hashes"]:
            return 400, {"error": "invalid_sad"}
        if self.spoiled:
            return 200, {}
        digests = [b64decode(each) for each in question["hashes"]]
        with key.open() as session:
            return 200, {"signatures": [b64encode(each).decode() for each in session.sign(digests)]}


@contextmanager
def served(service, folder):
    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            method = self.path.removeprefix("/csc/v2/")
            status, told = service.answer(method, question, self.headers["Authorization"])
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.socket = _context(folder).wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    trusted = ssl.create_default_context(cafile=str(folder / "server.pem"))
    try:
        yield Service(f"https://127.0.0.1:{server.server_port}/csc/v2", BEARER, trusted)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _context(folder):
    """A server context with a certificate of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "signing service")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .public_key(key.public_key())
        .subject_name(name)
        .issuer_name(name)
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = folder / "server.pem"
    file.write_bytes(certificate.public_bytes(pem))
    private = folder / "server.key"
    private.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    return context
