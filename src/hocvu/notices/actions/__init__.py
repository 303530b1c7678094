"""Acts of this room: telling, gathering, sending."""

from hocvu.notices.actions.delivering import deliver_notices, deliver_notices_job
from hocvu.notices.actions.returns import take_returned_mail
from hocvu.notices.actions.telling import News, choose_language, read_notice, tell

__all__ = [
    "News",
    "choose_language",
    "deliver_notices",
    "deliver_notices_job",
    "read_notice",
    "take_returned_mail",
    "tell",
]
