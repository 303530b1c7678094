"""Is this file genuine, and if not, what was done to it? Nothing of the file is kept or logged."""

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import islice

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import pkcs7

from hocvu.credentials.models import RegisterCopy
from hocvu.credentials.queries.copies_logged import is_entered
from hocvu.credentials.queries.remade import serial_of_file
from hocvu.verification.queries.examined import (
    examined_file,
    step_of,
    steps_held,
    steps_held_before,
)
from hocvu.verification.queries.found import find_many
from hocvu.verification.queries.others import signatures_of_others
from hocvu.verification.queries.trust import Trust, trust
from hocvu.verification.queries.verification import conclude, verify
from hocvu.verification.rules.verdicts import Step, Tampering, Verdict, Verification
from hocvu_verifier import (
    AddedAfterSigning,
    CertificateNotValid,
    ChangedAfterSigning,
    CoversOnlyAPart,
    MoreThanOneSignature,
    NotAPdf,
    NotOurForm,
    NotSigned,
    NotVerified,
    SignatureRemoved,
    SignedByAnother,
    TimestampNotValid,
    verify_pdf,
)
from hocvu_verifier.der import Value

_MOST_ENDS = 64  # places where a file may have ended before something was added
_END = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
_MOST_HOLES = 8
_HOLE = re.compile(rb"/Contents\s*<([0-9A-Fa-f\s]{200,262144})>")
_TAMPERING: tuple[tuple[type[NotVerified], Tampering], ...] = (
    (NotAPdf, Tampering.NOT_A_PDF),
    (SignatureRemoved, Tampering.SIGNATURE_REMOVED),
    (NotSigned, Tampering.NOT_SIGNED),
    (MoreThanOneSignature, Tampering.ANOTHER_SIGNATURE),
    (CoversOnlyAPart, Tampering.COVERS_ONLY_A_PART),
    (AddedAfterSigning, Tampering.ADDED_AFTER_SIGNING),
    (ChangedAfterSigning, Tampering.CHANGED_AFTER_SIGNING),
    (SignedByAnother, Tampering.NOT_OURS),
    (CertificateNotValid, Tampering.CERTIFICATE_NOT_VALID),
    (TimestampNotValid, Tampering.TIMESTAMP_NOT_VALID),
    (NotOurForm, Tampering.NOT_OUR_FORM),
)


def check_file(pdf: bytes) -> Verification:
    """Check a file somebody holds: the register first, then its signature, then what was done."""
    believed = trust()

    # 1. It is a file of the register, or a copy issued from it.
    name = sha256(pdf).hexdigest()
    if (known := _known(name, pdf, believed)) is not None:
        return known

    # 2. It carries a signature of ours: with archive time stamps behind it, it is a registered
    # file still; otherwise it is in no register.
    try:
        verified = verify_pdf(pdf, trusted_roots=believed.roots)
    except NotVerified as refusal:
        return _refused(pdf, refusal, believed)
    signed = verified.sha256.hex()
    if signed != name and (known := _known(signed, pdf, believed)) is not None:
        return known
    return Verification(
        Verdict.UNKNOWN, steps_held(verified), Step.FOUND, None, Tampering.NOT_REGISTERED
    )


def _known(name: str, pdf: bytes, believed: Trust) -> Verification | None:
    """The verdict on a file that the register knows by this hash."""
    found = find_many("file_sha256", [name]).get(name)
    is_stored = found is not None
    if found is None and (serial := serial_of_file(name)) is not None:  # a file made anew
        found = find_many("serial_number", [serial]).get(serial)
    if found is not None:
        seen = examined_file(found, pdf, believed, is_stored=is_stored)
        if seen is None:  # what it rests on is gone from the register
            return Verification(Verdict.UNKNOWN, (Step.FOUND,), Step.RECORD, None)
        return conclude(seen, found, believed)
    copy = RegisterCopy.objects.select_related("certificate").filter(file_sha256=name).first()
    return None if copy is None else _copy(pdf, copy, believed)


def _copy(pdf: bytes, copy: RegisterCopy, believed: Trust) -> Verification:
    """A copy from the root register says what its certificate's check says, if it was entered."""
    try:
        verified = verify_pdf(pdf, trusted_roots=believed.roots)
    except NotVerified as refusal:
        return _refused(pdf, refusal, believed)
    serial = copy.certificate.serial_number
    whole = verify(find_many("serial_number", [serial]).get(serial), believed)
    if whole.facts is None:
        return whole
    if not is_entered(copy):
        return Verification(Verdict.ALTERED, steps_held(verified), Step.RECORD, whole.facts)
    return replace(whole, facts=replace(whole.facts, copy_number=copy.copy_number))


def _refused(pdf: bytes, refusal: NotVerified, believed: Trust) -> Verification:
    """What is wrong: with our file, or with somebody else's."""
    tampering = next(each for kind, each in _TAMPERING if isinstance(refusal, kind))
    step, held = step_of(refusal), steps_held_before(refusal)
    if not believed.can_judge:
        return Verification(Verdict.UNKNOWN, held, step, None)
    if added := _bytes_behind_a_registered_file(pdf):
        return Verification(
            Verdict.ALTERED, (), Step.SIGNATURE, None, Tampering.ADDED_BEHIND, bytes_added=added
        )
    if _claims_to_be_ours(pdf, believed):
        return Verification(Verdict.ALTERED, held, step, None, tampering)
    if tampering in {Tampering.NOT_A_PDF, Tampering.NOT_SIGNED}:
        return Verification(Verdict.UNKNOWN, held, step, None, tampering)
    signatures, unreadable = signatures_of_others(pdf)
    return Verification(
        Verdict.UNKNOWN,
        held,
        Step.CHAIN,
        None,
        Tampering.NOT_OURS,
        signatures=signatures,
        unreadable=unreadable,
    )


def _bytes_behind_a_registered_file(pdf: bytes) -> int:
    """How many bytes follow a whole registered file at the front of these; 0 if there is none."""
    ends = [found.end() for found in islice(_END.finditer(pdf), _MOST_ENDS)]
    ends += [end - 1 for end in ends if pdf[end - 1 : end] in b"\r\n"]
    names: dict[str, int] = {}
    running, at = sha256(), 0
    for end in sorted(set(ends)):
        running.update(pdf[at:end])
        at = end
        names[running.hexdigest()] = end
    known = [names[name] for name in find_many("file_sha256", list(names))]
    return len(pdf) - max(known) if known else 0


def _claims_to_be_ours(pdf: bytes, believed: Trust) -> bool:
    """Whether a signature in it names a certificate that an authority of ours really issued.

    Such a file was altered; any other is not ours to judge, however well or badly it is signed.
    """
    return any(
        _was_issued_by(certificate, root)
        for certificate in _certificates_in(pdf)
        for root in believed.roots
    )


def _certificates_in(pdf: bytes) -> Iterator[x509.Certificate]:
    for number, hole in enumerate(_HOLE.finditer(pdf)):
        if number >= _MOST_HOLES:
            return
        try:
            message = Value.first_of(bytes.fromhex(hole[1].decode("ascii"))).whole
            yield from pkcs7.load_der_pkcs7_certificates(message)
        except (ValueError, NotVerified):
            continue


def _was_issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return certificate.fingerprint != root.fingerprint
