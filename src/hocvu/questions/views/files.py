"""Files of questions: upload, preview, taking, outcome."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.question_files import FileProblem, write_template
from hocvu.questions.actions import (
    choose_from_file,
    give_up_bank_file,
    take_bank_file,
    upload_bank_file,
)
from hocvu.questions.forms.bank import FileForm, PlaceForm
from hocvu.questions.models import BankImport
from hocvu.questions.queries.files import FilePage, FoundShown, file_page
from hocvu.questions.queries.places import Places, topics_of
from hocvu.questions.queries.reach import (
    files_open_to,
    owners_open_to,
    questions_open_to,
    writes_for_everybody,
)
from hocvu.questions.queries.words import sentence_of_file_problem
from hocvu.questions.rules.places import Place
from hocvu.questions.views.door import writer_of
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import shown

LARGEST_FILE = 60 * 1024 * 1024  # bytes; Django keeps what is larger than a few MB on disk
_ROOM_FOR_THE_FORM = 64 * 1024
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileIsTooLarge(NotPossible):
    """Refused by its announced size, before a byte of it is read."""


def _state(bank_import: BankImport) -> str:
    if bank_import.taken_at:
        return str(_("taken into the bank"))
    return str(_("cancelled")) if bank_import.given_up_at else str(_("waits to be taken"))


def _owner(bank_import: BankImport) -> str:
    return bank_import.owner.name if bank_import.owner else str(_("the national bank"))


COLUMNS = (
    Column(
        "file",
        gettext_lazy("File"),
        order_by="file_name",
        value=lambda each: each.file_name,
        href=lambda each: reverse("questions:file", args=[each.pk]),
    ),
    Column("owner", gettext_lazy("Bank of"), order_by="owner__sort_key", value=_owner),
    Column("uploaded_at", gettext_lazy("Uploaded at"), order_by="uploaded_at"),
    Column(
        "uploaded_by", gettext_lazy("Uploaded by"), value=lambda each: each.uploaded_by.full_name
    ),
    Column("stated", gettext_lazy("Questions"), order_by="stated", numeric=True),
    Column("state", gettext_lazy("State"), value=_state),
)


@require_GET
def files(request: SignedInRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        files_open_to(request.user.person).defer("notes", "media"),
        columns=COLUMNS,
        default_sort="-uploaded_at",
        title=gettext_lazy("Files of questions"),
    )
    return page.answer("questions/files.html")


@csrf_exempt  # only to look at the size first; the form itself is protected below
def upload(request: SignedInRequest) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + _ROOM_FOR_THE_FORM:
        raise FileIsTooLarge(*sentence_of_file_problem(FileProblem.TOO_LARGE, ""))
    return _upload(request)


@csrf_protect
def _upload(request: SignedInRequest) -> HttpResponse:
    person = writer_of(request)
    owners, national = owners_open_to(person), writes_for_everybody(person)
    if request.method != "POST":
        form = FileForm(owners=owners, national=national)
        return render(request, "questions/upload.html", {"form": form})
    form = FileForm(request.POST, request.FILES, owners=owners, national=national)
    if form.is_valid():
        file, owner = form.cleaned_data["file"], form.chosen_owner()
        try:
            found = upload_bank_file(owner, file.name, file.read(), by=person, at=now())
        except NotPossible as refused:
            form.add_error("file", str(refused))
        else:
            return _back(found)
    return render(request, "questions/upload.html", {"form": form}, status=422)


@require_GET
def template(request: SignedInRequest) -> HttpResponse:
    """An empty workbook to write questions into."""
    writer_of(request)
    response = HttpResponse(write_template(), content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="mau-cau-hoi.xlsx"'
    return response


@require_GET
def file(request: SignedInRequest, file_id: int) -> HttpResponse:
    """The preview of a file that waits; the outcome of one that was taken or given up."""
    person = request.user.person
    bank_import = get_object_or_404(files_open_to(person), pk=file_id)
    asked = request.GET.get("page", "")
    show = "problems" if request.GET.get("show") == "problems" else "all"
    number = int(asked) if asked.isdecimal() else 1
    page = file_page(
        bank_import, page=number, only_problems=show == "problems", reader=person, at=now()
    )
    places = Places.on(day_of(now()))
    is_open = not (bank_import.taken_at or bank_import.given_up_at)
    context = {
        "file": bank_import,
        "page": page,
        "state": _state(bank_import),
        "owner": _owner(bank_import),
        "is_open": is_open,
        "for_all": PlaceForm(prefix="all", initial=bank_import.place, places=places),
        "found": [(each, _place_form(each, places) if is_open else None) for each in page.found],
        "topics": topics_of(questions_open_to(person)),
        "shows": _shows(page, show),
        "pages": _other_pages(page, show),
        "history_entries": _history(bank_import),
    }
    return render(request, "questions/file.html", context)


@dataclass(frozen=True)
class PageLink:
    """A way to another page of a file: by a button that keeps the ticks, or by a link."""

    show: str
    page: int
    words: str
    current: bool = False

    @property
    def go(self) -> str:
        return f"{self.show}:{self.page}"


def _shows(page: FilePage, show: str) -> list[PageLink]:
    every = _("All questions (%(n)s)") % {"n": shown(page.total)}
    problems = _("Only those with something to say (%(n)s)") % {"n": shown(page.with_problems)}
    return [
        PageLink("all", 1, every, current=show == "all"),
        PageLink("problems", 1, problems, current=show == "problems"),
    ]


def _other_pages(page: FilePage, show: str) -> list[PageLink]:
    before = PageLink(show, page.page - 1, _("Previous page"))
    after = PageLink(show, page.page + 1, _("Next page"))
    return [each for each in (before, after) if 1 <= each.page <= page.last_page]


def _history(bank_import: BankImport) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = []
    if bank_import.taken_at and bank_import.taken_by:
        who = bank_import.taken_by.full_name
        sentence = _("%(who)s took the questions into the bank.") % {"who": who}
        entries.append({"at": bank_import.taken_at, "sentence": sentence})
    if bank_import.given_up_at:
        sentence = _("The file was cancelled.")
        entries.append({"at": bank_import.given_up_at, "sentence": sentence})
    who = bank_import.uploaded_by.full_name
    sentence = _("%(person)s uploaded the file.") % {"person": who}
    return [*entries, {"at": bank_import.uploaded_at, "sentence": sentence}]


def _place_form(found: FoundShown, places: Places) -> PlaceForm:
    initial = found.place.as_json()
    return PlaceForm(prefix=f"n{found.number}", initial=initial, places=places)


@require_POST
def choose(request: SignedInRequest, file_id: int) -> HttpResponse:
    """Keep what was ticked and given on this page, and go to another."""
    bank_import = get_object_or_404(files_open_to(request.user.person), pk=file_id)
    _keep_choices(request, bank_import)
    return _back(bank_import, request.POST.get("go", ""))


@require_POST
def take(request: SignedInRequest, file_id: int) -> HttpResponse:
    bank_import = get_object_or_404(files_open_to(request.user.person), pk=file_id)
    if not bank_import.taken_at:
        _keep_choices(request, bank_import)
    take_bank_file(bank_import, by=request.user.person, at=now())
    return _back(bank_import)


@require_POST
def give_up(request: SignedInRequest, file_id: int) -> HttpResponse:
    bank_import = get_object_or_404(files_open_to(request.user.person), pk=file_id)
    give_up_bank_file(bank_import, by=request.user.person, at=now())
    return HttpResponseRedirect(reverse("questions:upload"), status=303)


def _keep_choices(request: SignedInRequest, bank_import: BankImport) -> None:
    places = Places.on(day_of(now()))
    numbers = _numbers(request.POST.getlist("shown"))
    given: dict[int, Place] = {}
    for number in numbers:
        form = PlaceForm(request.POST, prefix=f"n{number}", places=places)
        if form.is_valid():
            given[number] = form.place()
    for_all = PlaceForm(request.POST, prefix="all", places=places)
    choose_from_file(
        bank_import,
        shown=numbers,
        ticked=_numbers(request.POST.getlist("take")),
        places=given,
        for_all=for_all.place() if for_all.is_valid() else None,
        by=request.user.person,
        at=now(),
    )


def _numbers(typed: list[str]) -> list[int]:
    return [int(each) for each in typed if each.isdecimal() and len(each) < 10]  # noqa: PLR2004


def _back(bank_import: BankImport, go: str = "") -> HttpResponse:
    address = reverse("questions:file", args=[bank_import.pk])
    show, _colon, page = go.partition(":")
    if show in {"all", "problems"} and page.isdecimal():
        address += f"?show={show}&page={page}#found"
    return HttpResponseRedirect(address, status=303)
