"""Verdicts, steps and what was done to a file, in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hocvu.people.queries.unreadable_files import UNREADABLE_SENTENCES
from hocvu.spreadsheets import UnreadableReason
from hocvu.verification.rules.questions import Answer
from hocvu.verification.rules.verdicts import (
    Integrity,
    Step,
    Tampering,
    Unreadable,
    Verdict,
    Verification,
)

_VERDICTS = {
    Verdict.VALID: gettext_lazy(
        "This certificate is genuine and in force. Compare the name with its holder."
    ),
    Verdict.REVOKED: gettext_lazy(
        "This certificate was issued and later revoked. It no longer counts."
    ),
    Verdict.CORRECTED: gettext_lazy(
        "This certificate was corrected: a newer one takes its place. "
        "Ask its holder for the new one."
    ),
    Verdict.ALTERED: gettext_lazy(
        "Something here does not agree with the root register. "
        "Do not accept it; tell the institution."
    ),
    Verdict.UNKNOWN: gettext_lazy(
        "We cannot confirm this certificate. It may be mistyped, incomplete or not ours. "
        "Check the code, or ask the institution that is named on it."
    ),
}
# What is said of a step that held, and of one that did not.
_STEPS = {
    Step.FOUND: (
        gettext_lazy("Its number is in the root register."),
        gettext_lazy("It is not in the root register."),
    ),
    Step.SIGNATURE: (
        gettext_lazy("The digital signature of the file holds."),
        gettext_lazy("The digital signature of the file does not hold."),
    ),
    Step.CHAIN: (
        gettext_lazy("A trusted authority stands behind the signer."),
        gettext_lazy("No trusted authority stands behind the signer."),
    ),
    Step.TIMESTAMP: (
        gettext_lazy("The time stamp attests when it was signed."),
        gettext_lazy("The time stamp does not hold."),
    ),
    Step.SAME_FILE: (
        gettext_lazy("The file is the one that was registered."),
        gettext_lazy("The file is not the one that was registered."),
    ),
    Step.RECORD: (
        gettext_lazy("The register's record is unchanged since it was entered."),
        gettext_lazy("The register's record is not what was entered."),
    ),
    Step.IN_LOG: (
        gettext_lazy("The entry is part of the signed public log."),
        gettext_lazy("The entry is not part of the signed public log."),
    ),
    Step.NOTHING_MISSING: (
        gettext_lazy("No later entry is missing from the register."),
        gettext_lazy("Entries are missing from the register, and a revocation may be among them."),
    ),
    Step.NOT_REVOKED: (
        gettext_lazy("It has not been revoked."),
        gettext_lazy("It has been revoked."),
    ),
    Step.NOT_CORRECTED: (
        gettext_lazy("It has not been corrected since."),
        gettext_lazy("It has been corrected since: another one counts."),
    ),
}
_TAMPERINGS = {
    Tampering.NOT_A_PDF: gettext_lazy("This is not a complete PDF file."),
    Tampering.NOT_SIGNED: gettext_lazy("The file carries no digital signature."),
    Tampering.SIGNATURE_REMOVED: gettext_lazy(
        "The signature was taken out of the file or emptied."
    ),
    Tampering.CHANGED_AFTER_SIGNING: gettext_lazy("The file was changed after it was signed."),
    Tampering.COVERS_ONLY_A_PART: gettext_lazy("The signature covers only a part of the file."),
    Tampering.ADDED_AFTER_SIGNING: gettext_lazy(
        "Something was added to the file after it was signed."
    ),
    Tampering.ANOTHER_SIGNATURE: gettext_lazy(
        "Another signature was added that the first signer did not allow."
    ),
    Tampering.NOT_OURS: gettext_lazy("The file was signed by somebody for whom we cannot vouch."),
    Tampering.NOT_REGISTERED: gettext_lazy(
        "The file carries a signature of ours and is in no register. Tell the institution."
    ),
    Tampering.CERTIFICATE_NOT_VALID: gettext_lazy(
        "The signer's certificate did not allow this signature at that time."
    ),
    Tampering.TIMESTAMP_NOT_VALID: gettext_lazy("The time stamp on the signature does not hold."),
    Tampering.NOT_OUR_FORM: gettext_lazy("The file is signed in a form that is not ours."),
}


def verdict_sentence(verification: Verification) -> str:
    """What the verdict means, and what to do."""
    return str(_VERDICTS[verification.verdict])


def step_sentence(step: Step, *, held: bool) -> str:
    """What was checked, as it turned out."""
    yes, no = _STEPS[step]
    return str(yes if held else no)


def steps_of(verification: Verification) -> list[str]:
    """Every step that was taken, in order."""
    sentences = [step_sentence(step, held=True) for step in verification.held]
    if verification.failed is not None:
        sentences.append(step_sentence(verification.failed, held=False))
    return sentences


def tampering_sentence(verification: Verification) -> str:
    """What is wrong with the file, and where; empty where nothing is."""
    if verification.tampering is None:
        return ""
    if verification.tampering is Tampering.ADDED_BEHIND:
        added = verification.bytes_added
        return ngettext(
            "The certificate's file stands there whole, but %(added)d byte was added behind it.",
            "The certificate's file stands there whole, but %(added)d bytes were added behind it.",
            added,
        ) % {"added": added}
    return str(_TAMPERINGS[verification.tampering])


def integrity_sentence(integrity: Integrity) -> str:
    """What can be said of somebody else's signature."""
    return {
        Integrity.INTACT: _("nothing was changed since this signature"),
        Integrity.ADDED_TO: _("something was added after this signature"),
        Integrity.BROKEN: _("the file was changed after this signature"),
        Integrity.WEAK: _("it rests on a method that is no longer safe, and proves nothing"),
        Integrity.UNREADABLE: _("this signature cannot be read"),
    }[integrity]


