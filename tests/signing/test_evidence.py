"""What tells that nobody was revoked: lists, and answers about one certificate."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore

from hocvu.signing import (
    DevelopmentTimestampAuthority,
    Evidence,
    EvidenceMissing,
    Filling,
    SignerWasRevoked,
    TimestampClient,
    Words,
    add_archive_timestamp,
    compile_form,
    fetch_answer,
    require_not_revoked,
    write_tails,
)
from hocvu.signing.timestamps import now
from hocvu_verifier import verify_pdf
from signing.specimens import SIGNED_AT, long_term_verdict

AN_HOUR = timedelta(hours=1)


def answer(
    certificate, issuer, key, *, responder=None, at=None, until=None, revoked_at=None, hashed=None
):
    """A signed answer of `responder` about `certificate`, as of `at`."""
    since = at or now() - AN_HOUR
    state = ocsp.OCSPCertStatus.REVOKED if revoked_at else ocsp.OCSPCertStatus.GOOD
    said = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate,
        issuer=issuer,
        algorithm=hashes.SHA256(),
        cert_status=state,
        this_update=since,
        next_update=until,
        revocation_time=revoked_at,
        revocation_reason=None,
    )
    said = said.responder_id(ocsp.OCSPResponderEncoding.HASH, responder or issuer)
    if responder is not None:
        said = said.certificates([responder])
    return said.sign(key, hashed or hashes.SHA256())


@pytest.fixture(scope="module")
def issuing(authority):
    """The key that signs for the authority."""
    return authority._root.key


@pytest.fixture(scope="module")
def certificate(key):
    return key.chain[0]


def responder_of(authority, issuing, *, purpose=True):
    """Somebody whom the authority lets answer for it, or does not; and their key."""
    private = ec.generate_private_key(ec.SECP256R1())
    root = authority.root_certificate
    builder = (
        x509.CertificateBuilder()
        .public_key(private.public_key())
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Answers")]))
        .issuer_name(root.subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=30))
        .not_valid_after(now() + timedelta(days=30))
    )
    if purpose:
        allowed = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.OCSP_SIGNING])
        builder = builder.add_extension(allowed, critical=False)
    return builder.sign(issuing, hashes.SHA256()), private


def judged(key, *answers, at=None):
    at = at or now()
    evidence = Evidence((key.chain[-1],), answers=answers)
    require_not_revoked(key.chain, evidence, at=at, proved_at=at)


def test_the_issuers_answer_is_as_good_as_its_list(key, certificate, issuing):
    judged(key, answer(certificate, key.chain[1], issuing))


def test_so_is_that_of_whom_the_issuer_lets_answer(key, certificate, authority, issuing):
    responder, private = responder_of(authority, issuing)

    judged(key, answer(certificate, key.chain[1], private, responder=responder))


def test_an_answer_that_somebody_was_revoked_is_believed(key, certificate, issuing):
    with pytest.raises(SignerWasRevoked):
        judged(key, answer(certificate, key.chain[1], issuing, revoked_at=now() - AN_HOUR))


def test_who_was_revoked_after_the_proof_of_time_had_signed_before(key, certificate, issuing):
    judged(key, answer(certificate, key.chain[1], issuing, revoked_at=now() + AN_HOUR))


def test_an_answer_proves_nothing_by_another_about_another_or_too_late(
    key, other_key, certificate, authority, issuing
):
    issuer = key.chain[1]
    stranger, private = responder_of(authority, issuing, purpose=False)
    spoiled = answer(certificate, issuer, issuing).public_bytes(serialization.Encoding.DER)
    for useless in (
        answer(other_key.chain[0], issuer, issuing),  # about somebody else
        answer(certificate, issuer, private, responder=stranger),  # who may not answer
        ocsp.load_der_ocsp_response(spoiled[:-1] + bytes((spoiled[-1] ^ 1,))),
        answer(certificate, issuer, issuing, at=now() - timedelta(days=40)),
        answer(certificate, issuer, issuing, at=now() + AN_HOUR),
        answer(certificate, issuer, issuing, until=now() - timedelta(minutes=1)),
        ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER),
    ):
        with pytest.raises(EvidenceMissing):
            judged(key, useless)


def test_a_list_that_says_there_is_a_newer_one_is_not_taken(key, authority):
    old = authority.revocation_list(now() - timedelta(days=30, hours=1))
    evidence = Evidence((key.chain[-1],), (old,))

    with pytest.raises(EvidenceMissing):
        require_not_revoked(key.chain, evidence, at=now(), proved_at=now())


# --- asking -----------------------------------------------------------------------------------


@contextmanager
def responding(said):
    """A responder on this machine that says `said` to every question; what it was asked."""
    asked = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ocsp", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def naming(address, authority, issuing):
    """A certificate that names this responder."""
    described = x509.AccessDescription(
        x509.oid.AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(address)
    )
    return (
        x509.CertificateBuilder()
        .public_key(ec.generate_private_key(ec.SECP256R1()).public_key())
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Asked about")]))
        .issuer_name(authority.root_certificate.subject)
        .serial_number(7)
        .not_valid_before(now() - AN_HOUR)
        .not_valid_after(now() + AN_HOUR)
        .add_extension(x509.AuthorityInformationAccess([described]), critical=False)
        .sign(issuing, hashes.SHA256())
    )


def test_a_responder_is_asked_about_this_certificate(authority, issuing, certificate, key):
    said = answer(certificate, key.chain[1], issuing)
    with responding(said.public_bytes(serialization.Encoding.DER)) as (address, asked):
        named = naming(address, authority, issuing)

        got = fetch_answer(named, authority.root_certificate)

    assert got.serial_number == said.serial_number
    assert ocsp.load_der_ocsp_request(asked[0]).serial_number == 7


def test_where_nobody_answers_there_is_no_answer(authority, issuing, certificate):
    silent = naming("http://127.0.0.1:1/ocsp", authority, issuing)
    with responding(b"no answer in DER") as (address, _asked):
        odd = naming(address, authority, issuing)

        for each in (silent, odd, certificate):
            assert fetch_answer(each, authority.root_certificate) is None


# --- in the form ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evidence(authority, key, issuing):
    """Of the signer and of the timestamp authority."""
    return Evidence(
        (authority.root_certificate,),
        lists=(authority.revocation_list(now() - timedelta(minutes=1)),),
        answers=(answer(key.chain[0], key.chain[1], issuing),),
        certificates=(*key.chain, authority.timestamp_key().chain[0]),
    )


@pytest.fixture
def long_term(authority, key, page, typeface, evidence):
    """A form that carries the evidence, and the tail of a certificate of the level B-LT."""
    desk = DevelopmentTimestampAuthority(authority.timestamp_key())
    client = TimestampClient.beside(desk.answer, [authority.root_certificate])
    form = compile_form(page, fonts=[typeface], qr=None, evidence=evidence)
    drawn = Filling(typeface.line("Nguyễn Văn Ước", 500), None, "12/QĐ-TCT")
    words = Words("Hải Phòng", "https://hocvu.example.vn")
    with key.open() as session:
        (tail,) = write_tails(
            form, [drawn], session=session, words=words, at=SIGNED_AT, timestamps=client
        )
    return form, tail


def test_a_validator_needs_nothing_but_the_file_to_check_it_without_a_network(long_term, authority):
    form, tail = long_term

    reader = PdfFileReader(BytesIO(form.file(tail)))
    root = asn1_x509.Certificate.load(
        authority.root_certificate.public_bytes(serialization.Encoding.DER)
    )
    found_there = DocumentSecurityStore.read_dss(reader)
    context = found_there.as_validation_context(
        {"trust_roots": [root], "allow_fetching": False, "revocation_mode": "require"}
    )

    (status,) = [validate_pdf_signature(each, context) for each in reader.embedded_signatures]

    assert status.bottom_line
    assert status.timestamp_validity.trusted


def test_our_verifier_takes_it_and_its_tail_is_no_larger(long_term, authority):
    form, tail = long_term
    verified = verify_pdf(form.file(tail), trusted_roots=[authority.root_certificate])

    assert verified.is_ours
    assert verified.time_stamp is not None
    assert len(form.pack(tail)) < 6_144


def test_an_archive_timestamp_goes_around_it_later(long_term, authority, evidence):
    form, tail = long_term
    desk = DevelopmentTimestampAuthority(authority.timestamp_key())
    client = TimestampClient.beside(desk.answer, [authority.root_certificate])

    kept = add_archive_timestamp(form.file(tail), evidence=evidence, timestamps=client, at=now())

    assert long_term_verdict(kept, authority).ades_subindic is AdESPassed.OK
    assert len(verify_pdf(kept, trusted_roots=[authority.root_certificate]).archived) == 1
