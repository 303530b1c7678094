"""E-mail through Django's backend: plain text, nothing counted, nothing fetched from elsewhere.

SMTP replies (RFC 5321, section 4.2.1): 4yz asks to come back, 5yz is final; RCPT's reply is about
the mailbox, DATA's about the letter, MAIL's about us. Automatic mail says so (RFC 3834, section
5), so that nobody's absence note answers it.
"""

import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from hocvu.notices.rules.channels import (
    AddressIsRefused,
    AskedToWait,
    ChannelIsClosedToUs,
    ChannelIsDown,
    IsNoAddress,
    Letter,
    LetterIsRefused,
)

_FINAL = 500
_ENHANCED = re.compile(r"\d\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


class EmailChannel:
    """The mail server (or folder) that the settings name."""

    @contextmanager
    def open(self) -> Iterator[Callable[[Letter], None]]:
        backend: BaseEmailBackend = get_connection()
        try:
            backend.open()
        except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError) as refused:
            raise ChannelIsClosedToUs(_reply_of(refused)) from refused
        except (smtplib.SMTPException, OSError) as away:
            raise ChannelIsDown from away
        try:
            yield lambda letter: _send(backend, letter)
        finally:
            _close(backend)


def _send(backend: BaseEmailBackend, letter: Letter) -> None:
    message = _message(letter)
    try:
        backend.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        kind = AddressIsRefused if code >= _FINAL else AskedToWait
        raise kind(_reply(code, words)) from refused
    except smtplib.SMTPDataError as refused:
        later = refused.smtp_code < _FINAL
        raise (AskedToWait if later else LetterIsRefused)(_reply_of(refused)) from refused
    except smtplib.SMTPResponseException as refused:  # MAIL: it takes nothing from this sender
        raise ChannelIsClosedToUs(_reply_of(refused)) from refused
    except (smtplib.SMTPException, OSError) as away:
        raise ChannelIsDown from away


def _message(letter: Letter) -> EmailMessage:
    try:
        validate_email(letter.address)
    except ValidationError as unlike:
        raise IsNoAddress from unlike
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    headers = {"Message-ID": f"<{letter.id}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(letter.subject, letter.body, to=[letter.address], headers=headers)


def _close(backend: BaseEmailBackend) -> None:
    """Saying good-bye to a server that went away changes nothing of what it took."""
    try:
        backend.close()
    except (smtplib.SMTPException, OSError):
        return


def _reply_of(refused: smtplib.SMTPException) -> str:
    if isinstance(refused, smtplib.SMTPResponseException):
        return _reply(refused.smtp_code, refused.smtp_error)
    return ""


def _reply(code: int, words: bytes | str) -> str:
    """`550 5.1.1`: the codes without the words, which name the address."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    enhanced = _ENHANCED.match(text)
    return f"{code} {enhanced[0]}" if enhanced else str(code)
