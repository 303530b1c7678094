"""A register's log, lists and keys read by https, as an outsider does it.

What answers is believed only if an authority that this machine trusts vouches for the address.
"""

import json
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hocvu.portable.did import did_document, did_web, document_address
from hocvu.portable.keys import PublicKey, key_set
from hocvu.register import commands
from hocvu.register.fetching import NotReachable, Site
from hocvu_verifier import Issuers
from register.log_scene import LOG_KEY, NOON, Log

HERE = "127.0.0.1"
PEM = serialization.Encoding.PEM


def authority_and_server(folder):
    """An authority's certificate, and key with certificate of a server at this address."""
    now, names = (
        datetime.now(UTC),
        [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in ("Gốc", HERE)],
    )
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in names]
    extensions = [
        [
            (x509.BasicConstraints(ca=True, path_length=None), True),
            (x509.SubjectKeyIdentifier.from_public_key(keys[0].public_key()), False),
        ],
        [
            (x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), False),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), False),
        ],
    ]
    written = []
    for serial, (name, key, more) in enumerate(zip(names, keys, extensions, strict=True), 1):
        builder = x509.CertificateBuilder(
            issuer_name=names[0],
            subject_name=name,
            public_key=key.public_key(),
            serial_number=serial,
            not_valid_before=now - timedelta(days=1),
            not_valid_after=now + timedelta(days=1),
        )
        for extension, is_critical in more:
            builder = builder.add_extension(extension, critical=is_critical)
        written.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(PEM))
    secret = keys[1].private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(written[0])
    (folder / "server.pem").write_bytes(secret + written[1])
    return folder / "authority.pem", folder / "server.pem"


@contextmanager
def secret_site(folder, server):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    with ThreadingHTTPServer((HERE, 0), partial(Quiet, directory=folder)) as site:
        site.socket = context.wrap_socket(site.socket, server_side=True)
        site.handle_error = lambda *_: None  # who does not trust it hangs up
        thread = Thread(target=site.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"https://{HERE}:{site.server_port}"
        site.shutdown()
        thread.join()


@pytest.fixture
def place(tmp_path):
    """A site with a log, and the authority behind its address."""
    site = tmp_path / "site"
    Log.of(5).publish(site / "log")
    authority, server = authority_and_server(tmp_path)
    with secret_site(site, server) as address:
        key = PublicKey.of(
            ec.generate_private_key(ec.SECP256R1()).public_key(),
            name="Trường mẫu",
            did=did_web(urlsplit(address).netloc),
        )
        (site / "trust").mkdir()
        (site / "trust" / "issuers.json").write_text(json.dumps(key_set([key])))
        (site / ".well-known").mkdir()
        (site / ".well-known" / "did.json").write_text(json.dumps(did_document(key.did, [key])))
        yield address, authority, key


def audited(address):
    told = []
    lists = commands.StatusLists(NOON)
    key = LOG_KEY.verifier.to_text()
    code = commands.audit_register(f"{address}/log", [key], lists=lists, tell=told.append)
    return code, told


def test_a_log_at_a_trusted_address_is_audited(place, monkeypatch):
    address, authority, _key = place
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))

    assert audited(address)[0] == commands.DONE


def test_an_address_that_nobody_vouches_for_is_not_read(place):
    address, _authority, _key = place

    code, told = audited(address)

    assert code == commands.UNDETERMINED
    assert "CERTIFICATE_VERIFY_FAILED" in told[-1]
    with Site(address) as site, pytest.raises(NotReachable):
        site.read(Path("trust/issuers.json"))


def test_an_issuer_is_found_where_its_identifier_says(place, monkeypatch):
    """did:web, §3.2: by https, in `.well-known`; the keys are those of the list of issuers."""
    address, authority, key = place
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))

    found = document_address(key.did)
    with Site(address) as site:
        document = json.loads(site.read(Path(urlsplit(found).path.lstrip("/"))))
        issuers = Issuers.read(site.read(Path("trust/issuers.json")))

    assert found == f"{address}/.well-known/did.json"
    assert document["id"] == key.did
    assert [each.did for each in issuers.keys] == [key.did]
    jwk = document["verificationMethod"][0]["publicKeyJwk"]
    assert (jwk["x"], jwk["y"]) == (key.as_jwk()["x"], key.as_jwk()["y"])
