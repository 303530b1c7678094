"""Moments, news, and a clock that tests set."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hocvu.kernel.time import VIETNAM
from hocvu.notices.actions import News, deliver_notices, tell
from hocvu.notices.actions.delivering import Outcome
from hocvu.notices.actions.email import EmailChannel

NOON = datetime(2026, 11, 20, 12, tzinfo=VIETNAM)
NIGHT = datetime(2026, 11, 20, 23, tzinfo=VIETNAM)
LATER = NOON + timedelta(minutes=11)  # when what was told at noon has waited long enough


def news(recipient_id=1, number=1, address="an@example.vn"):
    return News(str(number), recipient_id, address, {"number": number})


def tell_decided(*recipient_ids, at=NOON, number=1):
    """Each of them, by an e-mail address of their own."""
    tell(
        "decided",
        [news(each, number, f"p{each}@example.vn") for each in recipient_ids],
        at=at,
    )


@dataclass(frozen=True)
class Done:
    sent: int
    failed: int
    postponed: int


def deliver(at=LATER, channel=None, **options):
    """One run of the job at this moment."""
    done = deliver_notices(channel or EmailChannel(), now=lambda: at, **options)
    return Done(*(done[each] for each in (Outcome.SENT, Outcome.FAILED, Outcome.POSTPONED)))
