"""How notices about requests for corrections read. Facts hold ids and numbers, never a name."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hocvu.notices.rules.kinds import Facts, Kind, Words


def refused(facts: Facts) -> Words:
    """To the holder; the answer itself stands on the page of the certificate."""
    return Words(
        _("Your request for a correction was answered"),
        _("The registrar answered what you asked about the certificate with number %(serial)s.")
        % {"serial": facts["serial_number"]},
        _("The certificate was not corrected; it stays in force as it is."),
        _("Read the reason. If you have another paper that shows it, ask again."),
        reverse("wallet:certificate", args=[facts["certificate_id"]]),
        _("Read the answer"),
    )


def asked(facts: Facts) -> Words:
    """To the registrars of the unit that ran the class."""
    return Words(
        _("Somebody asks for a correction"),
        _(
            "The holder of the certificate with number %(serial)s says that something on it is "
            "wrong."
        )
        % {"serial": facts["serial_number"]},
        _("The certificate stays in force meanwhile."),
        _("Correct it by a decision, or answer why not."),
        reverse("wallet:answer", args=[facts["request_id"]]),
        _("Look at the request"),
    )


KINDS = (Kind("correction_refused", refused), Kind("correction_asked", asked))
