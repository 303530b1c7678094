"""Messages that come back: reports of mail servers (RFC 3464) to the sender's address.

Whoever keeps that mailbox hands them in (`hocvu deliveries --returned`). A report is believed when
it names the random id of a message we sent: who can name it has had the message.
"""

import re
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import cast
from uuid import UUID

import structlog

from hocvu.notices.models import Delivery, Trouble

_OUR_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_log = structlog.get_logger("hocvu.notices")


def take_returned_mail(report: bytes, *, at: datetime) -> bool:
    """Note that the message a report is about came back; whether there is one, newly told so.

    Only final reports count (RFC 3464, section 2.3.3, `Action: failed`): a delay is no return.
    """
    parsed = message_from_bytes(report)
    message_id, status = _returned_id(parsed), _final_status(parsed)
    if message_id is None or status is None:
        return False
    sent = Delivery.objects.filter(message_id=message_id, failed_at=None).exclude(sent_at=None)
    is_new = bool(sent.update(failed_at=at, trouble=Trouble.CAME_BACK, reply=status))
    _log.info("returned_mail_taken", is_new=is_new, status=status)
    return is_new


def _final_status(report: Message) -> str | None:
    """`5.1.1`, or nothing when no recipient is given up."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for recipient in part.walk():
            if str(recipient.get("Action", "")).strip().lower() == "failed":
                status = _STATUS.search(str(recipient.get("Status", "")))
                return status[0] if status else ""
    return None


def _returned_id(report: Message) -> UUID | None:
    """The Message-ID of the returned message, whole or its headers only (RFC 3462)."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            headers = message_from_bytes(bytes(part.get_payload(decode=True) or b""))
        elif kind == "message/rfc822" and isinstance(whole := part.get_payload(), list):
            headers = cast(Message, whole[0])
        else:
            continue
        if found := _OUR_ID.search(str(headers.get("Message-ID", ""))):
            return UUID(found[1])
    return None
