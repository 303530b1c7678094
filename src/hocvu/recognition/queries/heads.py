"""The names at the head of an issuer's documents, as they were in force on a day."""

from datetime import date

from hocvu.recognition.rules.heads import Head, Named, superior_of
from hocvu.units.models import Unit, UnitName


def head_of(issuer: Unit, on: date) -> Head:
    """The issuer's name on that day and its superior's; before the first known name, those of now.

    The tree keeps names with their days, not places: a unit that was moved has its superior of now.
    """
    held = {
        each.unit_id: Named(each.kind, each.name)
        for each in UnitName.objects.filter(unit__path__in=issuer.ancestor_paths)
        if each.held_on(on)
    }
    above = Unit.objects.filter(path__in=issuer.ancestor_paths).order_by("path")
    line = [held.get(each.pk, Named(each.kind, each.name)) for each in above]
    return Head(line[-1].name, superior_of(line))
