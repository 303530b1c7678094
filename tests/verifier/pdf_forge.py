"""Writes PDF files by hand, right or wrong: pages, signatures, updates, and what attackers write.

It shares no code with the program that signs certificates; the signature messages are spelled by
the verifier's own speller, so that tests can put anything into them.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import pkcs7

from hocvu_verifier import algorithms, cms
from hocvu_verifier.der import der, integer, oid

MAY_SIGN = {"digital_signature": True, "content_commitment": True}
MAY_ISSUE = {"key_cert_sign": True, "crl_sign": True}
USES = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
]
SHA256 = der(0x30, oid("2.16.840.1.101.3.4.2.1"))
ROOM = 8192  # characters of the hole
MOMENT = b"D:20260205140509+07'00'"
CERTIFYING = (
    b"/Reference [<</Type /SigRef /TransformMethod /DocMDP "
    b"/TransformParams <</Type /TransformParams /P %d /V /1.2>>>>]\n"
)
CONTENT = b"BT /F0 24 Tf 72 400 Td (Nguyen Thi A) Tj ET"
PAGE = {
    1: b"<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R>>",
    2: b"<</Type /Pages /Count 1 /Kids [3 0 R]>>",
    3: b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 4 0 R"
    b" /Resources <</Font <</F0 5 0 R>>>> /Annots [7 0 R]>>",
    4: b"<</Length %d>>\nstream\n%b\nendstream" % (len(CONTENT), CONTENT),
    5: b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    6: b"<</Fields [7 0 R] /SigFlags 3>>",
    7: b"<</FT /Sig /T (Signature) /Type /Annot /Subtype /Widget /F 132 /P 3 0 R"
    b" /Rect [0 0 0 0] /V 8 0 R>>",
}
SIGNATURE = 8
TWO_FIELDS = PAGE | {
    6: b"<</Fields [7 0 R 9 0 R] /SigFlags 3>>",
    3: PAGE[3].replace(b"[7 0 R]", b"[7 0 R 9 0 R]"),
    9: b"<</FT /Sig /T (Organisation) /Type /Annot /Subtype /Widget /F 132 /P 3 0 R"
    b" /Rect [0 0 0 0]>>",
}


def certificate(key, issuer=None, issuer_key=None, **wishes):
    """Return a certificate as a test wants it; self-signed unless an issuer is given."""
    names = [x509.NameAttribute(x509.NameOID.COMMON_NAME, wishes.get("cn", "Mẫu"))]
    subject = x509.Name(names)
    allowed = dict.fromkeys(USES, False) | wishes.get("usage", MAY_SIGN)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(wishes.get("serial", 77))
        .not_valid_before(wishes.get("starts", datetime(2026, 1, 1, tzinfo=UTC)))
        .not_valid_after(wishes.get("ends", datetime(2126, 1, 1, tzinfo=UTC)))
    )
    if wishes.get("speaks", True):
        constraints = x509.BasicConstraints(wishes.get("ca", False), wishes.get("depth"))
        builder = builder.add_extension(constraints, critical=True)
        builder = builder.add_extension(x509.KeyUsage(**allowed), critical=True)
    for extension in wishes.get("extra", ()):
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(issuer_key or key, wishes.get("hash", hashes.SHA256()))


def der_of(found):
    return found.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True)
class Hand:
    """Somebody who can sign: a key, its certificate, and those who vouch for it."""

    key: object
    chain: tuple[x509.Certificate, ...]
    hash: hashes.HashAlgorithm

    @property
    def root(self):
        return self.chain[-1]

    @property
    def suite(self):
        is_rsa = isinstance(self.key, rsa.RSAPrivateKey)
        salt = self.hash.digest_size if is_rsa else 0
        return algorithms.Suite(self.hash, "pss" if is_rsa else "ecdsa", salt)

    def signature(self, octets):
        if isinstance(self.key, rsa.RSAPrivateKey):
            pss = padding.PSS(padding.MGF1(self.hash), self.hash.digest_size)
            return self.key.sign(octets, pss, self.hash)
        r, s = decode_dss_signature(self.key.sign(octets, ec.ECDSA(self.hash)))
        order = algorithms.ORDERS[self.key.curve.name]
        return encode_dss_signature(r, min(s, order - s))

    def message(self, *signed, time_stamp=None, **replaced):
        """Return the message of ours over these octets; `replaced` are fields to falsify."""
        named = cms.sha256(der_of(self.chain[0]))
        digest = replaced.pop("digest", None) or algorithms.digest(self.hash, *signed)
        attributes = cms.spell_attributes(digest, named)
        signature = self.signature(attributes)
        issuer = self.chain[0].issuer.public_bytes()
        message = cms.Message(
            suite=self.suite,
            content_type=cms.DATA,
            content=None,
            certificates=tuple(map(der_of, self.chain)),
            issuer_and_serial=cms.spell_signer(issuer, self.chain[0].serial_number),
            attributes=attributes,
            digest=digest,
            certificate_digest=named,
            signature=signature,
            time_stamp=time_stamp(signature) if time_stamp else b"",
        )
        return cms.spell(replace(message, **replaced))

    def foreign_message(self, *signed):
        """Return the message that another program (OpenSSL's form, PKCS #7) would write."""
        options = [
            pkcs7.PKCS7Options.DetachedSignature,
            pkcs7.PKCS7Options.Binary,
            pkcs7.PKCS7Options.NoCapabilities,
        ]
        builder = pkcs7.PKCS7SignatureBuilder().set_data(b"".join(signed))
        builder = builder.add_signer(self.chain[0], self.key, self.hash)
        for each in self.chain[1:]:
            builder = builder.add_certificate(each)
        return builder.sign(serialization.Encoding.DER, options)


def hand(key=None, root=None, hash_=None, **wishes):
    """Return somebody who signs under a root: a fresh one, or the given (key, certificate)."""
    root_key, root_certificate = root or authority()
    key = key or ec.generate_private_key(ec.SECP256R1())
    issued = certificate(key, root_certificate, root_key, **wishes)
    return Hand(key, (issued, root_certificate), hash_ or hashes.SHA256())


def authority(**wishes):
    key = ec.generate_private_key(ec.SECP256R1())
    usual = {"cn": "Gốc", "serial": 1, "ca": True, "usage": MAY_ISSUE}
    return key, certificate(key, **usual | wishes)


@dataclass(frozen=True)
class Clock:
    """Somebody who makes time stamps (RFC 3161)."""

    hand: Hand
    moment: bytes = b"20260205070510Z"

    def token(self, *octets, **replaced):
        """Return a token over these octets; `replaced` are parts to falsify."""
        imprint = replaced.get("imprint") or cms.sha256(b"".join(octets))
        seen = der(0x30, SHA256, der(0x04, imprint))
        moment = der(0x18, self.moment)
        statement = der(0x30, integer(1), oid("1.2.3.4"), seen, integer(99), moment)
        attributes = self._attributes(cms.sha256(statement))
        statement = replaced.get("statement", statement)
        kind = replaced.get("kind", cms.TIME_STAMP_INFO)
        signer = self.hand.chain[0]
        about = der(
            0x30,
            integer(1),
            cms.spell_signer(signer.issuer.public_bytes(), signer.serial_number),
            SHA256,
            b"\xa0" + attributes[1:],
            self.hand.suite.signature_identifier,
            der(0x04, self.hand.signature(attributes)),
        )
        signed_data = der(
            0x30,
            integer(3),
            der(0x31, SHA256),
            der(0x30, kind, der(0xA0, der(0x04, statement))),
            der(0xA0, *sorted(map(der_of, self.hand.chain))),
            der(0x31, about),
        )
        return der(0x30, cms.SIGNED_DATA, der(0xA0, signed_data))

    def _attributes(self, digest):
        named = der(0x30, der(0x30, der(0x04, cms.sha256(der_of(self.hand.chain[0])))))
        stated = {
            cms.CONTENT_TYPE: cms.TIME_STAMP_INFO,
            cms.MESSAGE_DIGEST: der(0x04, digest),
            cms.SIGNING_CERTIFICATE_V2: der(0x30, named),
        }
        spelled = (der(0x30, name, der(0x31, value)) for name, value in stated.items())
        return der(0x31, *sorted(spelled))


def clock(root=None, **wishes):
    uses = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.TIME_STAMPING])
    usual = {"cn": "Đồng hồ", "serial": 79, "usage": {"digital_signature": True}, "extra": [uses]}
    return Clock(hand(root=root, **usual | wishes))


