"""How notices about certificates read: what happened, what it means, what to do."""

from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hocvu.credentials.rules.causes import Change, causes_in_force
from hocvu.kernel.vietnamese import vn_date, vn_number
from hocvu.notices.rules.kinds import Facts, Kind, Words


def issued(facts: Facts) -> Words:
    return Words(
        _("Your certificate is ready"),
        _(
            "By decision %(decision)s you are recognised as having completed “%(programme)s”. Your "
            "certificate is entered in the root register under serial number %(serial)s."
        )
        % {
            "decision": _decision(facts),
            "programme": facts["programme"],
            "serial": facts["serial_number"],
        },
        _("Anybody can check it by its code or its file, without asking anyone."),
        _(
            "Download the file and keep it as it is: saved anew by another program it loses its "
            "signatures. If something on it is wrong, ask for a correction."
        ),
        reverse("wallet:mine"),
        _("My certificates"),
    )


def revoked(facts: Facts) -> Words:
    return Words(
        _("A certificate of yours was revoked"),
        _("The certificate with serial number %(serial)s was revoked%(ruling)s.")
        % {"serial": facts["serial_number"], "ruling": _ruling(facts, Change.REVOCATION)},
        _(
            "It must not be used any more. Whoever checks it is told that it is revoked; the "
            "decision is published."
        ),
        _("If this is wrong, turn to the unit that issued it and name the decision."),
        reverse("credentials:told"),
        _("See the entry"),
    )


def reinstated(facts: Facts) -> Words:
    return Words(
        _("A certificate of yours is in force again"),
        _("The revocation of the certificate with serial number %(serial)s was taken back%(by)s.")
        % {"serial": facts["serial_number"], "by": _ruling(facts, Change.REVOCATION)},
        _("Whoever checks it finds it in force. Both entries stay in the root register."),
        _("Nothing has to be done: the file is good as it is."),
        reverse("credentials:told"),
        _("See the entry"),
    )


def corrected(facts: Facts) -> Words:
    return Words(
        _("A certificate of yours was corrected"),
        _corrected_sentence(facts),
        _("The new edition counts. Whoever checks the earlier one is told that it was corrected."),
        _("Download the new edition and use only that one from now on."),
        reverse("wallet:mine"),
        _("My certificates"),
    )


def issued_in_unit(facts: Facts) -> Words:
    count = {"n": vn_number(facts["count"])}
    happened = ngettext(
        "By decision %(decision)s %(n)s certificate of “%(programme)s” was issued to people whom "
        "the unit sent to class “%(class)s”.",
        "By decision %(decision)s %(n)s certificates of “%(programme)s” were issued to people whom "
        "the unit sent to class “%(class)s”.",
        facts["count"],
    )
    return Words(
        ngettext(
            "%(n)s certificate issued to people of the unit",
            "%(n)s certificates issued to people of the unit",
            facts["count"],
        )
        % count,
        happened
        % {
            **count,
            "decision": _decision(facts),
            "programme": facts["programme"],
            "class": facts["class_name"],
        },
        _("They stand in the root register. The holders are told themselves."),
        _("The list can be looked at and exported; tell those who have no e-mail address."),
        f"{reverse('credentials:received')}?decision={facts['decision_number']}",
        _("See the list"),
    )


def revoked_in_unit(facts: Facts) -> Words:
    return Words(
        _("A certificate of somebody in the unit was revoked"),
        revoked(facts).happened,
        _("Its holder must not use it any more, and it no longer counts as proof."),
        _("Take it out of the personnel file, or note the revocation there."),
        reverse("credentials:told"),
        _("See the entry"),
    )


def reinstated_in_unit(facts: Facts) -> Words:
    return Words(
        _("A certificate of somebody in the unit is in force again"),
        reinstated(facts).happened,
        reinstated(facts).meaning,
        _("Where the revocation was noted in the personnel file, note this decision beside it."),
        reverse("credentials:told"),
        _("See the entry"),
    )


def corrected_in_unit(facts: Facts) -> Words:
    return Words(
        _("A certificate of somebody in the unit was corrected"),
        _corrected_sentence(facts),
        corrected(facts).meaning,
        _("Replace the copy in the personnel file by the new edition."),
        reverse("credentials:told"),
        _("See the entry"),
    )


# A change of rights is told at any hour; what can wait till the morning waits.
KINDS = (
    Kind("certificate_issued", issued),
    Kind("certificate_revoked", revoked, is_urgent=True),
    Kind("certificate_reinstated", reinstated, is_urgent=True),
    Kind("certificate_corrected", corrected),
    Kind("certificates_issued_in_unit", issued_in_unit),
    Kind("certificate_revoked_in_unit", revoked_in_unit),
    Kind("certificate_reinstated_in_unit", reinstated_in_unit),
    Kind("certificate_corrected_in_unit", corrected_in_unit),
)


def _corrected_sentence(facts: Facts) -> str:
    sentence = _(
        "The certificate with serial number %(serial)s was replaced by a new edition with serial "
        "number %(new_serial)s%(ruling)s."
    )
    return sentence % {
        "serial": facts["serial_number"],
        "new_serial": facts["new_serial_number"],
        "ruling": _ruling(facts, Change.CORRECTION),
    }


def _decision(facts: Facts) -> str:
    """`7/QĐ-TCT of 20/11/2026`, or the number alone where the day is not known."""
    if not facts["decided_on"]:
        return str(facts["decision"])
    day = vn_date(date.fromisoformat(facts["decided_on"]))
    return _("%(number)s of %(day)s") % {"number": facts["decision"], "day": day}


def _ruling(facts: Facts, change: Change) -> str:
    """` by decision … , cause: …`; nothing for what was entered before rulings were kept apart."""
    if not facts["decision"]:
        return ""
    said = _(" by decision %(decision)s") % {"decision": _decision(facts)}
    if not facts["cause"]:
        return said
    cause = causes_in_force(change, date.fromisoformat(facts["decided_on"]))[facts["cause"]]
    name = cause.name_en if get_language() == "en" else cause.name
    return said + _(", cause: %(letter)s) %(name)s") % {"letter": cause.letter, "name": name}
