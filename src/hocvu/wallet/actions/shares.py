"""Links under which holders show their certificates: made, withdrawn."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials.models import Certificate
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.wallet.models import Share, SharedCertificate
from hocvu.wallet.policies import is_holder
from hocvu.wallet.rules.shares import MOST_CERTIFICATES, SEED_BYTES, Terms, hash_of, token_of


class NothingToShare(NotPossible):
    """A link shows at least one certificate, and not more than a page holds."""


def make_share(
    certificates: Sequence[Certificate], terms: Terms, *, client_id: UUID, by: Person, at: datetime
) -> Share:
    """Make a link that shows these certificates, in this order. Sent twice, one is made."""
    _refuse_what_is_not_held(certificates, by)
    with transaction.atomic():
        # Two clicks at once: the second one waits for the person's row and finds the first's link.
        Person.objects.select_for_update().get(pk=by.pk)
        if (same := Share.objects.filter(holder=by, client_id=client_id).first()) is not None:
            return same
        seed = secrets.token_bytes(SEED_BYTES)
        share = Share.objects.create(
            holder=by,
            client_id=client_id,
            purpose=terms.purpose,
            with_file=terms.with_file,
            made_at=at,
            expires_at=terms.expires_at,
            seed=seed,
            token_sha256=hash_of(token_of(settings.SECRET_KEY.encode(), seed)),
        )
        SharedCertificate.objects.bulk_create(
            SharedCertificate(share=share, position=position, certificate=each)
            for position, each in enumerate(certificates, start=1)
        )
        record(
            "share_made", share, by=by, at=at, certificate_ids=[each.pk for each in certificates]
        )
    return share


def withdraw_share(share: Share, *, by: Person, at: datetime) -> Share:
    """End a link at once. Doing it twice changes nothing."""
    if share.holder_id != by.pk:
        raise NotAllowed(_("Only who made a link can withdraw it."))
    with transaction.atomic():
        share = Share.objects.select_for_update().get(pk=share.pk)
        if share.withdrawn_at is None:
            share.withdrawn_at = at
            share.save(update_fields=["withdrawn_at"])
            record("share_withdrawn", share, by=by, at=at)
    return share


def _refuse_what_is_not_held(certificates: Sequence[Certificate], by: Person) -> None:
    if not all(is_holder(by, each) for each in certificates):
        raise NotAllowed(_("Only the holder of a certificate can share it."))
    if not 0 < len({each.pk for each in certificates}) == len(certificates) <= MOST_CERTIFICATES:
        raise NothingToShare(
            _("A link shows between 1 and %(most)d certificates.") % {"most": MOST_CERTIFICATES},
            _("Tick the certificates that it is to show."),
        )