def unreadable_sentence(unreadable: Unreadable) -> str:
    """Why signatures of others are not listed."""
    return {
        Unreadable.TOO_COMPLEX: _(
            "Its signatures were not examined: the file is too large or too tangled for that."
        ),
        Unreadable.DAMAGED: _("Its signatures cannot be read: the file is damaged."),
        Unreadable.ENCRYPTED: _(
            "Its signatures cannot be read: the file is protected by a password. "
            "Check it with the program that opens it."
        ),
        Unreadable.ANOTHER_FORM: _(
            "No signature was found in a form that can be examined here. "
            "Check the file with the program that signed it."
        ),
        Unreadable.BUSY: _(
            "Its signatures were not examined: too many files are being examined now. "
            "Try again in a minute."
        ),
    }[unreadable]


def workbook_sentence(reason: UnreadableReason, *, most: int) -> str:
    """Why a file is no workbook of certificates, and what to do."""
    if reason is UnreadableReason.TOO_MANY_ROWS:
        return _("The sheet has more than %(most)d rows. Please divide it.") % {"most": most}
    if reason is UnreadableReason.PDF:
        return _(
            "This is a PDF file, not a workbook. "
            "Check a certificate's own file on the page for one certificate."
        )
    if reason in {UnreadableReason.PASSWORD_PROTECTED, UnreadableReason.EMPTY}:
        return " ".join(map(str, UNREADABLE_SENTENCES[reason]))
    return _("This file cannot be read as a workbook. Save it as .xlsx.")


def answer_word(answer: Answer | None) -> str:
    """The answer to one row of a workbook; None: the row asks nothing that can be answered."""
    if answer is None:
        return _("No code, and no serial number with a name")
    if answer.verification is None:
        return _("Does not match")
    return {
        Verdict.VALID: _("Valid"),
        Verdict.REVOKED: _("Revoked"),
        Verdict.CORRECTED: _("Replaced"),
        Verdict.ALTERED: _("Altered"),
        Verdict.UNKNOWN: _("Cannot be determined"),
    }[answer.verification.verdict]
