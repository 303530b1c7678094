"""Reasons, steps and findings in the reader's words."""

from django.utils.translation import gettext as _

from hocvu.credentials.queries.register_log import Finding, Trouble
from hocvu.credentials.queries.verification import Step, Verdict, Verification
from hocvu.credentials.rules.completion import Reason


def sentence_of(reason: Reason) -> str:
    """Why recognition is withheld."""
    return {
        Reason.LOW_ATTENDANCE: _("attended too few half days"),
        Reason.NO_ROLL: _("no roll call was closed for this person"),
        Reason.NOT_ASSESSED: _("has not taken the test"),
        Reason.NOT_PASSED: _("has not passed the test"),
    }[reason]


def verdict_sentence(verification: Verification) -> str:
    """What the verdict means, and what to do."""
    return {
        Verdict.VALID: _(
            "This certificate is genuine and in force. Compare the name with its holder."
        ),
        Verdict.REVOKED: _("This certificate was issued and later revoked. It no longer counts."),
        Verdict.ALTERED: _(
            "Something here does not agree with the root register. "
            "Do not accept it; tell the institution."
        ),
        Verdict.UNKNOWN: _(
            "We cannot confirm this certificate. It may be mistyped, incomplete or not ours. "
            "Check the code, or ask the institution that is named on it."
        ),
    }[verification.verdict]


def step_sentence(step: Step, *, held: bool) -> str:
    """What was checked, as it turned out."""
    yes, no = {
        Step.FOUND: (
            _("Its number is in the root register."),
            _("It is not in the root register."),
        ),
        Step.SIGNATURE: (
            _("The digital signature of the file holds."),
            _("The digital signature of the file does not hold."),
        ),
        Step.SAME_FILE: (
            _("The file is the one that was registered."),
            _("The file is not the one that was registered."),
        ),
        Step.RECORD: (
            _("The register's record is unchanged since it was entered."),
            _("The register's record is not what was entered."),
        ),
        Step.IN_LOG: (
            _("The entry is part of the signed public log."),
            _("The entry is not part of the signed public log."),
        ),
        Step.NOTHING_MISSING: (
            _("No later entry is missing from the register."),
            _("Entries are missing from the register, and a revocation may be among them."),
        ),
        Step.NOT_REVOKED: (_("It has not been revoked."), _("It has been revoked.")),
    }[step]
    return yes if held else no


def steps_of(verification: Verification) -> list[str]:
    """Every step that was taken, in order."""
    sentences = [step_sentence(step, held=True) for step in verification.held]
    if verification.failed is not None:
        sentences.append(step_sentence(verification.failed, held=False))
    return sentences


def finding_sentence(finding: Finding) -> str:
    """What an audit of the register found, and where."""
    sentences = {
        Trouble.RECORD_CHANGED: _("%(where)s: the record is not what was entered."),
        Trouble.FILE_CHANGED: _("%(where)s: the stored file was changed."),
        Trouble.ENTRY_MISSING: _("Entry %(where)s is missing from the register."),
        Trouble.NOT_IN_REGISTER: _("%(where)s: a certificate that nobody entered."),
        Trouble.LIST_CHANGED: _("Decision %(where)s: its list was changed."),
        Trouble.CHECKPOINT_FORGED: _("Checkpoint %(where)s was not signed by the register's key."),
        Trouble.HISTORY_REWRITTEN: _(
            "Up to entry %(where)s the register is not the one that was signed."
        ),
        Trouble.MOVED_BACKWARDS: _("More was published than is here now: %(where)s."),
    }
    return sentences[finding.trouble] % {"where": finding.where}
