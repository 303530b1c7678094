"""One check of one signed file: PAdES (ETSI EN 319 142-1) as Hocvu writes it, and as others do.

General PDF validators have to decide which later changes are harmless, and published attacks live
off that decision. Here none is: the first signature covers every byte of its revision but the hole
it stands in, and behind it stand only further signatures, time stamps and what proves them
(`revisions`). Of our own files even the message in the hole has exactly one possible spelling.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

from hocvu_verifier import cms
from hocvu_verifier.certificates import Path, Purpose, Trust
from hocvu_verifier.der import Value
from hocvu_verifier.objects import Name, Unreadable
from hocvu_verifier.ours import Found, Pattern, patterns_of
from hocvu_verifier.places import (
    CLAIM,
    DETACHED,
    ByteRange,
    Place,
    first_place,
    place_of,
    require_complete,
)
from hocvu_verifier.refusals import (
    AddedAfterSigning,
    ChangedAfterSigning,
    MoreThanOneSignature,
    NotAPdf,
    NotOurForm,
    TimestampNotValid,
)
from hocvu_verifier.revisions import Judgement
from hocvu_verifier.timestamps import VerifiedTime, signer_of, verify_token
from hocvu_verifier.updates import revision_at
from hocvu_verifier.xref import Document

HEADER: Final = b"%PDF-"
END: Final = b"%%EOF"
WHERE_FILES_END: Final = 1024  # bytes; readers look for the end mark in these (ISO 32000-1, H.3)
PADDING: Final = b"\0\t\n\f\r "  # what transport and storage put behind; how much does not count
CLOCKS_DIFFER: Final = timedelta(minutes=10)
MOST_UPDATES: Final = 50
MOST_OF_UPDATES: Final = 1 << 18  # bytes of all of them together, besides their streams
NOTHING_ALLOWED: Final = 1  # ISO 32000-2, table 257
SIGNING_ALLOWED: Final = 2


@dataclass(frozen=True)
class VerifiedSignature:
    """What was verified. There is no such object for a file that was refused.

    It speaks of the first signature; `further` holds those that stand behind it, in their order.
    """

    signer_name: str
    issuer_name: str
    signed_at: datetime  # as the signer claims it, with its time zone
    sha256: bytes  # of the file up to its last signature: what the register knows it by
    byte_range: ByteRange
    certificate: x509.Certificate
    is_ours: bool  # the one form that Hocvu writes, to the letter
    time_stamp: VerifiedTime | None = None  # proves that it was signed no later than that
    further: tuple["VerifiedSignature", ...] = ()
    archived: tuple[VerifiedTime, ...] = ()  # time stamps over the whole file
    awaits_another: bool = False  # the first signer allowed a second one, which is not there


def verify_pdf(
    pdf: bytes,
    *,
    trusted_roots: Iterable[x509.Certificate],
    trusted_time: Iterable[x509.Certificate] | None = None,
) -> VerifiedSignature:
    """Return what this file's signatures say, or raise the `NotVerified` that tells why not.

    `trusted_roots` are the authorities whose word the caller takes, `trusted_time` those that may
    vouch for time stamps (the same, if it is left out); they may be intermediate ones.
    """
    signers = Trust.of(trusted_roots)
    clocks = signers if trusted_time is None else Trust.of(trusted_time)

    # 1. It is one complete PDF file.
    if not (pdf.startswith(HEADER) and _ends(pdf)):
        raise NotAPdf("These bytes are not a complete PDF file.")

    # (A file of ours by a signer who was verified before takes a shorter way through 2 and 3.)
    quickly = patterns_of(signers.anchors).find(pdf)
    if quickly is not None:
        return _told(quickly)

    # 2. A signature covers its front from the first byte on, and leaves out only itself.
    place = first_place(pdf)

    # 3. It holds, and a trusted authority stands behind whoever made it.
    first = _verified(pdf, place, signers, clocks)
    if place.byte_range.end == len(pdf):
        return first

    # 4. What stands behind it only signs or proves.
    return _with_updates(pdf, place, first, signers, clocks)


def _ends(pdf: bytes) -> bool:
    end = pdf.rfind(END)
    return end >= 0 and (
        len(pdf) - end <= WHERE_FILES_END or not pdf[end + len(END) :].strip(PADDING)
    )


def _verified(pdf: bytes, place: Place, signers: Trust, clocks: Trust) -> VerifiedSignature:
    # 1. The hole holds one message of a signature over what stands around it, then only zeros.
    if place.about.get(Name(b"SubFilter")) not in DETACHED:
        raise NotOurForm("The signature is of a kind that cannot be checked here.")
    encoded = Value.first_of(place.octets).whole
    require_complete(place, len(encoded))
    message = cms.read(encoded)
    if message.content_type != cms.DATA or message.content is not None:
        raise NotOurForm("The signature message carries something else than a signature.")

    # 2. If it is ours, it is spelled in the only way it can be.
    ours = cms.spell_attributes(message.digest, message.certificate_digest)
    is_ours = place.looks_like_ours and message.attributes == ours
    if is_ours and not (place.is_our_spelling and cms.spell(message) == encoded):
        raise ChangedAfterSigning("The signature message is not spelled as Hocvu spells it.")

    # 3. It speaks about these bytes.
    if message.digest != message.suite.digest(*_around(pdf, place)):
        raise ChangedAfterSigning("The file is not the one that was signed.")

    # 4. A trusted authority stands behind the certificate that it names, for signing documents.
    path = signer_of(message, signers, Purpose.DOCUMENTS)
    if is_ours and not path.needs_all:
        raise ChangedAfterSigning("The signature encloses a certificate that nobody needs.")

    # 5. The key in that certificate made this signature.
    _require_signature(message, path.signer, is_ours=is_ours)

    # 6. Everybody's certificate was valid when it was signed: as proved, or else as claimed.
    signed_at = place.claimed_time
    time_stamp = None
    if message.time_stamp:
        time_stamp = verify_token(message.time_stamp, message.signature, trust=clocks)
        if signed_at > time_stamp.at + CLOCKS_DIFFER:
            raise TimestampNotValid("The signature claims a later time than its time stamp proves.")
    path.require_valid_at(time_stamp.at if time_stamp else signed_at)
    if is_ours:
        patterns_of(signers.anchors).learn(Pattern.of(message, encoded, path))
    return _described(pdf, place, path, is_ours=is_ours, time_stamp=time_stamp)


def _told(found: Found) -> VerifiedSignature:
    return VerifiedSignature(
        signer_name=found.path.signer_name,
        issuer_name=found.path.issuer_name,
        signed_at=found.signed_at,
        sha256=found.sha256,
        byte_range=ByteRange(*found.byte_range),
        certificate=found.path.signer,
        is_ours=True,
        awaits_another=found.permitted == SIGNING_ALLOWED,
    )


def _described(
    pdf: bytes, place: Place, path: Path, *, is_ours: bool, time_stamp: VerifiedTime | None
) -> VerifiedSignature:
    return VerifiedSignature(
        signer_name=path.signer_name,
        issuer_name=path.issuer_name,
        signed_at=place.claimed_time,
        sha256=cms.sha256(memoryview(pdf)[: place.byte_range.end]),
        byte_range=place.byte_range,
        certificate=path.signer,
        is_ours=is_ours,
        time_stamp=time_stamp,
        awaits_another=is_ours and _permission(place) == SIGNING_ALLOWED,
    )


def _require_signature(message: cms.Message, signer: x509.Certificate, *, is_ours: bool) -> None:
    """Check the signature; of ours also that it is the lower of its two forms (FIPS 186-5, 6.4)."""
    key = signer.public_key()
    if is_ours:
        sid = cms.spell_signer(signer.issuer.public_bytes(), signer.serial_number)
        if message.issuer_and_serial != sid:
            raise ChangedAfterSigning("The signature names two different signers.")
        message.suite.require_one_spelling(key, message.signature)
    message.suite.require_signed(key, message.signature, message.attributes)


def _with_updates(
    pdf: bytes, place: Place, first: VerifiedSignature, signers: Trust, clocks: Trust
) -> VerifiedSignature:
    """Judge the incremental updates behind the first signature, one after the other."""
    end, left = place.byte_range.end, MOST_OF_UPDATES
    further: list[VerifiedSignature] = []
    archived: list[VerifiedTime] = []
    for _ in range(MOST_UPDATES):
        if end == len(pdf):
            return _completed(first, further, archived)
        judgement = _update_after(pdf, end, left, is_ours=first.is_ours)
        end, left, brought = (
            judgement.revision.end,
            left - judgement.revision.weight,
            judgement.signature,
        )
        if brought is None:
            continue
        later = place_of(pdf, brought, end)
        if later.is_time_stamp:
            archived.append(_archived(pdf, later, clocks))
        elif _permission(place) == NOTHING_ALLOWED or archived:
            raise MoreThanOneSignature("The first signer allowed no further signature.")
        else:
            further.append(_verified(pdf, later, signers, clocks))
    raise AddedAfterSigning("Too many updates were added after signing.")


def _update_after(pdf: bytes, end: int, most: int, *, is_ours: bool) -> Judgement:
    """Judge the update that begins at `end` and has no more than `most` bytes besides streams."""
    try:
        before = Document(pdf[:end])
        update = revision_at(pdf, end, before, most)
        judgement = Judgement(before, update, is_ours)
        judgement.require_only_signs_or_proves()
    except Unreadable as odd:
        refusal = MoreThanOneSignature if CLAIM in pdf[end:] else AddedAfterSigning
        raise refusal(f"Something was added to the file after signing. {odd}") from odd
    return judgement


def _archived(pdf: bytes, place: Place, clocks: Trust) -> VerifiedTime:
    """Check a document time stamp (12.8.5): a token over everything but its own hole."""
    encoded = Value.first_of(place.octets).whole
    require_complete(place, len(encoded))
    return verify_token(encoded, *_around(pdf, place), trust=clocks)


def _around(pdf: bytes, place: Place) -> tuple[memoryview, memoryview]:
    """Return what stands before and behind the hole of a signature; large files are not copied."""
    whole, stretches = memoryview(pdf), place.byte_range
    return whole[: stretches.first_length], whole[stretches.second_start : stretches.end]


def _completed(
    first: VerifiedSignature, further: list[VerifiedSignature], archived: list[VerifiedTime]
) -> VerifiedSignature:
    last = further[-1] if further else first
    return replace(
        first,
        sha256=last.sha256,
        further=tuple(further),
        archived=tuple(archived),
        awaits_another=first.awaits_another and not further,
    )


def _permission(place: Place) -> int | None:
    """Return what a certifying signature permits (12.8.2.2, table 257); `None`: it says nothing."""
    references = place.about.get(Name(b"Reference"))
    for each in references if isinstance(references, list) else []:
        if isinstance(each, dict) and each.get(Name(b"TransformMethod")) == Name(b"DocMDP"):
            parameters = each.get(Name(b"TransformParams"))
            level = (
                parameters.get(Name(b"P"), 2) if isinstance(parameters, dict) else NOTHING_ALLOWED
            )
            return level if isinstance(level, int) else NOTHING_ALLOWED
    return None
