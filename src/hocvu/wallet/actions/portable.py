"""Signing a certificate in the form that digital wallets carry.

Open Badges 3.0 as VC-JWT (W3C Securing Verifiable Credentials using JOSE and COSE, §3.1) and with a
proof inside (W3C Data Integrity, `ecdsa-jcs-2019`). It is signed once, when its holder first wants
it: the issuer's key may live in a token, and two wallets that hold the same are to hold one thing.
Whether it still counts stands in the published status list, as for the certificate itself.
"""

import json
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.certificates import editions_of, is_revoked
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.portable.achievement import write_achievement_tokens
from hocvu.portable.data_integrity import prove
from hocvu.signing.errors import SigningRefused
from hocvu.trust.actions.published_keys import publish_keys_of
from hocvu.trust.queries.signing_keys import public_key, statement_key_of
from hocvu.wallet.models import PortableCredential
from hocvu.wallet.policies import is_holder
from hocvu.wallet.queries.credentials import credential_of


class DoesNotCount(NotPossible):
    """What was revoked or corrected is not given away in a new form."""


class CannotBeSignedNow(NotPossible):
    """The issuer's key cannot be reached; nothing was made."""


def sign_credential(certificate: Certificate, *, by: Person, at: datetime) -> PortableCredential:
    """The certificate's credential: signed now, or as it was signed before."""
    if not is_holder(by, certificate):
        raise NotAllowed(_("Only the holder of a certificate can download it for a wallet."))
    if is_revoked(certificate) or editions_of(certificate)[-1].pk != certificate.pk:
        raise DoesNotCount(
            _("This certificate does not count any more: it was revoked or corrected."),
            _("Download the newest edition, if there is one."),
        )
    known = PortableCredential.objects.filter(certificate=certificate).first()
    return known or _signed(certificate, by=by, at=at)


def _signed(certificate: Certificate, *, by: Person, at: datetime) -> PortableCredential:
    try:
        made = _sign(certificate, at=at)
    except SigningRefused as refused:
        raise CannotBeSignedNow(
            _("The issuer's key cannot be reached now; nothing was made."), _("Try again later.")
        ) from refused
    with transaction.atomic():
        # Of two that were signed at once the first to arrive is everybody's.
        PortableCredential.objects.bulk_create([made], ignore_conflicts=True)
        kept = PortableCredential.objects.get(certificate=certificate)
        if kept.identifier == made.identifier:
            record("credential_signed", certificate, by=by, at=at)
    return kept


def _sign(certificate: Certificate, *, at: datetime) -> PortableCredential:
    publish_keys_of(certificate.issuer)  # who checks it must find the key that signs it now
    key = statement_key_of(certificate.issuer)
    public = public_key(key, certificate.issuer.name)
    identifier = uuid4()
    credential = credential_of(certificate, identifier, key=public)
    with key.open() as session:
        (token,) = write_achievement_tokens([credential], session=session, key=public)
        (document,) = prove([credential], session=session, key=public, at=at)
    return PortableCredential(
        certificate=certificate,
        identifier=identifier,
        token=token,
        document=json.dumps(document, ensure_ascii=False, indent=1),
        signed_at=at,
    )
