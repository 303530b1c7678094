"""Coverage as pictures: every commune is a lamp."""

from collections.abc import Callable
from fractions import Fraction

from django.core.cache import cache
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hocvu.campaigns.models import Campaign
from hocvu.campaigns.queries.coverage import Lamp, Yardstick, lamps_under, provinces_on_the_map
from hocvu.ui.charts import Area, Dot, Frame, dot_map, lamp_level
from hocvu.ui.templatetags.figures import number, percent
from hocvu.units.models import COMMUNAL_KINDS, Unit

_FULLY_LIT = 4


def national_map(campaign: Campaign, yardstick: Yardstick, *, with_links: bool) -> SafeString:
    """All communes, wards and special zones."""
    return _drawn_once(
        campaign,
        yardstick,
        f"nation:{with_links}",
        lambda: _draw_nation(campaign, yardstick, with_links=with_links),
    )


def unit_map(campaign: Campaign, unit: Unit, yardstick: Yardstick) -> SafeString:
    """The communes of one province, each a link; empty where there is none to draw."""
    if unit.kind in COMMUNAL_KINDS:
        return SafeString("")
    return _drawn_once(
        campaign, yardstick, str(unit.pk), lambda: _draw_unit(campaign, unit, yardstick)
    )


def _drawn_once(
    campaign: Campaign, yardstick: Yardstick, what: str, draw: Callable[[], SafeString]
) -> SafeString:
    """A map is drawn anew when the figures, the target or the language change."""
    as_of = yardstick.coverage.as_of
    when = as_of.timestamp() if as_of else ""
    key = f"map:{campaign.pk}:{when}:{yardstick.share}:{get_language()}:{what}"
    return SafeString(cache.get_or_set(key, draw, timeout=600))


def _draw_nation(campaign: Campaign, yardstick: Yardstick, *, with_links: bool) -> SafeString:
    lamps = lamps_under(campaign, yardstick.nation.path)
    dots = [_dot(lamp, yardstick) for lamp in lamps]
    areas = []
    for province in provinces_on_the_map(campaign) if with_links else ():
        label = f"{province.name}: {_share(province.share)}"
        inside = [
            dot
            for lamp, dot in zip(lamps, dots, strict=True)
            if lamp.path.startswith(province.path)
        ]
        areas.append(Area(label, reverse("campaigns:unit", args=[province.unit_id]), inside))
    return dot_map(dots, title=_finding(dots), areas=areas)


def _draw_unit(campaign: Campaign, unit: Unit, yardstick: Yardstick) -> SafeString:
    lamps = lamps_under(campaign, unit.path)
    if len(lamps) < 2:  # noqa: PLR2004 — a single dot is no map
        return SafeString("")
    dots = [
        _dot(
            lamp,
            yardstick,
            label=f"{lamp.name}: {_share(lamp.share)}",
            href=reverse("campaigns:unit", args=[lamp.unit_id]),
        )
        for lamp in lamps
    ]
    return dot_map(dots, title=_finding(dots), frame=Frame.around(dots))


def _dot(lamp: Lamp, yardstick: Yardstick, *, label: str = "", href: str = "") -> Dot:
    level = lamp_level(lamp.share, yardstick.share)
    return Dot(lamp.longitude, lamp.latitude, level, label=label, href=href)


def _finding(dots: list[Dot]) -> str:
    lit = sum(dot.level == _FULLY_LIT for dot in dots)
    return _("%(lit)s of %(all)s communes, wards and special zones have reached the target") % {
        "lit": number(lit),
        "all": number(len(dots)),
    }


def _share(share: Fraction | None) -> str:
    return _("no one in scope") if share is None else percent(share)
