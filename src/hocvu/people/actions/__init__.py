"""What happens to people: they join, sign in, get roles, come in rosters."""

from hocvu.people.actions.accounts import (
    AccountIsClosed,
    AccountIsIdle,
    AccountIsLocked,
    OwnPassword,
    PasswordHasChanged,
    PasswordIsTheSame,
    PersonHasAnAccount,
    SignInFailed,
    UsernameIsTaken,
    change_password,
    create_account,
    issue_account,
    password_state,
    reset_password,
    sign_in,
)
from hocvu.people.actions.dossiers import note_details_seen
from hocvu.people.actions.joining import IdentityNumberIsTaken, NewPerson, add_people
from hocvu.people.actions.roles import end_role, grant_role
from hocvu.people.actions.rosters import (
    ImportIsDone,
    ImportIsGivenUp,
    RosterIsUnreadable,
    give_up_roster,
    import_roster,
    tick_proposals,
    upload_roster,
)

__all__ = [
    "AccountIsClosed",
    "AccountIsIdle",
    "AccountIsLocked",
    "IdentityNumberIsTaken",
    "ImportIsDone",
    "ImportIsGivenUp",
    "NewPerson",
    "OwnPassword",
    "PasswordHasChanged",
    "PasswordIsTheSame",
    "PersonHasAnAccount",
    "RosterIsUnreadable",
    "SignInFailed",
    "UsernameIsTaken",
    "add_people",
    "change_password",
    "create_account",
    "end_role",
    "give_up_roster",
    "grant_role",
    "import_roster",
    "issue_account",
    "note_details_seen",
    "password_state",
    "reset_password",
    "sign_in",
    "tick_proposals",
    "upload_roster",
]
