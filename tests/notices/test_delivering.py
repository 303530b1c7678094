"""Handing messages to a real mail server, and what is written down when it takes them or not."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections

from hocvu.notices.actions.email import EmailChannel
from hocvu.notices.models import Delivery, Notice, Trouble
from hocvu.notices.queries.ledger import deliveries_in_trouble, late_count, ledger_days
from notices.telling_scene import LATER, NOON, deliver, tell_decided

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process ends here: nothing after it runs, not even what catches exceptions."""


class KilledAfterSending(EmailChannel):
    """Dies between the server's word and our note of it."""

    @contextmanager
    def open(self):
        with super().open() as send:

            def send_and_die(letter):
                send(letter)
                raise Killed

            yield send_and_die


def test_a_message_arrives_as_plain_text_with_an_id_of_its_own(server):
    tell_decided(1)

    assert deliver().sent == 1

    [taken] = server.taken
    delivery = Delivery.objects.get()
    assert taken["Message-ID"] == f"<{delivery.message_id}@127.0.0.1>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken.get_content_type() == "text/plain"
    assert "It is decided: 1." in taken.get_content()
    assert (delivery.sent_at, delivery.tries) == (LATER, 1)


def test_what_was_sent_is_not_sent_again(server):
    tell_decided(1)
    deliver()

    assert deliver(at=LATER + timedelta(days=3)).sent == 0
    assert len(server.taken) == 1


def test_one_refused_address_of_ten_keeps_no_other_back(server):
    server.refused["p4@example.vn"] = "550 5.1.1 <p4@example.vn>: no such user here"
    tell_decided(*range(10))

    done = deliver()

    assert (done.sent, done.failed, len(server.taken)) == (9, 1, 9)
    failed = deliveries_in_trouble().get()
    assert (failed.trouble, failed.reply) == (Trouble.NO_MAILBOX, "550 5.1.1")
    assert "p4@" not in failed.reply
    [day] = ledger_days(LATER)
    assert (day.sent, day.failed, day.waiting) == (9, 1, 0)


def test_a_full_mailbox_is_tried_again_with_growing_waits_and_then_given_up(server):
    server.refused["p1@example.vn"] = "452 4.2.2 mailbox full"
    tell_decided(1)
    waits, at = [], LATER

    while deliver(at=at).postponed:
        delivery = Delivery.objects.get()
        waits.append(delivery.due_at - at)
        at = delivery.due_at

    assert len(waits) == 6
    assert waits == sorted(waits)
    delivery = Delivery.objects.get()
    assert (delivery.tries, delivery.trouble) == (7, Trouble.ASKED_TO_WAIT)
    assert delivery.failed_at == at


def test_a_mailbox_that_is_emptied_in_time_gets_the_same_message(server):
    server.refused["p1@example.vn"] = "452 4.2.2 mailbox full"
    tell_decided(1)
    deliver()
    server.refused.clear()

    assert deliver(at=LATER + timedelta(minutes=5)).sent == 1
    assert Delivery.objects.get().trouble == ""


def test_a_letter_that_is_refused_is_not_offered_again(server):
    server.after_data = "554 5.7.1 looks like spam"
    tell_decided(1)

    assert deliver().failed == 1
    assert Delivery.objects.get().trouble == Trouble.REFUSED


def test_what_is_no_address_fails_at_once_and_is_offered_to_nobody(server):
    tell_decided(1)
    Notice.objects.update(address="an.example.vn, binh@example.vn")

    assert deliver().failed == 1
    assert Delivery.objects.get().trouble == Trouble.NO_ADDRESS
    assert server.taken == []


def test_a_server_that_is_away_costs_no_tries_and_is_an_alarm_after_an_hour(server):
    tell_decided(1, 2)
    server.shutdown()
    server.server_close()

    for minutes in (0, 30, 61):
        deliver(at=LATER + timedelta(minutes=minutes))

    assert {each.trouble for each in Delivery.objects.all()} == {Trouble.SERVER_AWAY}
    assert {each.tries for each in Delivery.objects.all()} == {0}
    assert late_count(LATER + timedelta(minutes=61)) == 2