def written(objects, *, before=b"", trailer=b"", root=1):
    """Return objects with their table and trailer, as a file or as an update behind `before`."""
    out = before or b"%PDF-1.7\n"
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(objects) + 1
    rows = b"" if before else b"0 1\n0000000000 65535 f \n"
    if before:
        size = max(size, _number_after(before, b"/Size "))
        trailer += b"/Prev %d\n" % _number_after(before, b"startxref\n")
    for number, at in sorted(places.items()):
        rows += b"%d 1\n%010d 00000 n \n" % (number, at)
    end = b"trailer\n<<\n/Size %d\n/Root %d 0 R\n%b>>\nstartxref\n%d\n%%%%EOF\n"
    return out + b"xref\n" + rows + end % (size, root, trailer, len(out))


def _number_after(octets, mark):
    return int(octets[octets.rindex(mark) + len(mark) :].split()[0])


def dictionary(*, level=None, sub_filter=b"ETSI.CAdES.detached", kind=b"Sig", moment=MOMENT):
    """Return a signature dictionary with an empty hole and an empty range."""
    return (
        b"<<\n/Type /%b\n/Filter /Adobe.PPKLite\n/SubFilter /%b\n/Contents <%b>\n/ByteRange %b\n"
        b"/M (%b)\n/Name (Mau)\n%b>>"
    ) % (
        kind,
        sub_filter,
        b"0" * ROOM,
        b"[0 0 0 0]".ljust(36),
        moment,
        CERTIFYING % level if level else b"",
    )


