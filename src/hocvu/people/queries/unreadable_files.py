"""Why a file cannot be read, in words, each with a next step."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from hocvu.spreadsheets import UnreadableReason

_SAVE_AS_XLSX = _("Please open the list in Excel, save it as .xlsx and upload it again.")
UNREADABLE_SENTENCES: Final = {
    UnreadableReason.TOO_LARGE: (
        _("The file is larger than 20 MB."),
        _("Please leave out pictures and other sheets, or divide the list, and upload it again."),
    ),
    UnreadableReason.EXPANDS_TOO_MUCH: (
        _("The file unpacks to far more than a list of people can hold."),
        _("Please copy the list into a new workbook and upload that one."),
    ),
    UnreadableReason.TOO_MANY_ROWS: (
        _("The sheet has more than %(limit)s rows."),
        _("Please delete empty rows below the list, or divide the list into several files."),
    ),
    UnreadableReason.TOO_MANY_COLUMNS: (
        _("The sheet has more than %(limit)s columns."),
        _("Please delete the columns to the right of the list."),
    ),
    UnreadableReason.PASSWORD_PROTECTED: (
        _("The file is protected with a password, so it cannot be read."),
        _("Please remove the password in Excel (File, Info, Protect Workbook) and upload again."),
    ),
    UnreadableReason.WEB_PAGE: (
        _("The file is a web page without any table, whatever its name says."),
        _(
            "Please sign in to the system it comes from, export the list again and upload that"
            " file."
        ),
    ),
    UnreadableReason.PDF: (
        _("The file is a PDF, not a spreadsheet, whatever its name says."),
        _("Please ask for the list as an Excel file, or fill in the template."),
    ),
    UnreadableReason.IMAGE: (
        _("The file is a picture, not a spreadsheet."),
        _("Please ask for the list as an Excel file, or fill in the template."),
    ),
    UnreadableReason.WORD_DOCUMENT: (
        _("The file is a Word document, not a spreadsheet."),
        _("Please copy the table into Excel, save it as .xlsx and upload it."),
    ),
    UnreadableReason.ARCHIVE: (
        _("The file is an archive of other files."),
        _("Please unpack it and upload the spreadsheet inside."),
    ),
    UnreadableReason.UNKNOWN_FORMAT: (
        _("The file is not a spreadsheet that can be read (.xlsx, .xls, .ods or .csv)."),
        _SAVE_AS_XLSX,
    ),
    UnreadableReason.DAMAGED: (_("The file is damaged and cannot be read."), _SAVE_AS_XLSX),
    UnreadableReason.EMPTY: (
        _("The file holds nothing."),
        _("Please check that the right file was chosen and upload it again."),
    ),
}
