"""A verdict as a page, made once for each language and kept while nothing changes.

The page is the same for everybody who asks: it knows no visitor and carries no token, so caches
on the way may keep it for a while.
"""

from functools import lru_cache
from hashlib import sha256

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _

from hocvu.verification.queries.words import (
    integrity_sentence,
    steps_of,
    tampering_sentence,
    unreadable_sentence,
    verdict_sentence,
)
from hocvu.verification.rules.verdicts import Tampering, Verdict, Verification

_FINDING, _SERIAL = "[the finding]", "[the serial number]"  # places in a frame


@lru_cache(maxsize=2_048)
def page_of(verification: Verification, language: str) -> tuple[bytes, str]:
    """The page of this verdict, and its entity tag (RFC 9110, §8.8.3)."""
    facts = verification.facts
    with translation.override(language):
        finding = render_to_string("verification/parts/finding.html", _context(verification))
        above, between, below = _frame(language)
    page = f"{above}{finding}{between}{escape(facts.serial_number if facts else '')}{below}"
    body = page.encode()
    return body, tag_of(body)


@lru_cache
def _frame(language: str) -> tuple[str, str, str]:
    """What every verdict's page has in common: above the finding, to the number, below it."""
    context = {"language": language, "finding": _FINDING, "serial": _SERIAL}
    page = render_to_string("verification/verdict.html", context)
    above, _place, rest = page.partition(_FINDING)
    between, _place, below = rest.partition(_SERIAL)
    return above, between, below


def tag_of(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _context(verification: Verification) -> dict[str, object]:
    tampering = tampering_sentence(verification)
    is_others = verification.tampering is Tampering.NOT_OURS
    unreadable = verification.unreadable
    return {
        "verification": verification,
        "sentence": tampering if is_others else verdict_sentence(verification),
        "located": "" if is_others else tampering,
        "checked": [] if is_others else _checked(verification),
        "facts": facts_of(verification),
        "signatures": [
            (each, integrity_sentence(each.integrity)) for each in verification.signatures
        ],
        "unreadable": unreadable_sentence(unreadable) if unreadable else "",
    }


def _checked(verification: Verification) -> list[str]:
    """Every step that was taken; the one that did not hold stands out."""
    steps = steps_of(verification)
    if verification.failed is None:
        return steps
    return [*steps[:-1], format_html("<strong>{}</strong>", steps[-1])]


def facts_of(verification: Verification) -> list[tuple[str, object]]:
    """What is shown to a stranger, term by term; nothing of what somebody may have rewritten."""
    facts = verification.facts
    if facts is None or verification.verdict is Verdict.ALTERED:
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
        cause = _("Cause") if is_revoked else _("Cause of the correction")
        shown.append((cause, facts.change_reason))
    return shown
