"""A holder says what is wrong; a registrar corrects by a decision, or says why not."""

from dataclasses import replace
from uuid import uuid4

import pytest

from credentials.recognition_scene import NOON
from hocvu.audit.models import AuditEntry
from hocvu.credentials.actions import correct_certificate
from hocvu.credentials.rules.causes import Ruling
from hocvu.kernel.errors import NotAllowed
from hocvu.notices.models import Notice
from hocvu.notices.rules.kinds import kind_of
from hocvu.wallet.actions import answer_request, request_correction
from hocvu.wallet.actions.requests import (
    AlreadyAsked,
    AnswerIsMissing,
    IsSettled,
    NothingToCorrect,
)
from hocvu.wallet.models import CorrectionRequest
from hocvu.wallet.queries.requests import requests_of, requests_open_to
from hocvu.wallet.rules.requests import Wish

WISH = Wish("name", "Phạm Văn Ấn", "Giấy khai sinh cấp ngày 12/03/1980")
WHY_NOT = "Giấy khai sinh ghi đúng như giấy chứng nhận."


@pytest.fixture
def ask(certificate, holder):
    def asked(wish=WISH, *, by=holder, client_id=None):
        return request_correction(certificate, wish, client_id=client_id or uuid4(), by=by, at=NOON)

    return asked


@pytest.fixture
def request_made(ask):
    return ask()


@pytest.fixture
def correct(certificate, registrar):
    ruling = Ruling("10/QĐ-TCT", NOON.date(), "written_wrong", "")
    says = replace(certificate.holder, full_name=WISH.should_say)
    return lambda: correct_certificate(certificate, says, ruling=ruling, by=registrar, at=NOON)


def test_what_a_holder_asks_reaches_the_registrars_of_the_issuer_and_nobody_else(
    request_made, learners, registrar, stranger, officer
):
    assert list(requests_of(learners[0])) == [request_made]
    assert list(requests_open_to(registrar)) == [request_made]
    for somebody in (stranger, officer, learners[0]):
        assert not requests_open_to(somebody).exists()
    assert not requests_of(learners[1]).exists()


def test_the_registrars_are_told_of_it_and_the_holder_of_the_answer(
    request_made, holder, registrar, stranger
):
    answer_request(request_made, WHY_NOT, by=registrar, at=NOON)

    def told(kind):
        return list(Notice.objects.filter(kind=kind).values_list("recipient_id", flat=True))

    assert told("correction_asked") == [registrar.pk]
    assert told("correction_refused") == [holder.pk]
    for notice in Notice.objects.filter(kind__startswith="correction_"):
        words = kind_of(notice.kind).words(notice.facts)
        assert request_made.certificate.serial_number in words.happened
        assert words.path
        assert holder.full_name not in str(words)


def test_a_form_sent_twice_asks_once(ask):
    client_id = uuid4()

    assert ask(client_id=client_id) == ask(client_id=client_id)
    assert CorrectionRequest.objects.count() == 1
    assert AuditEntry.objects.filter(act="correction_requested").count() == 1


def test_the_same_is_not_asked_again_while_it_waits_but_something_else_is(ask, request_made):
    with pytest.raises(AlreadyAsked):
        ask()
    assert ask(replace(WISH, subject="unit")).subject == "unit"


def test_nobody_asks_about_somebody_elses_certificate(ask, learners, registrar):
    for somebody in (learners[1], registrar):
        with pytest.raises(NotAllowed):
            ask(by=somebody)


def test_what_no_longer_counts_is_not_corrected(ask, certificate, revoke):
    revoke(certificate)

    with pytest.raises(NothingToCorrect):
        ask()


def test_a_correction_settles_what_was_asked(request_made, correct, holder, registrar):
    edition = correct()

    settled = requests_of(holder).get()
    assert settled.new_edition == edition
    assert settled.settled_by == registrar
    assert settled.answer == ""


def test_after_the_correction_the_old_edition_is_not_asked_about(ask, correct):
    correct()

    with pytest.raises(NothingToCorrect):
        ask()


def test_a_registrar_says_why_not_and_the_holder_reads_it(request_made, holder, registrar):
    answer_request(request_made, WHY_NOT, by=registrar, at=NOON)

    settled = requests_of(holder).get()
    assert settled.answer == WHY_NOT
    assert settled.new_edition is None


def test_an_answer_is_given_once(request_made, registrar, correct):
    answer_request(request_made, WHY_NOT, by=registrar, at=NOON)
    answer_request(request_made, WHY_NOT, by=registrar, at=NOON)

    with pytest.raises(IsSettled):
        answer_request(request_made, "Lý do khác", by=registrar, at=NOON)
    assert AuditEntry.objects.filter(act="correction_refused").count() == 1


def test_who_does_not_correct_says_why(request_made, registrar):
    with pytest.raises(AnswerIsMissing):
        answer_request(request_made, "", by=registrar, at=NOON)


def test_only_registrars_of_the_issuer_answer(request_made, holder, stranger, officer):
    for somebody in (holder, stranger, officer):
        with pytest.raises(NotAllowed):
            answer_request(request_made, WHY_NOT, by=somebody, at=NOON)
    assert CorrectionRequest.objects.get().settled_at is None


def test_who_was_refused_may_ask_again(request_made, ask, registrar):
    answer_request(request_made, WHY_NOT, by=registrar, at=NOON)

    assert ask() != request_made
