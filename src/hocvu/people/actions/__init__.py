"""What happens to people: they join, sign in, get roles, come in rosters."""

from hocvu.people.actions.accounts import (
    AccountIsLocked,
    PersonHasAnAccount,
    SignInFailed,
    UsernameIsTaken,
    change_password,
    create_account,
    sign_in,
)
from hocvu.people.actions.joining import IdentityNumberIsTaken, NewPerson, add_people
from hocvu.people.actions.roles import end_role, grant_role
from hocvu.people.actions.rosters import (
    ImportIsDone,
    ImportIsGivenUp,
    RosterIsUnreadable,
    give_up_roster,
    import_roster,
    upload_roster,
)

__all__ = [
    "AccountIsLocked",
    "IdentityNumberIsTaken",
    "ImportIsDone",
    "ImportIsGivenUp",
    "NewPerson",
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
    "sign_in",
    "upload_roster",
]
