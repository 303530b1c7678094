"""What is told stands in somebody's list, once, and becomes an e-mail where there is an address."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from hocvu.notices.actions import choose_language, deliver_notices_job, read_notice, tell
from hocvu.notices.models import Delivery, Notice
from hocvu.notices.queries.inbox import language_of, notices_of, unread_count
from hocvu.notices.queries.ledger import LedgerDay, late_count, ledger_days
from hocvu.notices.queries.letters import words_of
from hocvu.notices.rules.kinds import register_page
from notices.telling_scene import LATER, NIGHT, NOON, deliver, news, tell_decided

pytestmark = pytest.mark.django_db


def test_a_fact_is_told_once_to_a_recipient():
    tell_decided(1, 2)
    tell_decided(1, at=LATER)

    assert Notice.objects.count() == 2
    assert unread_count(1) == 1
    assert Notice.objects.get(recipient_id=1).told_at == NOON


def test_what_is_undone_was_never_told():
    with transaction.atomic():
        tell_decided(1)
        transaction.set_rollback(True)

    assert not notices_of(1).exists()


def test_nobody_reads_what_somebody_else_was_told():
    tell_decided(1, 2)

    assert [each.recipient_id for each in notices_of(1)] == [1]


def test_opening_it_again_does_not_change_when_it_was_read():
    tell_decided(1)
    read_notice(notices_of(1).get(), at=NOON)
    read_notice(notices_of(1).get(), at=LATER)

    assert notices_of(1).get().read_at == NOON
    assert unread_count(1) == 0


def test_its_words_are_found_when_it_is_read():
    tell_decided(1, number=7)

    assert words_of(notices_of(1).get()).heading == "Decision 7"


# --- e-mails ----------------------------------------------------------------------------------


def test_an_e_mail_says_what_happened_what_it_means_and_what_to_do(settings):
    settings.SITE_ADDRESS = "https://hocvu.example"
    register_page(lambda pk: f"/notices/{pk}/")
    tell_decided(1, number=7)

    deliver()

    [sent] = mail.outbox
    assert sent.to == ["p1@example.vn"]
    assert sent.subject == "Decision 7"
    assert (
        "It is decided: 7.\n\nIt holds.\n\nRead it.\n\nhttps://hocvu.example/notices/" in sent.body
    )
    assert "trả lời thư này không có người đọc" in sent.body
    assert sent.content_subtype == "plain"
    assert sent.attachments == []
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_job_of_every_minute_sends_it():
    tell("alarmed", [news(1)], at=timezone.now() - timedelta(minutes=2))

    deliver_notices_job(timestamp=0)

    assert len(mail.outbox) == 1


def test_what_is_told_waits_a_little_for_more():
    tell_decided(1)

    deliver(at=NOON + timedelta(minutes=9))

    assert mail.outbox == []


def test_several_facts_at_once_are_one_e_mail():
    for number in range(3):
        tell_decided(1, 2, number=number, at=NOON + timedelta(minutes=3 * number))

    assert deliver().sent == 2

    assert [each.subject for each in mail.outbox] == ["3 thông báo từ Học vụ"] * 2
    assert all(f"Decision {number}\n" in mail.outbox[0].body for number in range(3))
    assert Delivery.objects.count() == 2


def test_very_many_facts_are_counted_not_listed():
    tell("decided", [news(1, number) for number in range(25)], at=NOON)

    deliver()

    [sent] = mail.outbox
    assert sent.subject == "25 thông báo từ Học vụ"
    assert "5 thông báo nữa" in sent.body
    assert "Decision 24" not in sent.body


def test_what_is_urgent_takes_along_what_is_not():
    tell_decided(1, at=NIGHT)
    tell("alarmed", [news(1, 2, "p1@example.vn")], at=NIGHT)

    deliver(at=NIGHT + timedelta(minutes=2))

    [sent] = mail.outbox
    assert sent.subject == "2 thông báo từ Học vụ"


def test_at_night_only_what_is_urgent_goes_out():
    tell_decided(1, at=NIGHT)
    tell("alarmed", [news(2)], at=NIGHT)

    assert deliver(at=NIGHT + timedelta(hours=1)).sent == 1

    assert deliver(at=NIGHT + timedelta(hours=7, minutes=31)).sent == 1


def test_a_worker_that_comes_back_at_night_waits_for_the_morning_too():
    tell_decided(1)

    assert deliver(at=NIGHT).sent == 0
    assert deliver(at=NIGHT + timedelta(hours=8)).sent == 1


def test_the_newest_address_holds():
    tell("decided", [news(1, 1, "old@example.vn"), news(1, 2, "new@example.vn")], at=NOON)

    deliver()

    assert [each.to for each in mail.outbox] == [["new@example.vn"]]


def test_an_e_mail_is_written_in_the_language_that_was_chosen():
    choose_language(1, "en")
    tell_decided(1, number=1)
    tell_decided(1, number=2)

    deliver()

    assert language_of(1) == "en"
    assert language_of(2) == "vi"
    assert mail.outbox[0].subject == "2 notices from Học vụ"


def test_who_has_no_address_is_told_here_and_counted():
    tell("decided", [news(1, address=""), news(2)], at=NOON)

    deliver()

    assert len(mail.outbox) == 1
    assert unread_count(1) == 1
    [day] = ledger_days(LATER)
    assert day == LedgerDay(NOON.date(), 2, without_address=1, waiting=0, sent=1, failed=0, read=0)


# --- silence ----------------------------------------------------------------------------------


def test_what_should_have_gone_out_an_hour_ago_is_an_alarm():
    tell_decided(1, 2)

    assert late_count(NOON + timedelta(minutes=60)) == 0
    assert late_count(NOON + timedelta(minutes=71)) == 2


def test_what_waits_for_the_morning_is_none():
    tell_decided(1, at=NIGHT)

    assert late_count(NIGHT + timedelta(hours=7)) == 0


def test_what_was_sent_is_none():
    tell_decided(1)
    deliver()

    assert late_count(NOON + timedelta(days=1)) == 0
