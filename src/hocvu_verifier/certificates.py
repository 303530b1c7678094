"""Who stands behind a certificate (RFC 5280, 6.1, in part): a path up to somebody who is trusted.

The path is made of the certificates that a message encloses and ends at an authority whose word
the caller takes, which may be a root or stand below one. Nothing is read out of a certificate
before its issuer's signature on it was checked. Revocation lists are not consulted: whether a
certificate of Hocvu counts today, the register and its status list say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property, lru_cache
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hocvu_verifier.der import INTEGER, Value
from hocvu_verifier.refusals import CertificateNotValid, NotOurForm, SignedByAnother

LONGEST_PATH: Final = 6
OTHER_USES: Final = {  # a certificate for these alone does not sign documents
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CODE_SIGNING,
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
}
UNDERSTOOD: Final = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage)
NOT_MADE: Final = (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm)


class Purpose(Enum):
    """What a certificate is used for."""

    DOCUMENTS = "signing documents"
    TIME = "time stamps"


@dataclass(frozen=True)
class Path:
    """A certificate and those who vouch for it, the trusted one last. All of it was verified."""

    certificates: tuple[x509.Certificate, ...]
    needs_all: bool  # every certificate that the message encloses stands in this chain, or above it

    @property
    def signer(self) -> x509.Certificate:
        return self.certificates[0]

    @cached_property
    def signer_name(self) -> str:
        return name_of(self.signer)

    @cached_property
    def issuer_name(self) -> str:
        return name_of(self.certificates[1], NameOID.COMMON_NAME)

    def require_valid_at(self, at: datetime) -> None:
        for each in self.certificates:
            if not each.not_valid_before_utc <= at <= each.not_valid_after_utc:
                raise CertificateNotValid(f"{name_of(each)} was not valid at {at}.")


@dataclass(frozen=True)
class Trust:
    """The authorities whose word is taken, as bytes."""

    anchors: tuple[bytes, ...]

    @classmethod
    def of(cls, roots: Iterable[x509.Certificate]) -> "Trust":
        return _trust(tuple(roots))

    def path_of(self, signer: bytes, enclosed: Sequence[bytes], purpose: Purpose) -> Path:
        """Return the path from `signer` up, or raise the NotVerified that tells why not."""
        return _path(signer, tuple(enclosed), self.anchors, purpose)


@lru_cache(maxsize=16)
def _trust(roots: tuple[x509.Certificate, ...]) -> Trust:
    return Trust(tuple(each.public_bytes(serialization.Encoding.DER) for each in roots))


@lru_cache(maxsize=256)  # pure: the same bytes always give the same path or the same refusal
def _path(
    signer: bytes, enclosed: tuple[bytes, ...], anchors: tuple[bytes, ...], purpose: Purpose
) -> Path:
    path = [_certificate(signer)]
    others = [found for each in enclosed if (found := _of_use(each)) is not None]
    candidates = [*map(x509.load_der_x509_certificate, anchors), *others]
    trusted, all_of_use = len(anchors), len(others) == len(enclosed)
    while len(path) < LONGEST_PATH:
        for place, issuer in enumerate(candidates):
            if not _issued(path[-1], issuer):
                continue
            path.append(issuer)
            if place < trusted:
                _require_path(path, purpose)
                return Path(tuple(path), all_of_use and _needs_all(path, candidates[trusted:]))
            candidates.pop(place)
            break
        else:
            break
    raise SignedByAnother(_why_not(path[0], candidates[:trusted]))


def _needs_all(path: Sequence[x509.Certificate], others: Sequence[x509.Certificate]) -> bool:
    """Whether all of `others` stand in the path or carry it on upwards, up to a root.

    One that is in the path but written in another way carries nothing: it is somebody's respelling.
    """
    left = [each for each in others if each not in path]
    if not all(any(_issued(each, above) for above in left) for each in left):
        return False
    if any(_may_be_the_same(each, held) for each in left for held in path):
        return False
    last = path[-1]
    while left:
        above = next((each for each in left if _issued(last, each)), None)
        if above is None:
            return False
        left.remove(above)
        last = above
    return True


def _may_be_the_same(one: x509.Certificate, other: x509.Certificate) -> bool:
    """Whether two certificates speak of one name and one key, as far as they can be read."""
    try:
        return one.subject == other.subject and one.public_key() == other.public_key()
    except NOT_MADE:
        return True


def _why_not(signer: x509.Certificate, anchors: Sequence[x509.Certificate]) -> str:
    if any(each.subject == signer.issuer for each in anchors):
        return "The trusted authority did not issue this certificate."
    return "None of the trusted authorities stands behind the signer."


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except NOT_MADE:
        return False
    return True


def _require_path(path: Sequence[x509.Certificate], purpose: Purpose) -> None:
    for below, certificate in enumerate(path):
        extensions = _extensions(certificate)
        _require_understood(certificate, extensions)
        if below:
            _require_authority(certificate, extensions, below - 1)
        else:
            _require_purpose(certificate, extensions, purpose)
        digest = certificate.signature_hash_algorithm
        weak = digest is None or digest.digest_size < hashes.SHA256.digest_size
        if weak and below + 1 < len(path):
            raise CertificateNotValid("A certificate rests on a digest that is too weak.")


def _require_understood(certificate: x509.Certificate, extensions: x509.Extensions) -> None:
    if not all(isinstance(each.value, UNDERSTOOD) for each in extensions if each.critical):
        raise CertificateNotValid(f"{name_of(certificate)} may not be used like this.")


def _require_authority(
    certificate: x509.Certificate, extensions: x509.Extensions, below: int
) -> None:
    """Check that it may issue certificates, and how many more stand below it (4.2.1.9).

    An authority that does not say what its key is for, as older roots, may (6.1.4, n).
    """
    constraints = _constraints(extensions)
    depth = constraints.path_length if constraints else None
    too_deep = depth is not None and below > depth
    may = _says_nothing(extensions) or _usage(extensions).key_cert_sign
    if constraints is None or not constraints.ca or not may or too_deep:
        raise CertificateNotValid(f"{name_of(certificate)} may not issue certificates.")


def _require_purpose(
    certificate: x509.Certificate, extensions: x509.Extensions, purpose: Purpose
) -> None:
    """Check what its key may be used for (4.2.1.3, 4.2.1.12; RFC 3161, 2.3)."""
    constraints, usage = _constraints(extensions), _usage(extensions)
    if purpose is Purpose.TIME:
        only = [ExtendedKeyUsageOID.TIME_STAMPING]
        may = (usage.digital_signature or usage.content_commitment) and _uses(extensions) == only
    else:
        uses = _uses(extensions)
        may = usage.content_commitment and (not uses or not OTHER_USES.issuperset(uses))
    if (constraints is not None and constraints.ca) or not may:
        raise CertificateNotValid(f"{name_of(certificate)} is not meant for {purpose.value}.")


def _extensions(certificate: x509.Certificate) -> x509.Extensions:
    try:
        return certificate.extensions
    except (ValueError, x509.DuplicateExtension) as broken:
        raise CertificateNotValid("A certificate cannot be read.") from broken


def _says_nothing(extensions: x509.Extensions) -> bool:
    return not any(isinstance(each.value, x509.KeyUsage) for each in extensions)


def _usage(extensions: x509.Extensions) -> x509.KeyUsage:
    try:
        return extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as silent:
        raise CertificateNotValid("A certificate does not say what it may be used for.") from silent


def _constraints(extensions: x509.Extensions) -> x509.BasicConstraints | None:
    try:
        return extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return None


def _uses(extensions: x509.Extensions) -> list[x509.ObjectIdentifier]:
    try:
        return list(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return []


def _of_use(octets: bytes) -> x509.Certificate | None:
    """Parse what a message encloses beside its signer's certificate; others enclose odd ones."""
    try:
        return _certificate(octets)
    except NotOurForm:
        return None


def _certificate(octets: bytes) -> x509.Certificate:
    """Parse a certificate; one without a positive serial number (4.1.2.2) is none.

    Its signature has whole octets: bits said to be unused (X.690, 8.6.2.2) would be a respelling.
    """
    try:
        signed, _algorithm, signature = Value.only_of(octets).children()
        if signature.contents[:1] != b"\0":
            raise NotOurForm("A certificate in the signature message is not spelled in one way.")
        fields = signed.children()
        serial = next(each for each in fields if each.tag == INTEGER).contents
        if int.from_bytes(serial, "big", signed=True) <= 0:
            raise NotOurForm("A certificate in the signature message has no serial number.")
        return x509.load_der_x509_certificate(octets)
    except (ValueError, IndexError, StopIteration, x509.InvalidVersion) as broken:
        raise NotOurForm(
            "The signature message encloses something that is no certificate."
        ) from broken


def name_of(
    certificate: x509.Certificate, preferred: x509.ObjectIdentifier = NameOID.ORGANIZATION_NAME
) -> str:
    for kind in (preferred, NameOID.COMMON_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return certificate.subject.rfc4514_string()
