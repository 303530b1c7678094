"""Verdicts, steps and what was done to a file, in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvu.verification.rules.questions import Answer
from hocvu.verification.rules.verdicts import (
    Integrity,
    Step,
    Tampering,
    Unreadable,
    Verdict,
    Verification,
)


def verdict_sentence(verification: Verification) -> str:
    """What the verdict means, and what to do."""
    return {
        Verdict.VALID: _(
            "This certificate is genuine and in force. Compare the name with its holder."
        ),
        Verdict.REVOKED: _("This certificate was issued and later revoked. It no longer counts."),
        Verdict.CORRECTED: _(
            "This certificate was corrected: a newer one takes its place. "
            "Ask its holder for the new one."
        ),
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
        Step.CHAIN: (
            _("A trusted authority stands behind the signer."),
            _("No trusted authority stands behind the signer."),
        ),
        Step.TIMESTAMP: (
            _("The time stamp attests when it was signed."),
            _("The time stamp does not hold."),
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
        Step.NOT_CORRECTED: (
            _("It has not been corrected since."),
            _("It has been corrected since: another one counts."),
        ),
    }[step]
    return yes if held else no


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
    return {
        Tampering.NOT_A_PDF: _("This is not a complete PDF file."),
        Tampering.NOT_SIGNED: _("The file carries no digital signature."),
        Tampering.SIGNATURE_REMOVED: _("The signature was taken out of the file or emptied."),
        Tampering.CHANGED_AFTER_SIGNING: _("The file was changed after it was signed."),
        Tampering.COVERS_ONLY_A_PART: _("The signature covers only a part of the file."),
        Tampering.ADDED_AFTER_SIGNING: _("Something was added to the file after it was signed."),
        Tampering.ANOTHER_SIGNATURE: _(
            "Another signature was added that the first signer did not allow."
        ),
        Tampering.NOT_OURS: _("The file was signed by somebody for whom we cannot vouch."),
        Tampering.NOT_REGISTERED: _(
            "The file carries a signature of ours and is in no register. Tell the institution."
        ),
        Tampering.CERTIFICATE_NOT_VALID: _(
            "The signer's certificate did not allow this signature at that time."
        ),
        Tampering.TIMESTAMP_NOT_VALID: _("The time stamp on the signature does not hold."),
        Tampering.NOT_OUR_FORM: _("The file is signed in a form that is not ours."),
    }[verification.tampering]


def integrity_sentence(integrity: Integrity) -> str:
    """What can be said of somebody else's signature."""
    return {
        Integrity.INTACT: _("nothing was changed since this signature"),
        Integrity.ADDED_TO: _("something was added after this signature"),
        Integrity.BROKEN: _("the file was changed after this signature"),
    }[integrity]


def unreadable_sentence(unreadable: Unreadable) -> str:
    """Why signatures of others are not listed."""
    return {
        Unreadable.TOO_COMPLEX: _(
            "Its signatures were not examined: the file is too large or too tangled for that."
        ),
        Unreadable.DAMAGED: _("Its signatures cannot be read: the file is damaged."),
        Unreadable.BUSY: _(
            "Its signatures were not examined: too many files are being examined now. "
            "Try again in a minute."
        ),
    }[unreadable]


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
