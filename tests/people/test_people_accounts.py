"""Signing in, locks, passwords, roles."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from people_scene import NOON, PASSWORD, somebody

from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.people.actions import (
    AccountIsLocked,
    PersonHasAnAccount,
    SignInFailed,
    UsernameIsTaken,
    change_password,
    create_account,
    end_role,
    grant_role,
    sign_in,
)
from hocvu.people.actions.accounts import PasswordIsWrong
from hocvu.people.models import RoleGrant
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


@pytest.fixture
def account(officer):
    return create_account(officer, "canbo", PASSWORD, by=None, at=NOON)


def fail(times, at=NOON):
    for _ in range(times):
        with pytest.raises((SignInFailed, AccountIsLocked)):
            sign_in("canbo", "sai", at=at)


def test_name_and_password_together_sign_in(account):
    assert sign_in(" CanBo ", PASSWORD, at=NOON) == account


@pytest.mark.parametrize(("name", "password"), [("canbo", "sai"), ("khong-ai", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_sound_the_same(account, name, password):
    with pytest.raises(SignInFailed, match="Tên đăng nhập hoặc mật khẩu không đúng"):
        sign_in(name, password, at=NOON)


def test_the_fifth_failure_locks_the_account_for_fifteen_minutes(account):
    fail(5)

    with pytest.raises(AccountIsLocked, match="12:15"):
        sign_in("canbo", PASSWORD, at=NOON + timedelta(minutes=14, seconds=59))
    assert sign_in("canbo", PASSWORD, at=NOON + timedelta(minutes=15)) == account


def test_four_failures_do_not_lock_and_a_success_forgets_them(account):
    fail(4)
    sign_in("canbo", PASSWORD, at=NOON)
    fail(4)

    assert sign_in("canbo", PASSWORD, at=NOON) == account


def test_failures_are_audited_without_the_name_typed(account):
    fail(1)

    entry = AuditEntry.objects.get(act="sign_in_failed")
    assert entry.subject == f"people.account:{account.pk}"
    assert "canbo" not in str(entry.facts)


def test_a_dismissed_account_cannot_sign_in(account):
    account.is_active = False
    account.save()

    with pytest.raises(SignInFailed):
        sign_in("canbo", PASSWORD, at=NOON)


def test_a_password_is_changed_only_by_somebody_who_knows_it(account):
    with pytest.raises(PasswordIsWrong):
        change_password(account, "không phải nó đâu", "mật khẩu mới đủ dài", at=NOON)
    change_password(account, PASSWORD, "mật khẩu mới đủ dài", at=NOON)
    change_password(account, PASSWORD, "mật khẩu mới đủ dài", at=NOON)  # the same form again

    assert sign_in("canbo", "mật khẩu mới đủ dài", at=NOON)
    assert AuditEntry.objects.filter(act="password_changed").count() == 1


def test_a_short_password_is_refused(account):
    with pytest.raises(ValidationError):
        change_password(account, PASSWORD, "ngắn", at=NOON)


def test_an_account_is_made_once(account, officer, nobody):
    assert create_account(officer, "CANBO", PASSWORD, by=None, at=NOON) == account
    with pytest.raises(PersonHasAnAccount):
        create_account(officer, "khac", PASSWORD, by=None, at=NOON)
    with pytest.raises(UsernameIsTaken):
        create_account(nobody, "canbo", PASSWORD, by=None, at=NOON)


def test_only_an_administrator_of_the_unit_makes_accounts(officer, administrator, nobody, ba_dinh):
    stranger = somebody(ba_dinh, "Trần Thị Xa")

    with pytest.raises(NotAllowed):
        create_account(nobody, "ai-do", PASSWORD, by=officer, at=NOON)
    with pytest.raises(NotAllowed):
        create_account(stranger, "ai-do", PASSWORD, by=administrator, at=NOON)
    assert create_account(nobody, "ai-do", PASSWORD, by=administrator, at=NOON)


def test_a_role_is_granted_once_and_ended_once(administrator, nobody, an_bien):
    grant = grant_role(nobody, "leader", an_bien, by=administrator, at=NOON)
    assert grant_role(nobody, "leader", an_bien, by=administrator, at=NOON) == grant
    assert scope_of(nobody, on=NOON.date()).covers(Permission.SEE_PEOPLE, an_bien)

    end_role(grant, by=administrator, at=NOON)
    end_role(grant, by=administrator, at=NOON + timedelta(days=1))

    grant.refresh_from_db()
    assert grant.until_on == NOON.date()
    assert AuditEntry.objects.filter(act="role_ended").count() == 1


def test_roles_are_granted_and_ended_only_within_ones_own_reach(
    administrator, officer, nobody, an_bien, ba_dinh
):
    for by, where in ((officer, an_bien), (administrator, ba_dinh)):
        with pytest.raises(NotAllowed):
            grant_role(nobody, "leader", where, by=by, at=NOON)
    grant = grant_role(nobody, "leader", ba_dinh, by=None, at=NOON)
    with pytest.raises(NotAllowed):
        end_role(grant, by=administrator, at=NOON)
    assert RoleGrant.objects.get(pk=grant.pk).until_on is None


# --- Pages -------------------------------------------------------------------------------------


def test_signing_in_by_page_leads_where_one_wanted_to_go(client, account):
    page = client.get("/people/")
    assert page.status_code == 302

    answer = client.post(
        "/sign-in/", {"username": "canbo", "password": PASSWORD, "next": "/people/"}
    )

    assert (answer.status_code, answer["Location"]) == (303, "/people/")
    assert client.get("/people/").status_code == 200


@pytest.mark.parametrize(("address", "is_told"), [("/sign-in/", False), ("/people/", True)])
def test_whoever_was_signed_out_is_told_why_and_what_stays(client, address, is_told):
    page = client.get(address, follow=True).content.decode()

    assert ("không thao tác trong 15 phút" in page) is is_told


def test_signing_in_never_leads_to_another_site(client, account):
    answer = client.post(
        "/sign-in/", {"username": "canbo", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer["Location"] == reverse("portal:home")


def test_a_failed_sign_in_is_told_in_the_form(client, account):
    answer = client.post("/sign-in/", {"username": "canbo", "password": "sai"})

    assert answer.status_code == 422
    assert "không đúng" in answer.content.decode()
    assert PASSWORD not in answer.content.decode()


def test_signing_out_needs_a_form(signed_in, officer):
    client = signed_in(officer)

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 303
    assert client.get("/people/").status_code == 302


def test_changing_the_password_keeps_one_signed_in(signed_in, officer):
    client = signed_in(officer)

    wrong = client.post(
        "/account/password/", {"present": "x", "new": "mật khẩu mới đủ dài", "again": "khác"}
    )
    right = client.post(
        "/account/password/",
        {"present": PASSWORD, "new": "mật khẩu mới đủ dài", "again": "mật khẩu mới đủ dài"},
    )

    assert wrong.status_code == 422
    assert right.status_code == 303
    assert client.get("/account/").status_code == 200
