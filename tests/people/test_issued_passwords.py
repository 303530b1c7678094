"""Passwords issued by an administrator: shown once, changed at first sign-in; idle accounts."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from people_scene import NOON, PASSWORD, with_role

from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.people.actions import (
    AccountIsClosed,
    AccountIsIdle,
    AccountIsLocked,
    OwnPassword,
    PasswordHasChanged,
    PasswordIsTheSame,
    PersonHasAnAccount,
    SignInFailed,
    change_password,
    create_account,
    grant_role,
    issue_account,
    password_state,
    reset_password,
    sign_in,
)
from hocvu.people.models import Account
from hocvu.people.queries.people import standing_of_account
from hocvu.people.rules.sign_in import Standing, one_time_password

CHOSEN = "một câu khác cũng dễ nhớ"
DAY = timedelta(days=1)


@pytest.fixture
def account(nobody):
    return create_account(nobody, "nhanvien", PASSWORD, by=None, at=NOON)


def test_a_one_time_password_is_read_from_paper_without_mistakes():
    assert one_time_password(bytes(10)) == "0000-0000-0000-0000"
    assert one_time_password(b"\xff" * 32) == "zzzz-zzzz-zzzz-zzzz"
    assert one_time_password(bytes(9) + b"\x01" + bytes(9)).startswith("1")


def test_a_new_password_replaces_the_old_one_and_must_be_changed(account, administrator):
    issued = reset_password(account, by=administrator, at=NOON)

    with pytest.raises(SignInFailed):
        sign_in("nhanvien", PASSWORD, at=NOON)
    assert sign_in("nhanvien", issued, at=NOON).must_change_password
    change_password(account, issued, CHOSEN, at=NOON)
    assert not sign_in("nhanvien", CHOSEN, at=NOON).must_change_password
    assert re.fullmatch(r"([0-9a-z]{4}-){3}[0-9a-z]{4}", issued)


def test_every_password_issued_is_another_one_and_none_is_kept(account, administrator):
    first = reset_password(account, by=administrator, at=NOON)
    account.refresh_from_db()
    second = reset_password(account, by=administrator, at=NOON)

    kept = str(list(Account.objects.values())) + str(list(AuditEntry.objects.values()))
    assert first != second
    assert first not in kept
    assert second not in kept


def test_the_same_form_sent_twice_issues_one_password(account, administrator):
    state = password_state(account)

    first = reset_password(account, state=state, by=administrator, at=NOON)
    second = reset_password(account, state=state, by=administrator, at=NOON)

    assert first == second
    assert AuditEntry.objects.filter(act="password_reset").count() == 1


def test_an_old_form_does_not_overturn_the_password_chosen_since(account, administrator):
    state = password_state(account)
    issued = reset_password(account, state=state, by=administrator, at=NOON)
    change_password(account, issued, CHOSEN, at=NOON)

    with pytest.raises(PasswordHasChanged):
        reset_password(account, state=state, by=administrator, at=NOON)
    assert sign_in("nhanvien", CHOSEN, at=NOON)


def test_a_new_password_unlocks(account, administrator):
    for _ in range(5):
        with pytest.raises((SignInFailed, AccountIsLocked)):
            sign_in("nhanvien", "sai", at=NOON)

    issued = reset_password(account, by=administrator, at=NOON)

    assert sign_in("nhanvien", issued, at=NOON)


def test_an_issued_password_cannot_be_kept(account, administrator):
    issued = reset_password(account, by=administrator, at=NOON)

    with pytest.raises(PasswordIsTheSame):
        change_password(account, issued, issued, at=NOON)
    account.refresh_from_db()
    assert account.must_change_password


def test_only_who_governs_every_role_of_a_person_issues_their_password(
    account, administrator, nation, an_bien, ba_dinh
):
    local = with_role("administrator", an_bien)
    assert reset_password(account, by=local, at=NOON)

    grant_role(account.person, "administrator", nation, by=None, at=NOON)

    others = (with_role("training_officer", nation), with_role("administrator", ba_dinh))
    for by in (local, administrator, *others):
        with pytest.raises(NotAllowed):
            reset_password(account, by=by, at=NOON)
    assert reset_password(account, by=with_role("administrator", nation), at=NOON)


def test_nobody_issues_a_password_to_themselves_or_for_a_closed_account(account, administrator):
    own = create_account(administrator, "quantri", PASSWORD, by=None, at=NOON)
    with pytest.raises(OwnPassword):
        reset_password(own, by=administrator, at=NOON)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    with pytest.raises(AccountIsClosed):
        reset_password(account, by=administrator, at=NOON)


def test_an_account_is_issued_once_with_one_password(nobody, administrator):
    first = issue_account(nobody, "NhanVien", by=administrator, at=NOON)
    assert issue_account(nobody, "nhanvien", by=administrator, at=NOON) == first

    change_password(nobody.account, first, CHOSEN, at=NOON)

    with pytest.raises(PersonHasAnAccount):
        issue_account(nobody, "nhanvien", by=administrator, at=NOON)
    assert sign_in("nhanvien", CHOSEN, at=NOON)


def test_under_an_issued_password_every_page_leads_to_choosing_ones_own(account, administrator):
    issued = reset_password(account, by=administrator, at=NOON)
    phone = Client()
    phone.post("/sign-in/", {"username": "nhanvien", "password": issued})

    asked = phone.get("/tests/?page=2")
    sent = phone.post("/account/")

    assert (asked.status_code, sent.status_code) == (303, 303)
    assert asked["Location"] == "/account/password/?next=%2Ftests%2F%3Fpage%3D2"
    assert sent["Location"] == "/account/password/"
    assert phone.get("/").status_code == 200


def test_with_ones_own_password_one_goes_on_to_where_one_wanted(account, administrator):
    issued = reset_password(account, by=administrator, at=NOON)
    phone = Client()
    phone.post("/sign-in/", {"username": "nhanvien", "password": issued})

    fields = {"present": issued, "new": CHOSEN, "again": CHOSEN, "next": "/tests/?page=2"}
    changed = phone.post("/account/password/", fields)

    assert changed["Location"] == "/tests/?page=2"
    assert phone.get("/account/").status_code == 200


# --- Idle accounts -----------------------------------------------------------------------------


def test_an_account_nobody_used_for_45_days_is_closed_until_a_password_is_issued(
    account, administrator
):
    last = NOON + 45 * DAY - timedelta(seconds=1)
    assert sign_in("nhanvien", PASSWORD, at=last)

    with pytest.raises(AccountIsIdle, match="45 ngày"):
        sign_in("nhanvien", PASSWORD, at=last + 45 * DAY)
    issued = reset_password(account, by=administrator, at=last + 46 * DAY)

    assert sign_in("nhanvien", issued, at=last + 46 * DAY)


def test_a_wrong_password_does_not_tell_that_an_account_is_idle(account):
    with pytest.raises(SignInFailed):
        sign_in("nhanvien", "sai", at=NOON + 100 * DAY)


def test_the_standing_of_an_account_is_told_in_one_word(account, administrator):
    assert standing_of_account(account, NOON) is Standing.IN_USE
    assert standing_of_account(account, NOON + 45 * DAY) is Standing.IDLE
    account.locked_until = NOON + DAY
    assert standing_of_account(account, NOON) is Standing.LOCKED
    reset_password(account, by=administrator, at=NOON)
    account.refresh_from_db()
    assert standing_of_account(account, NOON) is Standing.ISSUED
    account.last_used_at = None  # from before uses were noted
    assert standing_of_account(account, NOON + 45 * DAY) is Standing.ISSUED


# --- Pages -------------------------------------------------------------------------------------


def test_a_slip_is_shown_and_leads_to_a_password_of_ones_own(
    account, nobody, signed_in, administrator
):
    desk = signed_in(administrator)
    form = desk.get(f"/people/{nobody.pk}/password/")
    state = form.context["password_state"]
    slip = desk.post(f"/people/{nobody.pk}/password/", {"state": state})
    issued = slip.context["password"]

    phone = Client()
    told = {"username": "nhanvien", "password": issued, "next": "/check-in/"}
    entered = phone.post("/sign-in/", told)
    home = phone.get("/home/")
    changed = phone.post(
        entered["Location"],
        {"present": issued, "new": CHOSEN, "again": CHOSEN, "next": "/check-in/"},
    )

    assert issued in slip.content.decode()
    assert "nhanvien" in slip.content.decode()
    assert "no-store" in slip["Cache-Control"]
    assert entered["Location"] == "/account/password/?next=%2Fcheck-in%2F"
    assert phone.get("/sign-in/")["Location"] == "/home/"
    assert (home.status_code, home["Location"]) == (303, "/account/password/?next=%2Fhome%2F")
    assert (changed.status_code, changed["Location"]) == (303, "/check-in/")
    assert phone.get("/home/").status_code == 200


def test_the_new_password_must_differ_from_the_slip(account, administrator):
    issued = reset_password(account, by=administrator, at=NOON)
    phone = Client()
    phone.post("/sign-in/", {"username": "nhanvien", "password": issued})

    page = phone.post("/account/password/", {"present": issued, "new": issued, "again": issued})

    assert page.status_code == 422
    assert "trùng với mật khẩu hiện tại" in page.content.decode()
    assert "Đặt mật khẩu của riêng mình" in page.content.decode()


def test_the_record_tells_how_the_account_stands(account, nobody, signed_in, administrator):
    desk = signed_in(administrator)
    Account.objects.filter(pk=account.pk).update(last_used_at=NOON - 400 * DAY)

    page = desk.get(f"/people/{nobody.pk}/").content.decode()

    assert "45 ngày không sử dụng" in page
    assert f"/people/{nobody.pk}/password/" in page
    assert f"/people/{nobody.pk}/account/" not in page


def test_people_out_of_reach_and_without_an_account_have_no_slip(
    signed_in, administrator, officer, nobody, ba_dinh
):
    far = with_role("leader", ba_dinh)
    desk = signed_in(administrator)

    assert desk.get(f"/people/{far.pk}/password/").status_code == 404
    assert desk.get(f"/people/{nobody.pk}/password/").status_code == 404
    create_account(nobody, "nhanvien", PASSWORD, by=None, at=NOON)
    assert signed_in(officer).post(f"/people/{nobody.pk}/password/").status_code == 403
