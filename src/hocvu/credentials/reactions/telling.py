"""What is issued, revoked, reinstated or corrected is told in the same transaction.

Circular 21/2019/TT-BGDĐT, article 25: a revocation is sent to the holder and the holder's agency.
"""

from hocvu.credentials.actions.telling import tell_of_change, tell_of_issue
from hocvu.credentials.events import (
    CertificateCorrected,
    CertificateReinstated,
    CertificateRevoked,
    CertificatesIssued,
)
from hocvu.credentials.models import RegisterEvent
from hocvu.kernel.events import reacts_to


@reacts_to(CertificatesIssued)
def tell_of_the_issued(event: CertificatesIssued) -> None:
    tell_of_issue(event)


@reacts_to(CertificateRevoked)
def tell_of_the_revoked(event: CertificateRevoked) -> None:
    tell_of_change(event, RegisterEvent.REVOKE)


@reacts_to(CertificateReinstated)
def tell_of_the_reinstated(event: CertificateReinstated) -> None:
    tell_of_change(event, RegisterEvent.REINSTATE)


@reacts_to(CertificateCorrected)
def tell_of_the_corrected(event: CertificateCorrected) -> None:
    tell_of_change(event, RegisterEvent.SUPERSEDE)
