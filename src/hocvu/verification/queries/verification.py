"""Is this certificate genuine? One function with numbered steps for a code, one for a file.

Nothing is VALID unless every step held. What cannot be checked is UNKNOWN, never VALID.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

from hocvu.register.errors import RegisterRefusal
from hocvu.verification.queries.examined import Examined, examined_many
from hocvu.verification.queries.found import find_many
from hocvu.verification.queries.published import (
    NotInLog,
    PublishedLog,
    entries_are_missing_behind,
    published_log,
    register_is_whole,
)
from hocvu.verification.queries.trust import Trust, trust
from hocvu.verification.rules.questions import code_meant
from hocvu.verification.rules.states import NOBODYS, Found
from hocvu.verification.rules.verdicts import NEVER_HEARD_OF, Step, Verdict, Verification


def check_code(code: str) -> Verification:
    """Check the certificate with this verification code against its file, record and log."""
    return check_codes([code])[0]


def check_codes(codes: Sequence[str]) -> list[Verification]:
    """Check many at once, in the order asked; three statements, however many."""
    meant = [code_meant(code) for code in codes]
    found = find_many("verification_code", meant)
    return verdicts_on([found.get(code, NOBODYS) for code in meant])


def verdicts_on(found: Sequence[Found]) -> list[Verification]:
    """The verdicts on what was looked up, in this order; two statements, however many."""
    verdicts = verify_many(found, trust())
    return [verdicts.get(each.certificate_id, NEVER_HEARD_OF) for each in found]


def verify_many(found: Sequence[Found], believed: Trust) -> dict[int | None, Verification]:
    """The verdict on every certificate that was looked up."""
    known = {each.certificate_id: each for each in found if each.certificate_id is not None}
    seen = examined_many([(pk, each.state) for pk, each in known.items()], believed)
    opened = cache(partial(published_log, believed))
    return {pk: _concluded(seen[pk], each, believed, opened) for pk, each in known.items()}


def verify(found: Found | None, believed: Trust) -> Verification:
    """The verdict on a certificate that was looked up."""
    if found is None or found.certificate_id is None:
        return NEVER_HEARD_OF
    return verify_many([found], believed)[found.certificate_id]


def conclude(seen: Examined, found: Found, believed: Trust) -> Verification:
    """The verdict on what was examined, by the register and its log as they stand now."""
    return _concluded(seen, found, believed, partial(published_log, believed))


def _concluded(
    seen: Examined, found: Found, believed: Trust, opened: Callable[[], PublishedLog]
) -> Verification:
    verdict = _verdict(seen, found, believed, opened)
    return replace(verdict, certificate_id=found.certificate_id)


def _verdict(  # noqa: PLR0911 — one a step
    seen: Examined, found: Found, believed: Trust, opened: Callable[[], PublishedLog]
) -> Verification:
    """The steps after file and records (1 to 3): the log, what may be missing, the last status."""
    held = list(seen.held)
    if seen.failed is not None:
        return _stopped(held, seen.failed, seen, believed)

    # 4. Each entry is in the log that the register's key signed.
    try:
        log = opened()
        log.prove(seen.entries)
    except NotInLog:
        return Verification(Verdict.UNKNOWN, tuple(held), Step.IN_LOG, seen.facts)
    except RegisterRefusal:
        return _stopped(held, Step.IN_LOG, seen, believed)
    held.append(Step.IN_LOG)

    # 5. No later entry was taken away: it might have been a revocation.
    try:
        is_missing = _something_is_missing(seen, found, log)
    except RegisterRefusal:
        return _stopped(held, Step.NOTHING_MISSING, seen, believed)
    if is_missing:
        return Verification(Verdict.UNKNOWN, tuple(held), Step.NOTHING_MISSING, seen.facts)
    held.append(Step.NOTHING_MISSING)

    # 6. It was not revoked. 7. It was not corrected.
    if seen.last is Step.NOT_REVOKED:
        return Verification(Verdict.REVOKED, tuple(held), Step.NOT_REVOKED, seen.facts)
    held.append(Step.NOT_REVOKED)
    if seen.last is not None:
        return Verification(Verdict.CORRECTED, tuple(held), Step.NOT_CORRECTED, seen.facts)
    return Verification(Verdict.VALID, (*held, Step.NOT_CORRECTED), None, seen.facts)


def _something_is_missing(seen: Examined, found: Found, log: PublishedLog) -> bool:
    issue = seen.entries[0][0]
    later = log.later_entries(issue)
    if later is not None and not later <= {index for index, _leaf in seen.entries}:
        return True
    size = log.head.size
    if register_is_whole(found.register_state, size):
        return False
    return entries_are_missing_behind(issue, size)


def _stopped(held: list[Step], failed: Step, seen: Examined, believed: Trust) -> Verification:
    """Something was altered, or, where we hold no key to judge by, nothing can be said."""
    if failed is Step.FOUND:
        return NEVER_HEARD_OF
    if seen.facts is None or not believed.can_judge:
        return Verification(Verdict.UNKNOWN, tuple(held), failed, seen.facts)
    return Verification(Verdict.ALTERED, tuple(held), failed, seen.facts, seen.tampering)
