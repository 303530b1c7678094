"""A verdict as a page. What the pages of all verdicts of one kind have in common is made once for
each language; into it goes what this certificate says.

The page is the same for everybody who asks: it knows no visitor and carries no token, so caches
on the way may keep it for a while.
"""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from typing import TypeAlias

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hocvu.ui.templatetags.figures import shown
from hocvu.verification.queries.words import (
    integrity_sentence,
    steps_of,
    tampering_sentence,
    unreadable_sentence,
    verdict_sentence,
)
from hocvu.verification.rules.verdicts import PublicFacts, Tampering, Verdict, Verification

# Each place in a frame; no text of anybody's can hold it, because texts are escaped.
_PLACE = SafeString("<what this certificate says>")
_TERMS = {
    "full_name": _("Holder"),
    "programme": _("Programme"),
    "issuer": _("Issued by"),
    "domain": _("Registered at"),
    "serial_number": _("Serial number"),
    "decision": _("Recognition decision"),
    "issued_on": _("Date of issue"),
    "decision_signer": _("Who signed the decision"),
    "file_signer": _("Who signed this file later"),
    "copy_number": _("Copy from the root register, number"),
    "changed_at": _("Corrected"),
    "change_reason": _("Cause of the correction"),
}
_TERMS_IF_REVOKED = {"changed_at": _("Revoked"), "change_reason": _("Cause")}
_ALWAYS = tuple(_TERMS)[:7]

# The bytes above, between and below the places.
_Frame: TypeAlias = tuple[bytes, ...]


def page_of(verification: Verification, language: str) -> tuple[bytes, str]:
    """The page of this verdict, and its entity tag (RFC 9110, §8.8.3)."""
    return _filled(_frame(*_kind_of(verification), language), verification, language)


def page_of_file(verification: Verification, language: str) -> tuple[bytes, str]:
    """The same about a file that was handed in. Nothing of it is kept, nor who else signed it."""
    frame = _frame.__wrapped__(*_kind_of(verification), language)
    return _filled(frame, verification, language)


def tag_of(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _filled(frame: _Frame, verification: Verification, language: str) -> tuple[bytes, str]:
    facts = verification.facts
    said = [_written(getattr(facts, name), language) for name in _names_of(verification)]
    said.append(facts.serial_number if facts else "")
    places = [escape(each).encode() for each in said]
    body = b"".join(chain.from_iterable(zip(frame, [*places, b""], strict=True)))
    return body, tag_of(body)


def _written(value: str | date | None, language: str) -> str:
    return value if value and isinstance(value, str) else _written_in(language, value)


@lru_cache(maxsize=4_096)
def _written_in(language: str, value: str | date | None) -> str:
    with translation.override(language):
        return shown(value)


# --- What verdicts of a kind have in common ---------------------------------------------------


def _kind_of(verification: Verification) -> tuple[Verification, tuple[str, ...]]:
    """The verdict without what is said of this certificate, and what that would be."""
    return replace(verification, facts=None), _names_of(verification)


def _names_of(verification: Verification) -> tuple[str, ...]:
    """The facts that a stranger is shown; nothing of what somebody may have rewritten."""
    facts = verification.facts
    if facts is None or verification.verdict is Verdict.ALTERED:
        return ()
    return (*_ALWAYS, *_names_of_more(facts))


def _names_of_more(facts: PublicFacts) -> tuple[str, ...]:
    copy = ("copy_number",) if facts.copy_number else ()
    change = ("changed_at", "change_reason") if facts.changed_at is not None else ()
    signers = ("decision_signer", "file_signer") if facts.file_signer else ()
    return (*signers, *copy, *change)


@lru_cache(maxsize=256)
def _frame(kind: Verification, names: tuple[str, ...], language: str) -> _Frame:
    with translation.override(language):
        context = _context(kind, names)
        finding = render_to_string("verification/parts/finding.html", context)
        above, between, below = _around(language)
    page = f"{above}{finding}{between}{_PLACE}{below}"
    return tuple(part.encode() for part in page.split(_PLACE))


@lru_cache
def _around(language: str) -> tuple[str, ...]:
    """Above the finding, from there to the serial number, and below that."""
    context = {"language": language, "finding": _PLACE, "serial": _PLACE}
    return tuple(render_to_string("verification/verdict.html", context).split(_PLACE))


def _context(kind: Verification, names: tuple[str, ...]) -> dict[str, object]:
    tampering = tampering_sentence(kind)
    is_others = kind.tampering is Tampering.NOT_OURS
    is_revoked = kind.verdict is Verdict.REVOKED
    terms = _TERMS | _TERMS_IF_REVOKED if is_revoked else _TERMS
    return {
        "verification": kind,
        "sentence": tampering if is_others else verdict_sentence(kind),
        "located": "" if is_others else tampering,
        "checked": [] if is_others else _checked(kind),
        "facts": [(terms[name], _PLACE) for name in names],
        "signatures": [(each, integrity_sentence(each.integrity)) for each in kind.signatures],
        "unreadable": unreadable_sentence(kind.unreadable) if kind.unreadable else "",
    }


def _checked(kind: Verification) -> list[str]:
    """Every step that was taken; the one that did not hold stands out."""
    steps = steps_of(kind)
    if kind.failed is None:
        return steps
    return [*steps[:-1], format_html("<strong>{}</strong>", steps[-1])]
