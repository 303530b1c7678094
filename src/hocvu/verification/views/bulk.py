"""Many certificates at once: by a workbook, which comes back with a verdict in every row, or by a
program. Nothing that is handed in is kept.
"""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from hocvu.spreadsheets import SpreadsheetIsUnreadable, UnreadableReason, read_grids, write_table
from hocvu.verification.actions.allowances import spend
from hocvu.verification.forms import MOST_SHEET_BYTES, ROOM_FOR_A_FORM, FileIsTooLarge, SheetForm
from hocvu.verification.queries.questions import answer_all
from hocvu.verification.queries.words import answer_word, workbook_sentence
from hocvu.verification.rules.allowances import (
    A_MINUTE,
    FILE,
    FOUND,
    MOST_AT_ONCE,
    NOT_FOUND,
    NOT_MATCHED,
    WITH_A_KEY,
)
from hocvu.verification.rules.checks import Way, note
from hocvu.verification.rules.sheets import Sheet, first_sheet_in
from hocvu.verification.views.public import cacheable, language_of, purse, too_many
from hocvu.verification.views.rendering import tag_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@csrf_exempt  # it changes nothing, and knows nobody: there is nothing to forge
@login_not_required
def bulk(request: HttpRequest) -> HttpResponse:
    """Give a workbook; get it back with a new column."""
    with translation.override(language_of(request)):
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_SHEET_BYTES + ROOM_FOR_A_FORM:
            raise FileIsTooLarge(
                _("The workbook is larger than 5 MB. Please divide it."),
                _("Save it as .xlsx with the columns that are asked for, and no others."),
            )
        if request.method != "POST":
            return _page(request, SheetForm())
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, form)
        if not spend(purse(request), FILE):  # also for what turns out to be no workbook
            return too_many(request)
        sheet = _sheet(form)
        if sheet is None:
            return _page(request, form)
        return _answered(request, sheet)


@login_not_required
@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """How programs ask, for whoever writes one."""
    language = language_of(request)
    context = {
        "language": language,
        "most": MOST_AT_ONCE,
        "address": settings.SITE_ADDRESS + reverse("verification:api"),  # caches keep this page
        "allowances": (A_MINUTE, WITH_A_KEY, FOUND, NOT_FOUND, NOT_MATCHED),
    }
    with translation.override(language):
        body = render_to_string("verification/programs.html", context).encode()
    return cacheable(request, (body, tag_of(body)))


def _sheet(form: SheetForm) -> Sheet | None:
    file = form.cleaned_data["file"]
    try:
        grids = read_grids(file.name, file.read())
    except SpreadsheetIsUnreadable as refused:
        form.add_error("file", workbook_sentence(refused.reason, most=MOST_AT_ONCE))
        return None
    sheet = first_sheet_in([[[cell.text for cell in row] for row in each.rows] for each in grids])
    if sheet is None:
        form.add_error(
            "file",
            _(
                "No column of codes was found, nor columns of serial numbers and full names. "
                "Write these headings in the first row."
            ),
        )
    elif len(sheet.rows) > MOST_AT_ONCE:
        too_long = workbook_sentence(UnreadableReason.TOO_MANY_ROWS, most=MOST_AT_ONCE)
        form.add_error("file", too_long)
        return None
    return sheet


def _answered(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    questions = sheet.questions()
    answered = answer_all([each for each in questions if each is not None])
    if not spend(purse(request), answered.cost):
        return too_many(request)
    for certificate in answered.certificates:
        note(certificate, Way.PROGRAM)
    answers = iter(answered.answers)
    words = [answer_word(next(answers)) if each else answer_word(None) for each in questions]
    rows = [[*row, word] for row, word in zip(sheet.rows, words, strict=True)]
    workbook = write_table(
        "", [*sheet.headings, _("Result of the check")], rows, sheet_name=_("Verification")
    )
    response = HttpResponse(workbook, content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="verified.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, form: SheetForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "language": language_of(request), "most": MOST_AT_ONCE}
    response = HttpResponse(render_to_string("verification/bulk.html", context), status=status)
    response["Cache-Control"] = "no-store" if form.is_bound else "private, no-cache"
    response["Content-Language"] = language_of(request)
    return response
