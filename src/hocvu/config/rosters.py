"""`hocvu import-roster`: the same reading and importing as the pages, in the terminal."""

from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from hocvu.kernel.errors import NotPossible
from hocvu.people.actions import import_roster, upload_roster
from hocvu.people.models import Person
from hocvu.people.queries.rosters import lines_of, sentence_of, sheet_problems_of
from hocvu.units.models import Unit


def take_roster(
    file: Path, unit_code: str, username: str, *, take: bool, tell: Callable[[str], None]
) -> int:
    """Read a roster, say every problem with its row, and, if asked to, import it."""
    officer = Person.objects.filter(account__username=username.lower()).first()
    unit = Unit.objects.filter(code=unit_code).first()
    if officer is None or unit is None:
        raise NotPossible(
            _("There is no such account or unit."), _("Check the name of the account and the code.")
        )
    roster = upload_roster(unit, file.name, file.read_bytes(), by=officer, at=timezone.now())
    lines = lines_of(roster)
    for problem in sheet_problems_of(roster):
        tell(sentence_of(problem))
    for line in lines:
        for problem in line.problems:
            tell(f"{problem.column_letter or ''}{line.row}: {sentence_of(problem)}")
    tell(_("%(count)s rows read.") % {"count": len(lines)})
    if not lines:
        return 1
    if not take:
        tell(_("Nothing was imported. Repeat with --take to import."))
        return 0
    outcome = import_roster(roster, accepted_proposals=(), by=officer, at=timezone.now())
    tell(
        _(
            "%(added)s added, %(updated)s updated, %(moved)s moved, %(same)s unchanged, "
            "%(refused)s not imported."
        )
        % {
            "added": outcome.added,
            "updated": outcome.updated,
            "moved": outcome.moved,
            "same": outcome.unchanged,
            "refused": outcome.refused,
        }
    )
    return 1 if outcome.refused else 0
