"""Coverage in the terminal."""

from django.utils.translation import gettext as _
from rich.table import Table

from hocvu.campaigns.queries.coverage import (
    children_with_coverage,
    coverage_shown_by,
    current_campaign,
    distance_of,
    with_coverage,
    yardstick_of,
)
from hocvu.campaigns.rules import Distance
from hocvu.kernel.errors import NotPossible
from hocvu.ui.templatetags.figures import number, percent
from hocvu.units.models import Unit


def coverage_table(code: str) -> Table:
    """A unit and the units right below it, with the distance to the target."""
    campaign = current_campaign()
    unit = (
        with_coverage(Unit.objects.all(), campaign).filter(code=code).first() if campaign else None
    )
    if unit is None or campaign is None:
        raise NotPossible(
            _("There is no unit with the code %(code)s.") % {"code": code},
            _("Provinces have two digits, communes five, the nation is VN."),
        )
    yardstick = yardstick_of(campaign)
    table = Table(title=f"{campaign.name}: {percent(yardstick.share)}")
    table.add_column(_("Unit"))
    for heading in (
        _("In scope"),
        _("Trained"),
        _("Assessed"),
        _("Proficient"),
        _("Proficient, share"),
        _("People still to reach the target"),
    ):
        table.add_column(heading, justify="right")
    own = coverage_shown_by(unit, yardstick.share)
    _add(table, unit.name, own, own.distance)
    for child in children_with_coverage(campaign, unit, yardstick.share).order_by("sort_key"):
        distance = distance_of(child, yardstick.share)
        _add(table, f"  {child.name}", child, distance)
    return table


def _add(table: Table, name: str, figures: object, distance: Distance) -> None:
    counts = (
        number(getattr(figures, key)) for key in ("in_scope", "trained", "assessed", "proficient")
    )
    share = "–" if distance.share is None else percent(distance.share)
    table.add_row(name, *counts, share, number(distance.missing))
