"""Findings in the reader's words."""

from django.utils.translation import gettext as _

from hocvu.inspection.queries.findings import Finding, Trouble


def finding_sentence(finding: Finding) -> str:
    """What an audit of the register found, and where."""
    sentences = {
        Trouble.RECORD_CHANGED: _("%(where)s: the record is not what was entered."),
        Trouble.FILE_CHANGED: _("%(where)s: the stored file was changed."),
        Trouble.ENTRY_MISSING: _("Entry %(where)s is missing from the register."),
        Trouble.COUNT_DIFFERS: _(
            "The register does not have as many entries as were signed (here / signed): "
            "%(where)s. Where there are fewer and none is named as missing, its tail was cut off."
        ),
        Trouble.ENTRY_INSERTED: _("%(where)s: a row that was never entered in the log."),
        Trouble.ENTRY_MOVED: _("%(where)s: the entry was given another place in the log."),
        Trouble.NUMBER_GAP: _("Register number %(where)s is missing or was given twice."),
        Trouble.CLOCK_SET_BACK: _(
            "%(where)s: dated before the entry in front of it; a clock was set back."
        ),
        Trouble.BACK_DATED: _(
            "%(where)s: back-dated; the log did not hold this entry at that moment."
        ),
        Trouble.PUBLICATION_DAMAGED: _("The published log is damaged: %(where)s"),
        Trouble.WITNESS_DISAGREES: _(
            "Up to entry %(where)s the register is not the one that a witness has seen."
        ),
        Trouble.NOT_IN_REGISTER: _("%(where)s: a certificate that nobody entered."),
        Trouble.LIST_CHANGED: _("Decision %(where)s: its list was changed."),
        Trouble.RESULTS_CHANGED: _(
            "Decision %(where)s: its results or its proposal are not those it was taken on."
        ),
        Trouble.STATUS_HIDDEN: _(
            "%(where)s: taken back, but the published status list calls it good."
        ),
        Trouble.STATUS_UNFOUNDED: _(
            "%(where)s: in force, but the published status list calls it taken back."
        ),
        Trouble.COPY_CHANGED: _(
            "Copy %(where)s: its file or its line in the book of copies is not what was entered."
        ),
        Trouble.COPY_INSERTED: _(
            "Copy %(where)s: the log has no entry of it; it was put into the book of copies, "
            "or its entry was taken away."
        ),
        Trouble.COPY_MISSING: _(
            "Copy %(where)s: was entered in the log, and is not in the book of copies now."
        ),
        Trouble.COPY_NUMBER_GAP: _(
            "Copy %(where)s: the number before it is missing from the book of copies."
        ),
        Trouble.GUARD_IS_DOWN: _(
            "Table %(where)s: the database does not keep this table's rows now; "
            "its guard (trigger or constraint) was removed, switched off or replaced."
        ),
        Trouble.GUARDS_PASSED_BY: _(
            "%(where)s: whoever works in the database like this passes all its guards by. Take the "
            "setting back, and find out who made it."
        ),
        Trouble.STRANGE_GUARD: _("Table %(where)s: somebody added a trigger or rule of their own."),
        Trouble.CHECKPOINT_FORGED: _("Checkpoint %(where)s was not signed by the register's key."),
        Trouble.HEAD_MISDATED: _(
            "Before entry %(where)s a signed head is missing, or was given another moment."
        ),
        Trouble.HISTORY_REWRITTEN: _(
            "Up to entry %(where)s the register is not the one that was signed."
        ),
        Trouble.MOVED_BACKWARDS: _(
            "More entries were published than are here now (here / published): %(where)s. "
            "Entries were taken away, or an old backup was put back."
        ),
    }
    return sentences[finding.trouble] % {"where": finding.where}
