"""Files made anew under another template: one certificate, two valid files, both in the log."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from credentials.recognition_scene import NOON, approver_of, make_person, sign_in, tamper
from hocvu.credentials.actions import remaking, revoke_certificate
from hocvu.credentials.actions.remaking import (
    AlreadyAsked,
    approve_new_files,
    ask_for_new_files,
    make_new_files,
)
from hocvu.credentials.models import RegisterEntry, RemadeFile, RemakeOrder
from hocvu.credentials.queries.files import newest_file
from hocvu.credentials.rules.causes import Ruling
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.errors import NotAllowed
from hocvu.signing import TokenGone
from hocvu.stationery.models import TemplateVersion
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Verdict

LATER = NOON + timedelta(days=3)


@pytest.fixture
def another_look(certificates):
    """The template gets a new version, in use from today."""
    old = TemplateVersion.objects.get(template__kind="completion", template__issuer=None)
    return TemplateVersion.objects.create(
        template=old.template,
        number=old.number + 1,
        source=old.source + "\n// another look\n",
        look=old.look,
        written_at=LATER,
        approved_at=LATER,
        effective_from=LATER.date(),
    )


@pytest.fixture
def leader(training_class):
    return approver_of(training_class)


@pytest.fixture
def order(another_look, school, registrar):
    return ask_for_new_files(
        school, "completion", reason="Con dấu có hình mới", by=registrar, at=LATER
    )


@pytest.fixture
def make(order, leader):
    def make():
        approved = approve_new_files(order, by=leader, at=LATER)
        return make_new_files(approved, now=lambda: LATER)

    return make


def test_every_certificate_in_force_gets_a_new_file_and_keeps_its_numbers(certificates, make):
    made = make()

    before, after = certificates[0].file, newest_file(certificates[0])
    assert made == len(certificates)
    assert after != before
    assert {check_file(each).verdict for each in (before, after)} == {Verdict.VALID}
    assert check_file(after).facts.serial_number == certificates[0].serial_number


def test_the_log_names_the_new_file_and_the_auditor_is_content(certificates, make):
    make()

    entries = RegisterEntry.objects.filter(event="reissue").order_by("leaf_index")
    assert [each.facts["file"] for each in entries] == list(
        RemadeFile.objects.order_by("pk").values_list("sha256", flat=True)
    )
    assert audit_register() == []


def test_running_again_makes_nothing_more(make, order, leader):
    make()

    assert make() == 0
    assert RemakeOrder.objects.get().ended_at is not None


def test_what_is_revoked_or_issued_later_gets_no_new_file(certificates, make, registrar):
    ruling = Ruling("9/QĐ", NOON.date(), "issuer_error")
    revoke_certificate(certificates[0], ruling=ruling, by=registrar, at=NOON)

    assert make() == len(certificates) - 1


# --- Refusals ---------------------------------------------------------------------------------


def test_nobody_approves_what_they_asked_for(order, registrar):
    with pytest.raises(NotAllowed):
        approve_new_files(order, by=registrar, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        RemakeOrder.objects.filter(pk=order.pk).update(approved_by=registrar, approved_at=LATER)


def test_nothing_is_made_before_somebody_approved(order):
    assert make_new_files(order, now=lambda: LATER) == 0
    assert not RemadeFile.objects.exists()


def test_only_registrars_of_the_issuer_ask(another_look, school, stranger, learners):
    for somebody in (stranger, learners[0]):
        with pytest.raises(NotAllowed):
            ask_for_new_files(school, "completion", reason="x", by=somebody, at=LATER)


def test_a_version_is_asked_for_once(order, school, registrar):
    with pytest.raises(AlreadyAsked):
        ask_for_new_files(school, "completion", reason="lại", by=registrar, at=LATER)


def test_a_template_changed_meanwhile_stops_it_in_words(order, leader, another_look):
    another_look.pk, another_look.number = None, another_look.number + 1
    another_look.save(force_insert=True)

    approved = approve_new_files(order, by=leader, at=LATER)

    assert make_new_files(approved, now=lambda: LATER) == 0
    assert RemakeOrder.objects.get().stop_detail


def test_a_missing_key_stops_it_and_it_goes_on_later(make, monkeypatch):
    with monkeypatch.context() as patched:

        def gone(*_args, **_more):
            raise TokenGone("The token is not in its place.")

        patched.setattr(remaking, "render_batch", gone)
        assert make() == 0
        assert "token" in RemakeOrder.objects.get().stop_detail

    assert make() == 3


def test_a_file_made_anew_that_no_entry_names_is_not_ours(certificates, make):
    make()
    forged = newest_file(certificates[0])
    tamper("UPDATE credentials_registerentry SET event = 'duplicate' WHERE event = 'reissue'")

    assert check_file(forged).verdict is not Verdict.VALID


def test_what_was_made_is_written_once(make):
    make()

    with pytest.raises(DatabaseError), transaction.atomic():
        RemadeFile.objects.update(sha256="0" * 64)


def test_the_pages_lead_from_asking_to_approval(client, another_look, school, registrar, leader):
    sign_in(client, registrar)
    asked = client.post(
        "/register/new-files/ask/",
        {"issuer": school.pk, "kind": "completion", "reason": "Con dấu mới"},
    )
    address = asked.headers["Location"]
    own = client.get(address).content.decode()
    approval = sign_in(client, leader).post(address)
    stranger = make_person("Đỗ Văn Lạ", school)

    assert "Chờ" in own or "chờ" in own
    assert "Duyệt" not in own
    assert approval.status_code == 303
    assert RemakeOrder.objects.get().approved_by == leader
    assert sign_in(client, stranger).get(address).status_code == 404
