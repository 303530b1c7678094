"""What keeps certificates from being signed stops the run in words; the rest comes later."""

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from credentials.recognition_scene import NOON, decide, make_person
from hocvu.credentials.actions import (
    IssuingHasStopped,
    issue_certificates,
    issuing,
    rendering,
)
from hocvu.credentials.actions.issuing import finish_issuing
from hocvu.credentials.models import Certificate, IssuingRun, RegisterEntry, StopReason
from hocvu.credentials.queries.runs import pace_of
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.time import VIETNAM
from hocvu.signing import TokenGone
from hocvu.stationery.models import TemplateVersion
from hocvu.stationery.queries.pages import ImageIsMissing
from hocvu.trust.actions import desks

EVERYBODY = 10
AFTER_EXPIRY = datetime(2045, 6, 1, tzinfo=VIETNAM)


@pytest.fixture
def decision(hold, ward, registrar):
    held = hold([make_person(f"Lê Văn Số {number}", ward) for number in range(EVERYBODY)])
    return decide(held, registrar)


@dataclass(frozen=True)
class TokenPulledOut:
    """The real key, whose token is pulled out after so many signatures of files."""

    key: object
    after: int
    signed: list

    algorithm = property(lambda self: self.key.algorithm)
    chain = property(lambda self: self.key.chain)

    @contextmanager
    def open(self):
        with self.key.open() as session:
            yield _Session(self, session)


@dataclass(frozen=True)
class _Session:
    key: TokenPulledOut
    session: object

    def sign(self, digests):
        if len(self.key.signed) + len(digests) > self.key.after:
            raise TokenGone("The token is not in its place.")
        self.key.signed.extend(digests)
        return self.session.sign(digests)


@pytest.fixture
def token_pulled_out_half_way(monkeypatch):
    signed, keys_of = [], desks.keys_of

    def loose(issuer, name):
        keys = keys_of(issuer, name)
        return replace(keys, signing=(TokenPulledOut(keys.signing[0], 5, signed),))

    monkeypatch.setattr(issuing, "BATCH", 2)
    monkeypatch.setattr(desks, "keys_of", loose)


def numbers():
    given = Certificate.objects.order_by("register_number")
    return list(given.values_list("register_number", flat=True))


def test_a_token_pulled_out_half_way_stops_the_batch_in_words_and_it_goes_on_later(
    decision, registrar, token_pulled_out_half_way, monkeypatch
):
    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=NOON)

    assert numbers() == [1, 2, 3, 4]
    assert audit_register() == []
    stopped = pace_of(decision, NOON)
    assert (stopped.issued, stopped.missing) == (4, 6)
    assert stopped.stopped.startswith(str(StopReason.KEY_AWAY.label))
    assert "cắm lại" in stopped.stopped.casefold()
    monkeypatch.undo()

    issue_certificates(decision, by=registrar, at=NOON)

    assert numbers() == list(range(1, EVERYBODY + 1))
    assert pace_of(decision, NOON).stopped == ""
    assert audit_register() == []


def test_without_a_timestamp_authority_nothing_is_issued_without_proof_of_time(
    decision, registrar, settings
):
    (settings.AUTHORITY_FOLDER / "keys.toml").write_text(
        '[timestamps]\naddress = "http://127.0.0.1:1/tsa"\nroots = "root.crt"\n'
    )

    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=NOON)

    assert not Certificate.objects.exists()
    assert IssuingRun.objects.get().stop_reason == StopReason.TIMESTAMP_AWAY


def test_a_key_whose_certificate_has_expired_signs_nothing(decision, registrar):
    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=AFTER_EXPIRY)

    assert not Certificate.objects.exists()
    assert IssuingRun.objects.get().stop_reason == StopReason.CERTIFICATE_OVER


def test_without_a_key_nothing_is_issued(decision, registrar, settings):
    (settings.AUTHORITY_FOLDER / "keys.toml").write_text(
        '[[issuer]]\ncode = "TCT-31"\npkcs12 = "none.p12"\npassword_from = "HOCVU_NOT_SET"\n'
    )

    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=NOON)

    assert IssuingRun.objects.get().stop_reason == StopReason.KEY_MISSING


