"""Reports of mail servers that a message came back."""

from uuid import uuid4

import pytest

from hocvu.config.deliveries import deliveries_table, take_returned
from hocvu.notices.actions import take_returned_mail
from hocvu.notices.models import Delivery, Trouble
from hocvu.notices.queries.ledger import ledger_days
from notices.telling_scene import LATER, deliver, tell_decided

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example.vn
To: no-reply@hocvu.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.vn

Final-Recipient: rfc822; p1@example.vn
Action: {action}
Status: {status}

--b
Content-Type: {kind}

Message-ID: <{message_id}@hocvu.example>
Subject: Decision 1
To: p1@example.vn

--b--
"""


def report(message_id, *, action="failed", status="5.1.1", kind="message/rfc822"):
    text = REPORT.format(message_id=message_id, action=action, status=status, kind=kind)
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def sent():
    tell_decided(1)
    deliver()
    return Delivery.objects.get()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_message_that_came_back_has_failed_though_it_was_sent(sent, kind):
    assert take_returned_mail(report(sent.message_id, kind=kind), at=LATER)

    sent.refresh_from_db()
    assert (sent.trouble, sent.reply) == (Trouble.CAME_BACK, "5.1.1")
    [day] = ledger_days(LATER)
    assert (day.sent, day.failed) == (0, 1)


def test_the_same_report_twice_changes_nothing(sent):
    take_returned_mail(report(sent.message_id), at=LATER)

    assert not take_returned_mail(report(sent.message_id), at=LATER)


def test_a_delay_is_no_return(sent):
    delayed = report(sent.message_id, action="delayed", status="4.4.1")

    assert not take_returned_mail(delayed, at=LATER)
    sent.refresh_from_db()
    assert sent.failed_at is None


@pytest.mark.parametrize(
    "mail", [b"", b"\xff\xfe not mail", b"Subject: I am away\r\n\r\nBack on Monday.\r\n"]
)
def test_other_mail_is_no_report(sent, mail):
    assert not take_returned_mail(mail, at=LATER)


def test_a_report_about_a_message_nobody_sent_is_believed_by_nobody(sent):
    assert not take_returned_mail(report(uuid4()), at=LATER)
    assert Delivery.objects.filter(failed_at=None).count() == 1


def test_a_file_of_such_a_report_is_taken_from_the_command_line(sent, tmp_path):
    came_back, other, told = tmp_path / "1.eml", tmp_path / "2.eml", []
    came_back.write_bytes(report(sent.message_id))
    other.write_bytes(b"Subject: Hello\r\n\r\n")

    take_returned([came_back, other], tell=told.append)

    assert told == ["Thư bị trả lại / Messages that came back: 1"]


def test_the_command_line_shows_the_ledger_and_whether_it_is_silent(sent):
    table, is_silent = deliveries_table()

    assert table.row_count <= 1  # what was told long ago is not shown any more
    assert not is_silent
