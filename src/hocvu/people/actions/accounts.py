"""Accounts: making them, signing in, passwords chosen and issued."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people import policies
from hocvu.people.models import Account, Person
from hocvu.people.rules.sign_in import SignInState, is_idle, one_time_password
from hocvu.ui.templatetags.figures import moment


class UsernameIsTaken(NotPossible):
    """Another account has this name."""


class PersonHasAnAccount(NotPossible):
    """The person already signs in under another name."""


class SignInFailed(NotPossible):
    """Name and password do not belong together. Which of the two is wrong is not said."""


class AccountIsLocked(NotPossible):
    """Five failures in a row; nobody signs in for fifteen minutes."""


class AccountIsIdle(NotPossible):
    """Nobody has used it for 45 days; an administrator opens it again with a new password."""


class AccountIsClosed(NotPossible):
    """It was taken out of use; a new password would open nothing."""


class PasswordIsWrong(NotPossible):
    """The present password was not given, so the new one is not taken."""


class PasswordIsTheSame(NotPossible):
    """The new password is the present one."""


class PasswordHasChanged(NotPossible):
    """The password is another one than when the page was loaded."""


class OwnPassword(NotPossible):
    """One's own password is changed by knowing it, not issued."""


def create_account(
    person: Person, username: str, password: str, *, by: Person | None, at: datetime
) -> Account:
    """Let this person sign in. The same call again gives the account that exists."""
    username = username.strip().lower()
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        _must_manage(by, person)
        existing = Account.objects.filter(person=person).first()
        if existing and existing.username == username:
            return existing
        if existing:
            raise _person_has_an_account()
        if Account.objects.filter(username=username).exists():
            raise UsernameIsTaken(
                _("The sign-in name %(name)s is taken.") % {"name": username},
                _("Please choose another one."),
            )
        account = Account.objects.create_account(person, username, password)
        account.last_used_at = at
        account.save(update_fields=["last_used_at"])
        record("account_created", account, by=by, at=at, person_id=person.pk)
        return account


def issue_account(person: Person, username: str, *, by: Person | None, at: datetime) -> str:
    """Make an account and give its one-time password; the same call again gives the same one."""
    password = _one_time_password("account", person.pk, username.strip().lower())
    with transaction.atomic():
        account = create_account(person, username, password, by=by, at=at)
        if not account.check_password(password):
            raise _person_has_an_account()
        account.must_change_password = True
        account.save(update_fields=["must_change_password"])
        return password


def reset_password(
    account: Account, *, state: str | None = None, by: Person | None, at: datetime
) -> str:
    """Issue a one-time password, which also unlocks and reopens the account.

    `state` is the `password_state` of the page that asks: sent twice, the form gives the same
    password; sent after the password was changed, it is refused.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().select_related("person").get(pk=account.pk)
        _must_manage(by, account.person)
        if by == account.person:
            raise OwnPassword(
                _("Your own password cannot be issued by yourself."),
                _("Please change it on the page of your account."),
            )
        if not account.is_active:
            raise AccountIsClosed(
                _("This account was taken out of use."), _("Its password stays as it is.")
            )
        present = password_state(account)
        password = _one_time_password("reset", account.pk, state or present)
        if account.check_password(password):
            return password
        if state and state != present:
            raise PasswordHasChanged(
                _("The password was changed after this page was loaded, so none was issued."),
                _("Please load the page again and decide anew."),
            )
        account.set_password(password)
        account.must_change_password = True
        account.failed_sign_ins, account.locked_until, account.last_used_at = 0, None, at
        account.save()
        record("password_reset", account, by=by, at=at, person_id=account.person_id)
        return password


def password_state(account: Account) -> str:
    """Names the password an account has now, without telling anything about it."""
    return salted_hmac("hocvu.people.password_state", account.password).hexdigest()


def _one_time_password(purpose: str, *named: object) -> str:
    """Follows from what it is issued for, so that a lost reply can be asked for again."""
    asked_for = ":".join(map(str, (purpose, *named)))
    digest = salted_hmac("hocvu.people.one_time_password", asked_for, algorithm="sha256").digest()
    return one_time_password(digest)


def _must_manage(by: Person | None, person: Person) -> None:
    if not policies.can_manage_account_of(by, person):
        raise NotAllowed(
            _("Only an administrator of the person's unit and of all their roles may do this."),
            _("Please ask that administrator, or one of a unit above."),
        )


def _person_has_an_account() -> PersonHasAnAccount:
    return PersonHasAnAccount(
        _("This person already has an account."),
        _("Please use that account, or issue a new password for it."),
    )


def sign_in(username: str, password: str, *, at: datetime) -> Account:
    """The account these belong to. A failure is counted, and kept even though it is refused."""
    with transaction.atomic():
        account = (
            Account.objects.select_for_update()
            .filter(username=username.strip().lower(), is_active=True)
            .first()
        )
        if account is None:
            make_password(password)  # takes as long as a real check, so names cannot be guessed
            refusal: NotPossible | None = _sign_in_failed()
        else:
            refusal = _try(account, password, at)
    if refusal or account is None:
        raise refusal or _sign_in_failed()
    return account


def _try(account: Account, password: str, at: datetime) -> NotPossible | None:
    state = SignInState(account.failed_sign_ins, account.locked_until)
    if state.is_locked_at(at):
        return _account_is_locked(account)
    if account.check_password(password):
        if is_idle(account.last_used_at, at):
            record("idle_account_refused", account, by=None, at=at)
            return _account_is_idle()
        account.failed_sign_ins, account.locked_until, account.last_used_at = 0, None, at
        account.save(update_fields=["failed_sign_ins", "locked_until", "last_used_at"])
        record("signed_in", account, by=account.person, at=at)
        return None
    after = state.after_failure(at)
    account.failed_sign_ins, account.locked_until = after.failures, after.locked_until
    account.save(update_fields=["failed_sign_ins", "locked_until"])
    record("sign_in_failed", account, by=None, at=at)
    return _account_is_locked(account) if after.locked_until else _sign_in_failed()


def _sign_in_failed() -> SignInFailed:
    return SignInFailed(
        _("The sign-in name or the password is not right."),
        _(
            "Please check both and try again."
            " After five failures the account is locked for 15 minutes."
        ),
    )


def _account_is_locked(account: Account) -> AccountIsLocked:
    return AccountIsLocked(
        _("This account is locked until %(moment)s after five failed attempts.")
        % {"moment": moment(account.locked_until)},
        _("Please wait until then, or ask the administrator of your unit for a new password."),
    )


def _account_is_idle() -> AccountIsIdle:
    return AccountIsIdle(
        _("This account has not been used for 45 days and is closed."),
        _("Please ask the administrator of your unit for a new password, which opens it again."),
    )


def change_password(account: Account, present: str, new: str, *, at: datetime) -> None:
    """Take the new password when the present one is right and the new one long enough.

    Raises Django's ValidationError for a new password that is too weak.
    """
    validate_password(new, user=account)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        if account.check_password(new) and not account.check_password(present):
            return  # the same form sent twice
        if not account.check_password(present):
            raise PasswordIsWrong(
                _("The present password is not right, so nothing was changed."),
                _("Please type the password you sign in with today."),
            )
        if new == present:
            raise PasswordIsTheSame(
                _("The new password is the one you have now."), _("Please choose another one.")
            )
        account.set_password(new)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        record("password_changed", account, by=account.person, at=at)