def test_a_name_the_typeface_lacks_stops_the_run(decision, registrar, monkeypatch):
    version = TemplateVersion.objects.filter(template__kind="completion")
    assert version.exists()
    own_texts = rendering.own_texts

    def with_a_strange_letter(to_print, *, at):
        return {**own_texts(to_print, at=at), "holder_name": "漢"}

    monkeypatch.setattr(rendering, "own_texts", with_a_strange_letter)

    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=NOON)

    assert IssuingRun.objects.get().stop_reason == StopReason.CANNOT_PRINT


def test_a_clock_set_back_stops_the_run(decision, registrar, monkeypatch):
    monkeypatch.setattr(issuing, "BATCH", 4)
    moments = iter([NOON, NOON - timedelta(days=1)])

    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=NOON, now=lambda: next(moments))

    assert numbers() == [1, 2, 3, 4]
    assert IssuingRun.objects.get().stop_reason == StopReason.CLOCK
    assert set(RegisterEntry.objects.values_list("at", flat=True)) == {NOON}


def test_a_picture_that_the_template_asks_for_and_nobody_gave_stops_the_run(
    decision, registrar, monkeypatch
):
    def without_a_seal(*_arguments, **_named):
        raise ImageIsMissing("There is no seal.")

    monkeypatch.setattr(rendering, "sheet_of", without_a_seal)
    rendering._presses.clear()

    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=NOON)

    assert IssuingRun.objects.get().stop_reason == StopReason.CANNOT_PRINT


def test_lists_that_a_killed_process_did_not_write_are_written_within_a_minute(
    decision, registrar, settings
):
    issue_certificates(decision, by=registrar, at=NOON)
    shutil.rmtree(settings.REGISTER_FOLDER / "status")

    finish_issuing(0)

    assert (settings.REGISTER_FOLDER / "status/revocation/1").exists()


def test_a_key_is_known_before_anything_signed_with_it_is(
    decision, registrar, settings, token_pulled_out_half_way
):
    with pytest.raises(IssuingHasStopped):
        issue_certificates(decision, by=registrar, at=NOON)

    listed = json.loads((settings.AUTHORITY_FOLDER / "issuers.json").read_text())["keys"]
    assert "Trường Chính trị mẫu" in {each["name"] for each in listed}


@pytest.mark.parametrize(
    ("batch", "took", "follows"),
    [(100, 0.05, 400), (100, 0.5, 100), (100, 50.0, 10), (10, 5.0, 10), (400, 0.1, 500)],
)
def test_a_batch_is_as_large_as_the_register_can_be_held_for(batch, took, follows):
    assert issuing.next_size(batch, took) == follows


def test_what_stopped_is_taken_up_within_a_minute_of_its_cause_going_away(
    decision, registrar, token_pulled_out_half_way, monkeypatch
):
    finish_issuing(0)
    assert numbers() == [1, 2, 3, 4]
    monkeypatch.undo()

    finish_issuing(0)

    assert numbers() == list(range(1, EVERYBODY + 1))


def test_rate_and_time_left_are_told_while_it_goes_on(decision, registrar, monkeypatch):
    monkeypatch.setattr(issuing, "BATCH", 2)
    moments = iter(NOON + timedelta(seconds=second) for second in (30, 60, 90))

    with pytest.raises(StopIteration):
        issue_certificates(decision, by=registrar, at=NOON, now=lambda: next(moments))

    run = pace_of(decision, NOON)
    assert (run.issued, run.missing, run.pace.per_minute) == (6, 4, 4)
    assert run.pace.left == timedelta(minutes=1)


def test_a_decision_is_overdue_when_its_last_day_has_passed(decision, registrar):
    assert not pace_of(decision, NOON + timedelta(days=15)).is_overdue
    assert pace_of(decision, NOON + timedelta(days=16)).is_overdue

    issue_certificates(decision, by=registrar, at=NOON)

    assert not pace_of(decision, NOON + timedelta(days=16)).is_overdue
