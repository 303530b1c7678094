"""What each role may do. A role is held on a unit and reaches everything below it."""

from enum import Enum, auto


class Permission(Enum):
    SEE_PEOPLE = auto()
    IMPORT_PEOPLE = auto()
    SEE_CLASSES = auto()
    RUN_CLASSES = auto()
    SEE_RESULTS = auto()
    SEE_CERTIFICATES = auto()
    ISSUE_CERTIFICATES = auto()
    APPROVE_DECISIONS = auto()
    SEE_COVERAGE = auto()
    GRANT_ROLES = auto()
    WRITE_QUESTIONS = auto()
    MARK_ANSWERS = auto()


_LOOKING = frozenset(
    {
        Permission.SEE_PEOPLE,
        Permission.SEE_CLASSES,
        Permission.SEE_RESULTS,
        Permission.SEE_CERTIFICATES,
        Permission.SEE_COVERAGE,
    }
)

_TEACHING = frozenset({Permission.WRITE_QUESTIONS, Permission.MARK_ANSWERS})

PERMISSIONS_OF: dict[str, frozenset[Permission]] = {
    "training_officer": _LOOKING | _TEACHING | {Permission.IMPORT_PEOPLE, Permission.RUN_CLASSES},
    "registrar": _LOOKING | {Permission.ISSUE_CERTIFICATES, Permission.APPROVE_DECISIONS},
    "leader": _LOOKING | {Permission.APPROVE_DECISIONS},
    "inspector": _LOOKING,
    "administrator": frozenset({Permission.SEE_PEOPLE, Permission.GRANT_ROLES}),
    "teacher": _TEACHING,
}


def roles_that_may(permission: Permission) -> frozenset[str]:
    return frozenset(role for role, held in PERMISSIONS_OF.items() if permission in held)