def filled(draft, message):
    """Fill the last hole of `draft`: state the range, then put in what `message` makes of it."""
    start = draft.rindex(b"/Contents <" + b"0" * ROOM) + len(b"/Contents ")
    end = start + ROOM + 2
    stated = b"[0 %d %d %d]" % (start, end, len(draft) - end)
    at = draft.index(b"[0 0 0 0]", end)
    draft = (
        draft[:at]
        + stated.ljust(9 + draft[at + 9 :].index(b"\n"))
        + draft[draft.index(b"\n", at) :]
    )
    octets = message(draft[:start], draft[end:])
    return (
        draft[:start] + b"<" + octets.hex().upper().encode().ljust(ROOM, b"0") + b">" + draft[end:]
    )


def signed(by, *, objects=PAGE, level=1, message=None, **about):
    """Return a file of one revision with our signature over all of it."""
    body = objects | {SIGNATURE: dictionary(level=level, **about)}
    return filled(written(body), message or by.message)


def signed_by_another(by, *, objects=PAGE, level=None):
    """Return a file as some other program signs it."""
    return signed(
        by,
        objects=objects,
        level=level,
        message=by.foreign_message,
        sub_filter=b"adbe.pkcs7.detached",
    )


def update(pdf, objects, **more):
    """Return the file with a well-formed incremental update behind it."""
    return written(objects, before=pdf, **more)


def second_signature(pdf, by, *, field=9, number=10, body=None, message=None, **about):
    """Return the file with its second field filled by `by`."""
    body = body or TWO_FIELDS[9].removesuffix(b">>") + b" /V %d 0 R>>" % number
    draft = update(pdf, {field: body, number: dictionary(**about)})
    return filled(draft, message or by.message)


def hole_of(pdf, number=0):
    """Return where the digits of a signature start and end."""
    start = -1
    for _ in range(number + 1):
        start = pdf.index(b"/Contents <3", start + 1)
    start += len(b"/Contents <")
    return start, pdf.index(b">", start)


def message_in(pdf, number=0):
    start, end = hole_of(pdf, number)
    octets = bytes.fromhex(pdf[start:end].decode())
    return octets[: 4 + int.from_bytes(octets[2:4], "big")]


def with_message(pdf, octets, number=0):
    start, end = hole_of(pdf, number)
    return pdf[:start] + octets.hex().upper().encode().ljust(end - start, b"0") + pdf[end:]
