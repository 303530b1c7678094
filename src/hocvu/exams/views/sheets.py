"""A test on paper: what is printed and filled in, and bringing it in."""

from http import HTTPStatus

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvu.exams import actions, policies
from hocvu.exams.forms import SheetFileForm
from hocvu.exams.models import ExamRoom, SheetFile, Sitting
from hocvu.exams.queries import sheet_files, sheets
from hocvu.exams.queries.history import history_of
from hocvu.exams.queries.rooms import rooms_open_to, sittings_run_by
from hocvu.exams.queries.sheet_files import ROWS_SHOWN, Showing
from hocvu.kernel.errors import NotPossible
from hocvu.people.models import Person
from hocvu.people.queries.signed_in import person_of
from hocvu.people.queries.unreadable_files import UNREADABLE_SENTENCES
from hocvu.spreadsheets import UnreadableReason
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

LARGEST_FILE = 20 * 1024 * 1024
_ROOM_FOR_THE_FORM = 64 * 1024
_FILES_SHOWN = 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

COLUMNS = (
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="training_class__name",
        value=lambda sitting: sitting.training_class.name,
        href=lambda sitting: reverse("exams:sheets", args=[sitting.pk]),
    ),
    Column(
        "paper",
        gettext_lazy("Test"),
        order_by="paper__title",
        value=lambda sitting: in_language(sitting.paper.title, sitting.paper.title_en),
    ),
    Column("opens_at", gettext_lazy("Opens at"), order_by="opens_at"),
    Column("closes_at", gettext_lazy("Closes at"), order_by="closes_at"),
)


class FileIsTooLarge(NotPossible):
    """Refused by its announced size, before a byte of it is read."""


@require_safe
def sittings_on_paper(request: HttpRequest) -> HttpResponse:
    """The tests whose answer sheets I may bring in."""
    page = ListPage.of(
        request,
        sheets.sittings_on_paper_for(person_of(request)).filter(paper__cells=None),
        columns=COLUMNS,
        default_sort="-opens_at",
        title=_("Tests on paper"),
    )
    return page.answer("exams/sittings_on_paper.html")


@require_safe
def sitting_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """What to print, what to fill in, where to bring it; and what was brought in."""
    person = person_of(request)
    sitting = get_object_or_404(sheets.sittings_on_paper_for(person), pk=pk)
    room = _room(request, sitting, person)
    files = sheets.sheet_files_open_to(person).filter(sitting=sitting, given_up_at=None)
    context = {
        "sitting": sitting,
        "room": room,
        "title": in_language(sitting.paper.title, sitting.paper.title_en),
        "is_drawn_anew": sheets.is_drawn_anew(sitting),
        "can_print": policies.can_print_booklet(person, sitting),
        "can_run": sittings_run_by(person).filter(pk=pk).exists(),
        "learners": sheets.learners_without_attempt(person, sitting, room).count(),
        "files": files.defer("rows").order_by("-uploaded_at", "-pk")[:_FILES_SHOWN],
    }
    return render(request, "exams/sheets.html", context)


@never_cache
@require_safe
def booklet(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper to print, without keys. Who took it is on record."""
    person = person_of(request)
    sitting = get_object_or_404(sheets.sittings_on_paper_for(person), pk=pk)
    actions.note_booklet_printed(sitting, by=person, at=timezone.now())
    context = {
        "sitting": sitting,
        "title": in_language(sitting.paper.title, sitting.paper.title_en),
        "booklet": sheets.booklet_of(sitting),
        "lines": (_("Full name"), _("Learner code"), _("Unit"), _("Started"), _("Handed in")),
        "how": sheets.ways_to_write(sheets.asked_on_paper(sitting)),
    }
    return render(request, "exams/booklet.html", context)


@require_safe
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook to fill in: the learners of one room, or all whose sheets I may bring in."""
    person = person_of(request)
    sitting = get_object_or_404(sheets.sittings_on_paper_for(person), pk=pk)
    actions.refuse_if_drawn_anew(sitting)
    room = _room(request, sitting, person)
    learners = sheets.learners_without_attempt(person, sitting, room)
    content = sheets.workbook_of(sitting, list(learners))
    response = HttpResponse(content, content_type=_XLSX)
    name = f"phieu-tra-loi-{pk}{f'-phong-{room.pk}' if room else ''}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@csrf_exempt  # only to look at the size first; the form itself is protected below
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + _ROOM_FOR_THE_FORM:
        raise FileIsTooLarge(*UNREADABLE_SENTENCES[UnreadableReason.TOO_LARGE])
    return _upload(request, pk)


@csrf_protect
def _upload(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    sitting = get_object_or_404(sheets.sittings_on_paper_for(person), pk=pk)
    posted = request.method == "POST"
    form = SheetFileForm(request.POST, request.FILES) if posted else SheetFileForm()
    if form.is_valid():
        sent, reason = form.cleaned_data["file"], form.cleaned_data["reason"]
        at = timezone.now()
        try:
            file = actions.upload_sheet_file(
                sitting, sent.name, sent.read(), reason=reason, by=person, at=at
            )
        except NotPossible as refused:  # answered in the form: the reason typed is not lost
            form.add_error("file", f"{refused.sentence} {refused.next_step}")
        else:
            return go_to("exams:sheet_file", file.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(
        request, "exams/upload_sheets.html", {"sitting": sitting, "form": form}, status=status
    )


@never_cache
@require_safe
def sheet_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a file that waits; what became of one that was taken in or cancelled."""
    person = person_of(request)
    file = get_object_or_404(sheets.sheet_files_open_to(person), pk=pk)
    context: dict[str, object] = {
        "file": file,
        "title": in_language(file.sitting.paper.title, file.sitting.paper.title_en),
        "history": history_of(file),
    }
    if not file.taken_in_at and not file.given_up_at:
        context |= _previewed(request, file, person)
    return render(request, "exams/sheet_file.html", context)


def _previewed(request: HttpRequest, file: SheetFile, person: Person) -> dict[str, object]:
    preview = sheet_files.preview_of(file, reader=person, at=timezone.now())
    asked = request.GET.get("show", "")
    otherwise = Showing.PROBLEMS if preview.unfit else Showing.ALL
    showing = Showing(asked) if asked in set(Showing) else otherwise
    rows = Paginator(preview.showing(showing), ROWS_SHOWN)
    return {
        "preview": preview,
        "showing": showing,
        "page": rows.get_page(request.GET.get("page")),
        "asked": len(sheets.asked_on_paper(file.sitting).questions),
    }


@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    file = get_object_or_404(sheets.sheet_files_open_to(person), pk=pk)
    actions.take_in_sheet_file(file, by=person, at=timezone.now())
    return go_to("exams:sheet_file", pk)


@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    file = get_object_or_404(sheets.sheet_files_open_to(person), pk=pk)
    actions.give_up_sheet_file(file, by=person, at=timezone.now())
    return go_to("exams:upload_sheets", file.sitting_id)


def _room(request: HttpRequest, sitting: Sitting, person: Person) -> ExamRoom | None:
    """The room asked for by `?room=`, if it is one of this sitting that I may see."""
    asked = request.GET.get("room", "")
    if not asked.isdecimal():
        return None
    rooms = rooms_open_to(person).filter(sitting=sitting, bridge_point__isnull=False)
    return get_object_or_404(rooms, pk=asked)
