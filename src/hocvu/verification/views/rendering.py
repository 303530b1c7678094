"""A verdict as a page, made once for each language and kept while nothing changes.

The page is the same for everybody who asks: it knows no visitor and carries no token, so caches
on the way may keep it for a while.
"""

from functools import lru_cache
from hashlib import sha256

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from hocvu.verification.queries.words import (
    integrity_sentence,
    steps_of,
    tampering_sentence,
    unreadable_sentence,
    verdict_sentence,
)
from hocvu.verification.rules.verdicts import Tampering, Verdict, Verification


@lru_cache(maxsize=2_048)
def page_of(verification: Verification, language: str) -> tuple[bytes, str]:
    """The page of this verdict, and its entity tag (RFC 9110, §8.8.3)."""
    with translation.override(language):
        page = render_to_string("verification/verdict.html", _context(verification, language))
    body = page.encode()
    return body, tag_of(body)


def tag_of(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _context(verification: Verification, language: str) -> dict[str, object]:
    tampering = tampering_sentence(verification)
    is_others = verification.tampering is Tampering.NOT_OURS
    unreadable = verification.unreadable
    return {
        "language": language,
        "verification": verification,
        "sentence": tampering if is_others else verdict_sentence(verification),
        "located": "" if is_others else tampering,
        "checked": [] if is_others else steps_of(verification),
        "facts": facts_of(verification),
        "signatures": [
            (each, integrity_sentence(each.integrity)) for each in verification.signatures
        ],
        "unreadable": unreadable_sentence(unreadable) if unreadable else "",
    }


def facts_of(verification: Verification) -> list[tuple[str, object]]:
    """What is shown to a stranger, term by term."""
    facts = verification.facts
    if facts is None:
        return []
    shown: list[tuple[str, object]] = [
        (_("Holder"), facts.full_name),
        (_("Programme"), facts.programme),
        (_("Issued by"), facts.issuer),
        (_("Registered at"), facts.domain),
        (_("Serial number"), facts.serial_number),
        (_("Recognition decision"), facts.decision),
        (_("Date of issue"), facts.issued_on),
    ]
    if facts.copy_number:
        shown.append((_("Copy from the root register, number"), facts.copy_number))
    if facts.changed_at is not None:
        is_revoked = verification.verdict is Verdict.REVOKED
        shown.append((_("Revoked") if is_revoked else _("Corrected"), facts.changed_at))
        shown.append((_("Cause"), facts.change_reason))
    return shown
