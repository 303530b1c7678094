"""Why issuing stands still, as people read it: what somebody does about it."""

from django.utils.translation import gettext_lazy as _

from hocvu.credentials.models import StopReason

_WHEN_IT_ANSWERS = _(
    "Signing goes on by itself when the service answers; if it lasts, tell the administrator."
)
_MENDED = _(
    "Tell the administrator: `hocvu check-keys` says what is to be mended; signing then goes on by"
    " itself."
)
_NEXT_STEPS = {
    StopReason.KEY_AWAY: _(
        "Put the token back in its place; signing goes on by itself within a minute."
    ),
    StopReason.TIMESTAMP_AWAY: _WHEN_IT_ANSWERS,
    StopReason.EVIDENCE: _WHEN_IT_ANSWERS,
    StopReason.WRONG_PIN: _("The administrator puts the PIN right; then start again here."),
    StopReason.CANNOT_PRINT: _(
        "Look at the lines of the list and at the template; then start again here."
    ),
    StopReason.CLOCK: _("Have the clock set right; signing goes on by itself."),
    StopReason.REGISTER: _("Tell the administrator at once: `hocvu verify` says what is wrong."),
}


def next_step_of(reason: StopReason) -> str:
    """What somebody does about it, in the reader's language."""
    return str(_NEXT_STEPS.get(reason, _MENDED))
