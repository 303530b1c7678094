"""Accounts: making them, signing in, changing the password."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people import policies
from hocvu.people.models import Account, Person
from hocvu.people.rules.sign_in import SignInState
from hocvu.ui.templatetags.figures import moment


class UsernameIsTaken(NotPossible):
    """Another account has this name."""


class PersonHasAnAccount(NotPossible):
    """The person already signs in under another name."""


class SignInFailed(NotPossible):
    """Name and password do not belong together. Which of the two is wrong is not said."""


class AccountIsLocked(NotPossible):
    """Five failures in a row; nobody signs in for fifteen minutes."""


class PasswordIsWrong(NotPossible):
    """The present password was not given, so the new one is not taken."""


def create_account(
    person: Person, username: str, password: str, *, by: Person | None, at: datetime
) -> Account:
    """Let this person sign in. The same call again gives the account that exists."""
    username = username.strip().lower()
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        post = person.posts.filter(until_on=None, is_main=True).select_related("unit").first()
        if by is not None and not (post and policies.can_grant_roles_on(by, post.unit)):
            raise NotAllowed(
                _("Only an administrator of the person's unit can make an account."),
                _("Please ask that administrator."),
            )
        existing = Account.objects.filter(person=person).first()
        if existing and existing.username == username:
            return existing
        if existing:
            raise PersonHasAnAccount(
                _("This person already has an account."),
                _("Please use that account, or change its password."),
            )
        if Account.objects.filter(username=username).exists():
            raise UsernameIsTaken(
                _("The sign-in name %(name)s is taken.") % {"name": username},
                _("Please choose another one."),
            )
        account = Account.objects.create_account(person, username, password)
        record("account_created", account, by=by, at=at, person_id=person.pk)
        return account


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
        account.failed_sign_ins, account.locked_until = 0, None
        account.save(update_fields=["failed_sign_ins", "locked_until"])
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
        account.set_password(new)
        account.save(update_fields=["password"])
        record("password_changed", account, by=account.person, at=at)
