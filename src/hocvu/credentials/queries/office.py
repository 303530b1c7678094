"""Who may sign for an issuer at a moment: in office there, and named with a key of their own.

A certificate of a person who leaves is revoked, that of one who moves is changed (Decree
68/2024/NĐ-CP); who signs for the head does so with their own. So what is signed after a decision,
its corrections and its files made anew, is signed by whoever is in office on that day, and names
the decision it rests on. Being named in `keys.toml` is not enough: an administrator may be late.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hocvu.credentials.rules.office import InOffice
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import fold, nfc
from hocvu.people.models import Post, Role, RoleGrant
from hocvu.recognition.models import RecognitionDecision
from hocvu.signing import SigningRefused
from hocvu.trust.queries.signing_keys import entry_of
from hocvu.trust.rules import SignerEntry
from hocvu.units.models import Unit


class NobodyInOffice(NotPossible):
    """No one who is in office now and has a key may sign for this issuer."""


def in_office(issuer: Unit, at: datetime) -> list[InOffice]:
    """Leaders with a post in this unit on that day who have a key, in the order of `keys.toml`.

    Raises a `SigningRefused` where that file cannot be used.
    """
    return [
        InOffice(signer.name, title)
        for signer in _signers_of(issuer)
        if (title := _title_of_leader(issuer, signer.name, at)) is not None
    ]


def signs_alone(issuer: Unit) -> bool:
    """Whether the organisation signs this issuer's files, and no person beside it."""
    return not any(_signers_of(issuer))


def signer_now(decision: RecognitionDecision, *, at: datetime, wanted: str = "") -> InOffice | None:
    """Who signs a later file of this decision: who is wanted, else its own signer, else the first.

    None where the organisation signs alone. Raises `NobodyInOffice` and what `in_office` raises.
    """
    issuer = decision.issuer
    if signs_alone(issuer):
        return None
    found = {_exactly(each.name): each for each in in_office(issuer, at)}
    if wanted and _exactly(wanted) not in found:
        raise NobodyInOffice(
            _("%(name)s may not sign for %(unit)s now.") % {"name": wanted, "unit": issuer.name},
            _("Choose somebody who is in office and whose certificate is named here."),
        )
    own = found.get(_exactly(wanted or decision.signer_name))
    for each in [own] if own else found.values():
        return each
    raise NobodyInOffice(
        _("Nobody who is in office now may sign for %(unit)s.") % {"unit": issuer.name},
        _("A leader with a post there is needed, whose certificate the administrator has named."),
    )


def may_sign_later_files(decision: RecognitionDecision, *, at: datetime) -> list[InOffice]:
    """Whom a registrar may choose, the one who signs without a choice first.

    Nobody where the organisation signs alone, or where nothing can be signed now: the act says why.
    """
    try:
        first = signer_now(decision, at=at)
        found = in_office(decision.issuer, at) if first else []
    except (NobodyInOffice, SigningRefused):
        return []
    return sorted(found, key=lambda each: each != first)


def is_in_office(issuer: Unit, name: str, at: datetime) -> bool:
    """Whether this person may sign later files of this issuer's decisions on that day."""
    return any(_exactly(each.name) == _exactly(name) for each in in_office(issuer, at))


def signs_copies(issuer: Unit, name: str, at: datetime) -> bool:
    """Whether this person may sign copies from the register: a key, and a post there on that day.

    Whoever the head has ordered to (TL.) may be of a part of the unit, and need not lead it.
    """
    named = any(_exactly(each.name) == _exactly(name) for each in _signers_of(issuer))
    return named and _posts(issuer, name, at, within=True).exists()


def _signers_of(issuer: Unit) -> Iterator[SignerEntry]:
    entry = entry_of(issuer)
    for signer in entry.signers if entry else ():
        if signer.key is not None or signer.certificates:
            yield signer


def _title_of_leader(issuer: Unit, name: str, at: datetime) -> str | None:
    """The title of somebody of this name who leads the unit on that day; None: there is nobody."""
    leads = RoleGrant.objects.in_force_on(day_of(at)).filter(
        role=Role.LEADER, unit__path__in=issuer.ancestor_paths
    )
    posts = _posts(issuer, name, at).filter(person__in=leads.values("person"))
    return posts.values_list("title", flat=True).first()


def _posts(issuer: Unit, name: str, at: datetime, *, within: bool = False) -> QuerySet[Post]:
    """Posts that people of this name hold in the unit, or somewhere in it; the main one first."""
    there = {"unit__path__startswith": issuer.path} if within else {"unit": issuer}
    held = Post.objects.held_on(day_of(at)).filter(person__search_key=fold(name), **there)
    exact = [each.pk for each in held.select_related("person")
             if _exactly(each.person.full_name) == _exactly(name)]  # fmt: skip
    return Post.objects.filter(pk__in=exact).order_by("-is_main", "pk")


def _exactly(name: str) -> str:
    """Equal for one name in one spelling: marks count, for Hạnh and Hanh are two people."""
    return nfc(name).casefold()
