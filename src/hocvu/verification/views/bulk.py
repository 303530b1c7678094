"""A workbook of certificates comes back with a verdict in every row. Nothing of it is kept."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from hocvu.spreadsheets import SpreadsheetIsUnreadable, read_grids, write_table
from hocvu.verification.actions.allowances import spend
from hocvu.verification.forms import SheetForm
from hocvu.verification.queries.questions import answer_all
from hocvu.verification.queries.words import answer_word
from hocvu.verification.rules.allowances import MOST_AT_ONCE
from hocvu.verification.rules.sheets import Sheet, sheet_in
from hocvu.verification.views.public import language_of, purse, too_many

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@csrf_exempt  # it changes nothing, and knows nobody: there is nothing to forge
@login_not_required
def bulk(request: HttpRequest) -> HttpResponse:
    """Give a workbook; get it back with a new column."""
    with translation.override(language_of(request)):
        if request.method != "POST":
            return _page(request, SheetForm())
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, form)
        sheet = _sheet(form)
        if sheet is None:
            return _page(request, form)
        return _answered(request, sheet)


def _sheet(form: SheetForm) -> Sheet | None:
    file = form.cleaned_data["file"]
    try:
        grids = read_grids(file.name, file.read())
    except SpreadsheetIsUnreadable:
        form.add_error("file", _("This file cannot be read as a workbook. Save it as .xlsx."))
        return None
    sheet = sheet_in([[cell.text for cell in row] for row in grids[0].rows]) if grids else None
    if sheet is None:
        form.add_error(
            "file",
            _(
                "No column of codes was found, nor columns of serial numbers and full names. "
                "Write these headings in the first row."
            ),
        )
    elif len(sheet.rows) > MOST_AT_ONCE:
        form.add_error(
            "file",
            _("The sheet has more than %(most)d rows. Please divide it.") % {"most": MOST_AT_ONCE},
        )
        return None
    return sheet


def _answered(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    questions = sheet.questions()
    answered = answer_all([each for each in questions if each is not None])
    if not spend(purse(request), answered.cost):
        return too_many(request)
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
