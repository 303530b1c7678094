"""Units: the list within reach, one unit's record."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hocvu.people import policies
from hocvu.people.forms import UnitFilters
from hocvu.people.models import Person, SignedInRequest
from hocvu.people.queries import people as queries
from hocvu.people.queries.history import history_of_unit
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import day
from hocvu.units.models import LegacyUnit, Unit, UnitName
from hocvu.units.queries import ancestors_of, names_of, predecessors_of

_CHILDREN_SHOWN = 200


def _name(unit: Unit) -> str:
    return unit.name_en if unit.name_en and get_language() == "en" else unit.name


COLUMNS = (
    Column(
        "name",
        gettext_lazy("Name"),
        order_by="sort_key",
        value=_name,
        href=lambda unit: reverse("people:unit", args=[unit.pk]),
    ),
    Column("code", gettext_lazy("Code"), order_by="code"),
    Column("kind", gettext_lazy("Kind"), order_by="kind",
           value=lambda unit: unit.get_kind_display()),
    Column("parent", gettext_lazy("Lies in"), order_by="parent__sort_key",
           value=lambda unit: _name(unit.parent) if unit.parent else ""),
)  # fmt: skip


def unit_list(request: SignedInRequest) -> HttpResponse:
    filters = UnitFilters(request.GET)
    units = queries.units_open_to(request.user.person).select_related("parent")
    asked = filters.cleaned_data if filters.is_valid() else {}
    if asked.get("name"):
        units = queries.units_named_like(units, asked["name"])
    if asked.get("kind"):
        units = units.filter(kind=asked["kind"])
    page = ListPage.of(
        request,
        units,
        columns=COLUMNS,
        default_sort="code",
        title=gettext_lazy("Units"),
        filters=filters,
    )
    return page.answer("people/unit_list.html")


def unit_record(request: SignedInRequest, unit_id: int) -> HttpResponse:
    actor = request.user.person
    unit = get_object_or_404(queries.units_open_to(actor), pk=unit_id)
    children = queries.units_open_to(actor).filter(parent=unit).order_by("sort_key")
    sees_people = scope_of(actor).covers(Permission.SEE_PEOPLE, unit)
    history = history_of_unit(unit) if sees_people else []
    predecessors = [(old, _share(old)) for old in predecessors_of(unit)]
    context = {
        "unit": unit,
        "name": _name(unit),
        "unit_path": path_items(actor, unit)[:-1],
        "facts": _facts(unit),
        "names": [_dated(name) for name in names_of(unit)],
        "predecessors": predecessors,
        "children": children[:_CHILDREN_SHOWN],
        "children_count": children.count(),
        "may_import": policies.can_import_into(actor, unit),
        "history_entries": history,
        "sections": _sections(has_predecessors=bool(predecessors), has_history=bool(history)),
    }
    return render(request, "people/unit.html", context)


def _sections(*, has_predecessors: bool, has_history: bool) -> list[tuple[str, str]]:
    sections = [("details", _("Details")), ("names", _("Names through time"))]
    if has_predecessors:
        sections.append(("predecessors", _("Before July 2025")))
    sections.append(("children", _("Units below")))
    return [*sections, ("history", _("What has happened"))] if has_history else sections


def _facts(unit: Unit) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("Code"), unit.code),
        (_("Kind"), unit.get_kind_display()),
        (_("English name"), unit.name_en),
    ]
    if unit.area_km2:
        facts.append((_("Area (km²)"), unit.area_km2))
    return facts


def _dated(name: UnitName) -> tuple[str, str, str]:
    """Name, the time it held, and what it rests on."""
    if name.valid_to:
        held = _("from %(first)s until %(last)s") % {
            "first": day(name.valid_from),
            "last": day(name.valid_to),
        }
    else:
        held = _("since %(first)s") % {"first": day(name.valid_from)}
    return name.name, held, name.legal_basis


def _share(old: LegacyUnit) -> str:
    return "" if old.share == LegacyUnit.Share.WHOLE else str(_("in part"))


def path_items(actor: Person, unit: Unit) -> list[tuple[str, str]]:
    """From the nation down to the unit; units out of reach are named without a link."""
    units = [*ancestors_of(unit), unit]
    open_ones = set(
        queries.units_open_to(actor)
        .filter(pk__in=[each.pk for each in units])
        .values_list("pk", flat=True)
    )
    return [
        (_name(each), reverse("people:unit", args=[each.pk]) if each.pk in open_ones else "")
        for each in units
    ]
