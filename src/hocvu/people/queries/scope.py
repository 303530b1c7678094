"""The one scope function: what a person may reach, decided here and nowhere else.

Every query for people, classes, results and certificates, in every context, is filtered with
`Scope.reach` (or follows from the person's own records). Nobody is reached by default.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from hocvu.kernel.time import day_of
from hocvu.people.models import Person, RoleGrant
from hocvu.people.rules.access import Permission, roles_that_may
from hocvu.units.models import Unit


@dataclass(frozen=True)
class Scope:
    """The roles a person holds on a day, each with the path of the unit it was granted on."""

    grants: tuple[tuple[str, str], ...]

    def paths(self, may: Permission) -> tuple[str, ...]:
        """Paths of the units at whose subtrees this permission holds, the widest only."""
        roles = roles_that_may(may)
        held = sorted({path for role, path in self.grants if role in roles})
        widest: list[str] = []
        for path in held:
            if not any(path.startswith(wider) for wider in widest):
                widest.append(path)
        return tuple(widest)

    def reach(self, may: Permission, unit: str = "unit") -> Q:
        """A filter for rows whose `unit` is reached: a lookup towards a Unit, "" for units."""
        lookup = f"{unit}__path__startswith" if unit else "path__startswith"
        reached = Q(pk__in=[])
        for path in self.paths(may):
            reached |= Q(**{lookup: path})
        return reached

    def covers(self, may: Permission, unit: Unit) -> bool:
        return any(unit.path.startswith(path) for path in self.paths(may))

    def may_anywhere(self, may: Permission) -> bool:
        return bool(self.paths(may))


def scope_of(person: Person, *, on: date | None = None) -> Scope:
    """What this person reaches on a day (today). Remembered on the instance for one request."""
    remembered: dict[date, Scope] = person.__dict__.setdefault("_scopes", {})
    day = on or day_of(timezone.now())
    if day not in remembered:
        grants = RoleGrant.objects.in_force_on(day).filter(person=person)
        remembered[day] = Scope(tuple(grants.values_list("role", "unit__path")))
    return remembered[day]
