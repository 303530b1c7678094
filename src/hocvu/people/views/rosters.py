"""Rosters: upload, preview, import, outcome."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.actions import give_up_roster, import_roster, tick_proposals, upload_roster
from hocvu.people.forms import RosterForm
from hocvu.people.models import RosterImport, SignedInRequest
from hocvu.people.queries import rosters as queries
from hocvu.people.queries.people import units_to_import_into
from hocvu.people.queries.scope import scope_of
from hocvu.people.queries.unreadable_files import UNREADABLE_SENTENCES
from hocvu.people.rules.access import Permission
from hocvu.people.rules.roster_taking import ticks_after
from hocvu.people.views.units import path_items
from hocvu.spreadsheets import UnreadableReason
from hocvu.ui.tables import Column, ListPage
from hocvu.units.models import Unit

LARGEST_FILE = 20 * 1024 * 1024
_ROOM_FOR_THE_FORM = 64 * 1024
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileIsTooLarge(NotPossible):
    """Refused by its announced size, before a byte of it is read."""


def _state(roster_import: RosterImport) -> str:
    if roster_import.imported_at:
        return str(_("imported"))
    return str(_("cancelled")) if roster_import.given_up_at else str(_("waits to be imported"))


COLUMNS = (
    Column(
        "file",
        gettext_lazy("File"),
        order_by="file_name",
        value=lambda each: each.file_name,
        href=lambda each: reverse("people:roster", args=[each.pk]),
    ),
    Column(
        "unit", gettext_lazy("Unit"), order_by="unit__sort_key", value=lambda each: each.unit.name
    ),
    Column("uploaded_at", gettext_lazy("Uploaded at"), order_by="uploaded_at"),
    Column(
        "uploaded_by", gettext_lazy("Uploaded by"), value=lambda each: each.uploaded_by.full_name
    ),
    Column("state", gettext_lazy("State"), value=_state),
)


def roster_list(request: SignedInRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        queries.imports_open_to(request.user.person).defer("lines", "sheet_problems"),
        columns=COLUMNS,
        default_sort="-uploaded_at",
        title=gettext_lazy("Rosters"),
    )
    return page.answer("people/roster_list.html")


@csrf_exempt  # only to look at the size first; the form itself is protected below
def upload(request: SignedInRequest) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + _ROOM_FOR_THE_FORM:
        raise FileIsTooLarge(*UNREADABLE_SENTENCES[UnreadableReason.TOO_LARGE])
    return _upload(request)


@csrf_protect
def _upload(request: SignedInRequest) -> HttpResponse:
    person = request.user.person
    units = _units_offered(request)
    if not units:
        raise NotAllowed(
            _("You keep no unit's roster."),
            _("Please ask the administrator of your unit for the role of training officer."),
        )
    if request.method != "POST":
        form = RosterForm(units=Unit.objects.filter(pk__in=units), initial={"unit": units[0]})
        return render(request, "people/roster_upload.html", {"form": form})
    form = RosterForm(request.POST, request.FILES, units=Unit.objects.filter(pk__in=units))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            roster_import = upload_roster(
                form.cleaned_data["unit"], file.name, file.read(), by=person, at=now()
            )
        except NotPossible as refused:
            form.add_error("file", str(refused))
        else:
            return HttpResponseRedirect(
                reverse("people:roster", args=[roster_import.pk]), status=303
            )
    return render(request, "people/roster_upload.html", {"form": form}, status=422)


def _units_offered(request: SignedInRequest) -> list[int]:
    """The unit asked for by `?unit=`, if it is in reach, then the units of the person's roles."""
    person = request.user.person
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    offered = list(units_to_import_into(person).values_list("pk", flat=True))
    if asked.isdecimal():
        reached = Unit.objects.filter(scope_of(person).reach(Permission.IMPORT_PEOPLE, ""))
        offered = [*reached.filter(pk=asked).values_list("pk", flat=True), *offered]
    return list(dict.fromkeys(offered))


def roster(request: SignedInRequest, roster_id: int) -> HttpResponse:
    """The preview of a roster that waits; the outcome of one that was taken over."""
    person = request.user.person
    roster_import = get_object_or_404(queries.imports_open_to(person), pk=roster_id)
    page = request.GET.get("page", "")
    preview = queries.preview_of(
        roster_import,
        page=int(page) if page.isdecimal() else 1,
        only_problems=request.GET.get("show") == "problems",
    )
    context = {
        "roster": roster_import,
        "preview": preview,
        "unit_path": path_items(person, roster_import.unit),
        "state": _state(roster_import),
        "history_entries": _history(roster_import),
    }
    done = roster_import.imported_at or roster_import.given_up_at
    return render(request, f"people/roster_{'outcome' if done else 'preview'}.html", context)


def _history(roster_import: RosterImport) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = []
    if roster_import.imported_at and roster_import.imported_by:
        who = roster_import.imported_by.full_name
        sentence = _("%(person)s imported the roster.") % {"person": who}
        entries.append({"at": roster_import.imported_at, "sentence": sentence})
    if roster_import.given_up_at:
        entries.append(
            {"at": roster_import.given_up_at, "sentence": _("The roster was cancelled.")}
        )
    who = roster_import.uploaded_by.full_name
    sentence = _("%(person)s uploaded the file.") % {"person": who}
    return [*entries, {"at": roster_import.uploaded_at, "sentence": sentence}]


@require_POST
def import_view(request: SignedInRequest, roster_id: int) -> HttpResponse:
    person = request.user.person
    roster_import = get_object_or_404(queries.imports_open_to(person), pk=roster_id)
    shown, ticked = request.POST.getlist("shown"), request.POST.getlist("accept")
    accepted = ticks_after(roster_import.accepted, shown, ticked)
    import_roster(roster_import, accepted_proposals=accepted, by=person, at=now())
    return HttpResponseRedirect(reverse("people:roster", args=[roster_id]), status=303)


@require_POST
def ticks(request: SignedInRequest, roster_id: int) -> HttpResponse:
    """Keep what was ticked on this page of rows, and go on to another."""
    person = request.user.person
    roster_import = get_object_or_404(queries.imports_open_to(person), pk=roster_id)
    tick_proposals(
        roster_import,
        shown=request.POST.getlist("shown"),
        ticked=request.POST.getlist("accept"),
        by=person,
        at=now(),
    )
    asked = QueryDict(request.POST.get("go", ""))
    page = asked.get("page", "")
    going = QueryDict(mutable=True)
    going["show"] = "problems" if asked.get("show") == "problems" else "all"
    going["page"] = page if page.isdecimal() else "1"
    address = reverse("people:roster", args=[roster_id])
    return HttpResponseRedirect(f"{address}?{going.urlencode()}#rows", status=303)


@require_POST
def give_up(request: SignedInRequest, roster_id: int) -> HttpResponse:
    person = request.user.person
    roster_import = get_object_or_404(queries.imports_open_to(person), pk=roster_id)
    give_up_roster(roster_import, by=person, at=now())
    upload_page = reverse("people:upload_roster")
    return HttpResponseRedirect(f"{upload_page}?unit={roster_import.unit_id}", status=303)


@require_GET
def outcome_file(request: SignedInRequest, roster_id: int) -> HttpResponse:
    roster_import = get_object_or_404(queries.imports_open_to(request.user.person), pk=roster_id)
    return _file(queries.outcome_file_of(roster_import), f"ket-qua-nhap-{roster_id}.xlsx")


@require_GET
def template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 — the same file for everybody
    return _file(queries.template_file(), "mau-danh-sach.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