def test_a_server_that_takes_nothing_from_us_stops_the_run_and_says_so(server):
    server.after_mail = "550 5.7.1 relaying denied"
    tell_decided(1, 2)

    deliver()

    assert server.taken == []
    assert set(Delivery.objects.values_list("trouble", "reply")) == {
        (Trouble.SERVER_CLOSED, "550 5.7.1")
    }


def test_a_server_that_does_not_let_us_in_says_so(server):
    server.hello = "554 5.3.2 no service here"
    tell_decided(1)

    deliver()

    assert Delivery.objects.get().trouble == Trouble.SERVER_CLOSED


def test_a_stalling_server_stops_the_run_after_its_time_and_nothing_is_lost(server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    tell_decided(1, 2)
    server.stalls.set()
    deliver()
    server.stalls.clear()

    deliver(at=LATER + timedelta(minutes=5))

    assert set(server.addresses) == {"p1@example.vn", "p2@example.vn"}
    assert len(set(server.message_ids)) == 2
    assert Delivery.objects.filter(sent_at=None).count() == 0


def test_a_server_that_stalls_all_day_is_an_alarm(server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    server.stalls.set()
    tell_decided(1)

    deliver()
    deliver(at=LATER + timedelta(minutes=6))

    assert late_count(LATER + timedelta(minutes=61)) == 1


# --- at least once ----------------------------------------------------------------------------


def test_killed_between_sending_and_noting_it_is_sent_again_under_the_same_id(server):
    tell_decided(1)
    with pytest.raises(Killed):
        deliver(channel=KilledAfterSending())

    assert deliver(at=LATER + timedelta(minutes=4)).sent == 0  # whoever took it may still be at it
    assert deliver(at=LATER + timedelta(minutes=5)).sent == 1

    assert len(server.taken) == 2
    assert len(set(server.message_ids)) == 1
    assert Delivery.objects.get().tries == 2


def test_a_line_cut_after_the_message_was_taken_is_the_same(server):
    tell_decided(1)
    server.goes_away_after_data = True
    deliver()
    server.goes_away_after_data = False

    assert deliver(at=LATER + timedelta(minutes=5)).sent == 1

    assert len(server.taken) == 2
    assert len(set(server.message_ids)) == 1


def test_what_kills_whoever_sends_it_is_given_up_and_said(server):
    tell_decided(1)
    at = LATER
    for _ in range(7):
        with pytest.raises(Killed):
            deliver(at=at, channel=KilledAfterSending())
        at += timedelta(minutes=5)

    assert deliver(at=at, channel=KilledAfterSending()).failed == 1
    assert Delivery.objects.get().trouble == Trouble.INTERRUPTED


def test_a_new_fact_does_not_change_a_message_that_may_be_on_its_way(server):
    tell_decided(1)
    with pytest.raises(Killed):
        deliver(channel=KilledAfterSending())
    tell_decided(1, number=2)

    deliver(at=LATER + timedelta(minutes=30))

    assert len(server.taken) == 3
    assert len(set(server.message_ids)) == 2
    assert [each["Subject"] for each in server.taken].count("Decision 1") == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_everything_once(server):
    tell_decided(*range(30))
    failed = []

    def work():
        try:
            deliver()
        except Exception as error:  # noqa: BLE001 — shown below
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    deliver()  # what the one saw before the other had gathered it

    assert failed == []
    assert len(server.taken) == len(set(server.message_ids)) == 30


def test_a_run_ends_when_its_time_is_over_and_the_next_goes_on(server):
    tell_decided(*range(5))

    assert deliver(seconds=0).sent == 0
    assert deliver().sent == 5


def test_without_a_mail_server_messages_are_files(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    tell_decided(1)

    deliver()

    [file] = (tmp_path / "mail").iterdir()
    assert b"Message-ID" in file.read_bytes()
    assert mail.outbox == []


def test_nothing_of_a_person_is_logged(server, capsys):
    server.refused["p4@example.vn"] = "550 5.1.1 <p4@example.vn>: no such user here"
    tell_decided(3, 4, at=NOON)

    deliver()

    assert "@example.vn" not in "".join(capsys.readouterr())
