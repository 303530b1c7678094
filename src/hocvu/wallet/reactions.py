"""A certificate is corrected below: what its holder asked for is settled with it."""

from hocvu.credentials.events import CertificateCorrected
from hocvu.credentials.models import Certificate
from hocvu.kernel.events import reacts_to
from hocvu.wallet.actions import follow_requests


@reacts_to(CertificateCorrected)
def follow_what_was_asked(event: CertificateCorrected) -> None:
    editions = Certificate.objects.select_related("correction__entered_by")
    old, new = (editions.get(pk=pk) for pk in (event.certificate_id, event.new_certificate_id))
    follow_requests(old, new, at=event.at)
