"""Writing a question: which kind, and its editor. Buttons that add a row work without scripts."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from hocvu.items.content import Item, Kind, Markup
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.questions.actions import (
    LARGEST_PICTURE,
    PictureIsUnfit,
    Written,
    edit_question,
    keep_picture,
    refuse_if_withheld,
    refuse_unless_can_write,
    write_question,
)
from hocvu.questions.forms.bank import OwnerForm
from hocvu.questions.forms.editor import Editor, empty_item
from hocvu.questions.models import Question, QuestionKind
from hocvu.questions.queries.items import item_of
from hocvu.questions.queries.places import Places, mark_of, place_of, topics_of
from hocvu.questions.queries.reach import (
    owners_open_to,
    questions_open_to,
    writes_for_everybody,
)
from hocvu.questions.views.door import writer_of

_UNFIT_IN_A_DESCRIPTION = str.maketrans(dict.fromkeys('[]()<>"&\n\r', " "))


@require_GET
def kinds(request: SignedInRequest) -> HttpResponse:
    writer_of(request)
    return render(request, "questions/kinds.html", {"kinds": QuestionKind.choices})


def new(request: SignedInRequest, kind: str) -> HttpResponse:
    if kind not in QuestionKind.values:
        raise Http404
    owners = _owner_form(request)
    if request.method != "POST":
        return _page(request, _editor(empty_item(Kind(kind))), owners=owners)
    data, troubles = _with_pictures(request, empty_item(Kind(kind)))
    editor = _editor(empty_item(Kind(kind)), data=data)
    if "add" in data or troubles or not (editor.is_valid() and owners.is_valid()):
        return _page(request, editor, owners=owners, troubles=troubles, typed=data)
    written = Written(editor.item(), editor.place_form.place(), editor.media())
    try:
        question = write_question(
            written, owner=owners.chosen_owner(), by=request.user.person, at=now()
        )
    except NotPossible as refused:
        return _page(request, editor, owners=owners, troubles=[str(refused)], typed=data)
    return _done(question)


def edit(request: SignedInRequest, question_id: int) -> HttpResponse:
    question = get_object_or_404(questions_open_to(request.user.person), pk=question_id)
    refuse_unless_can_write(question, request.user.person)
    refuse_if_withheld(question, request.user.person, now())
    base = item_of(question)
    if request.method != "POST":
        return _page(request, _editor(base, question=question), question=question)
    data, troubles = _with_pictures(request, base)
    editor = _editor(base, question=question, data=data)
    if "add" in data or troubles or not editor.is_valid():
        return _page(request, editor, question=question, troubles=troubles, typed=data)
    written = Written(editor.item(), editor.place_form.place(), editor.media())
    seen = editor.main.cleaned_data["seen"]
    try:
        version = edit_question(question, written, seen=seen, by=request.user.person, at=now())
    except NotPossible as refused:
        return _page(request, editor, question=question, troubles=[str(refused)], typed=data)
    return _done(version)


def _editor(
    base: Item, *, question: Question | None = None, data: QueryDict | None = None
) -> Editor:
    places = Places.on(day_of(now()))
    if question is None:
        return Editor(base, places=places, data=data)
    return Editor(
        base,
        places=places,
        place=place_of(question),
        media=question.media,
        seen=mark_of(question),
        data=data,
    )


def _page(
    request: SignedInRequest,
    editor: Editor,
    *,
    owners: OwnerForm | None = None,
    question: Question | None = None,
    troubles: list[str] | None = None,
    typed: QueryDict | None = None,
) -> HttpResponse:
    context = {
        "editor": editor,
        "owners": owners,
        "question": question,
        "troubles": troubles or [],
        "kind": QuestionKind(editor.kind.value).label,
        "topics": topics_of(questions_open_to(request.user.person)),
    }
    is_more = typed is not None and "add" in typed and not troubles
    status = 200 if typed is None or is_more else 422
    return render(request, "questions/editor.html", context, status=status)


def _done(question: Question) -> HttpResponse:
    return HttpResponseRedirect(reverse("questions:question", args=[question.pk]), status=303)


def _owner_form(request: SignedInRequest) -> OwnerForm:
    person = writer_of(request)
    owners, national = owners_open_to(person), writes_for_everybody(person)
    return OwnerForm(request.POST or None, owners=owners, national=national)


# --- Pictures ----------------------------------------------------------------------------------


def _with_pictures(request: SignedInRequest, base: Item) -> tuple[QueryDict, list[str]]:
    """The form with the uploaded pictures kept and named in its texts, and what was refused.

    A picture is kept at once: a browser forgets chosen files when the page is shown again.
    """
    data, troubles = request.POST.copy(), []
    for field, file in request.FILES.items():
        row = field.removesuffix("picture")
        try:
            kept = keep_picture(_content(file), by=request.user.person, at=now())
        except PictureIsUnfit as refused:
            troubles.append(str(refused))
            continue
        shown = _picture(base, kept.name, str(data.get(f"{row}description", "")))
        text = f"{row}text" if row else "stem"
        before = "" if row else str(data.get(text, "")).rstrip()
        data[text] = f"{before}\n\n{shown}".strip()
        data[f"{row}description"] = ""
        data["pictures"] = f"{data.get('pictures', '')} {kept.name}={kept.sha256}".strip()
    return data, troubles


def _content(file: Any) -> bytes:
    """All of it; what is too large is read no further than needed to know that it is."""
    return bytes(file.read(LARGEST_PICTURE + 1))


def _picture(base: Item, name: str, description: str) -> str:
    said = " ".join(description.translate(_UNFIT_IN_A_DESCRIPTION).split())
    if base.markup is Markup.HTML:
        return f'<img src="media:{name}" alt="{said}">'
    return f"![{said}](media:{name})"
