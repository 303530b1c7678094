"""The chain an auditor checks: opening decision, roll, results, recognition, register, certificate.

Every link says where it is found and, in words, what is missing. A link without anything missing
holds.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvu.classes.models import Roll
from hocvu.credentials.models import Certificate, RegisterEntry, RegisterEvent
from hocvu.credentials.rules.deadlines import last_day_to_issue
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import vn_date, vn_number
from hocvu.recognition.models import DecisionEntry, RecognitionDecision, ResultLine
from hocvu.recognition.queries.words import sentence_of
from hocvu.recognition.rules.completion import Reason


@dataclass(frozen=True)
class ChainLink:
    """One link: what there is, and what is missing ("" where nothing is)."""

    name: str
    found: str
    href: str
    missing: str = ""


def chain_of_decision(decision: RecognitionDecision, today: date) -> list[ChainLink]:
    """The whole chain of a decision, in the order in which it came to be."""
    return [
        _opening(decision),
        _roll(decision),
        _results(decision),
        _recognition(decision),
        _list(decision),
        *_register_and_certificates(decision, today),
    ]


def chain_of_certificate(certificate: Certificate, today: date) -> list[ChainLink]:
    """The same for one person: their attendance, their result, their line, their entries."""
    entry = certificate.entry
    decision = entry.decision
    return [
        _opening(decision),
        _own_result(entry),
        _recognition(decision),
        ChainLink(
            _("Line of the annexed list"),
            _("Line %(n)s: %(name)s") % {"n": entry.position, "name": entry.full_name},
            reverse("recognition:decision", args=[decision.pk]),
        ),
        *_own_entries(certificate),
        _in_time(certificate, today),
    ]


def _opening(decision: RecognitionDecision) -> ChainLink:
    said = decision.opening_decision or decision.training_class.opening_decision
    return ChainLink(
        _("Opening decision"),
        said,
        reverse("classes:detail", args=[decision.training_class_id]),
        "" if said else _("The class names no opening decision."),
    )


def _roll(decision: RecognitionDecision) -> ChainLink:
    rolls = Roll.objects.filter(session__training_class=decision.training_class_id).aggregate(
        all=Count("pk"), open=Count("pk", filter=Q(closed_at=None))
    )
    missing = ""
    if not rolls["all"]:
        missing = _("No roll was kept.")
    elif rolls["open"]:
        missing = ngettext(
            "%(n)s roll was never closed.", "%(n)s rolls were never closed.", rolls["open"]
        ) % {"n": rolls["open"]}
    closed = rolls["all"] - rolls["open"]
    return ChainLink(
        _("Roll call"),
        _("%(n)s rolls closed") % {"n": vn_number(closed)},
        reverse("classes:detail", args=[decision.training_class_id]),
        missing,
    )


def _results(decision: RecognitionDecision) -> ChainLink:
    href = reverse("recognition:candidates", args=[decision.training_class_id])
    record = decision.result_record
    if record is None:
        return ChainLink(
            _("Results"), "", href, _("Nobody approved the results this decision rests on.")
        )
    found = _("Record %(n)s: %(earned)s of %(all)s have earned it; approved by %(who)s on %(day)s")
    said = found % {
        "n": record.number,
        "earned": vn_number(record.earned_count),
        "all": vn_number(record.learner_count),
        "who": record.approved_by.full_name,
        "day": vn_date(day_of(record.approved_at)),
    }
    return ChainLink(_("Results"), said, href)


def _recognition(decision: RecognitionDecision) -> ChainLink:
    href = reverse("recognition:decision", args=[decision.pk])
    number = _("%(number)s of %(day)s") % {
        "number": decision.number_and_symbol,
        "day": vn_date(decision.decided_on),
    }
    proposal = decision.proposal
    if proposal is None:
        missing = _("It was issued by one person: nobody else approved it.")
        return ChainLink(_("Recognition decision"), number, href, missing)
    said = _("%(number)s; proposed by %(one)s, approved by %(other)s") % {
        "number": number,
        "one": proposal.proposed_by.full_name,
        "other": decision.issued_by.full_name,
    }
    return ChainLink(_("Recognition decision"), said, href)


def _list(decision: RecognitionDecision) -> ChainLink:
    lines = DecisionEntry.objects.filter(decision=decision).count()
    said = _("Article 1 names %(n)s people, the list %(lines)s") % {
        "n": vn_number(decision.learner_count),
        "lines": vn_number(lines),
    }
    return ChainLink(
        _("Annexed list"),
        said,
        reverse("recognition:decision_document", args=[decision.pk]),
        "" if lines == decision.learner_count else _("The two do not agree."),
    )


def _register_and_certificates(decision: RecognitionDecision, today: date) -> list[ChainLink]:
    issued = Certificate.objects.filter(entry__decision=decision, edition=1)
    number = "register_number"
    found = issued.aggregate(n=Count("pk"), first=Min(number), last=Max(number))
    entered = RegisterEntry.objects.filter(
        certificate__in=issued, event=RegisterEvent.ISSUE
    ).count()
    later = RegisterEntry.objects.filter(certificate__entry__decision=decision).exclude(
        event=RegisterEvent.ISSUE
    )
    span = ""
    if found["n"]:
        span = _("%(n)s entries, numbers %(first)s to %(last)s") % {
            "n": vn_number(entered),
            "first": found["first"],
            "last": found["last"],
        }
    return [
        ChainLink(
            _("Root register"),
            span,
            reverse("credentials:register"),
            "" if entered == decision.learner_count else _("Not everybody is entered yet."),
        ),
        ChainLink(
            _("Certificates"),
            _("%(n)s issued, %(later)s later changes")
            % {"n": vn_number(found["n"]), "later": vn_number(later.count())},
            reverse("recognition:decision", args=[decision.pk]),
            _not_in_time(decision, found["n"], today),
        ),
    ]


def _not_in_time(decision: RecognitionDecision, issued: int, today: date) -> str:
    last_day = last_day_to_issue(decision.kind, decision.decided_on)
    if issued == decision.learner_count:
        return ""
    missing = vn_number(decision.learner_count - issued)
    words = _("%(n)s not issued; the last day was %(day)s.")
    if today <= last_day:
        words = _("%(n)s not issued yet; the last day is %(day)s.")
    return words % {"n": missing, "day": vn_date(last_day)}


def _own_result(entry: DecisionEntry) -> ChainLink:
    href = reverse("recognition:candidates", args=[entry.decision.training_class_id])
    line: ResultLine | None = entry.result_line
    if line is None:
        return ChainLink(
            _("Results"), "", href, _("Nobody approved the results this decision rests on.")
        )
    said = _("%(attended)s of %(held)s half days") % {
        "attended": line.attended,
        "held": line.held,
    }
    if line.points is not None and line.out_of is not None:
        said = _("%(said)s; test %(points)s of %(out_of)s") % {
            "said": said,
            "points": vn_number(line.points, 1),
            "out_of": vn_number(line.out_of, 1),
        }
    lacking = [sentence_of(Reason(value)) for value in line.reasons.split(",") if value]
    return ChainLink(_("Results"), said, href, "; ".join(lacking))


def _own_entries(certificate: Certificate) -> list[ChainLink]:
    entries = RegisterEntry.objects.filter(certificate__entry=certificate.entry_id)
    links = [
        ChainLink(
            _("Root register"),
            _("Entry %(number)s, %(what)s on %(day)s")
            % {
                "number": each.certificate.register_entry_number,
                "what": each.get_event_display(),
                "day": vn_date(day_of(each.at)),
            },
            reverse("credentials:certificate", args=[each.certificate_id]),
        )
        for each in entries.select_related("certificate")
        .defer("certificate__stored_file", "certificate__tail")
        .order_by("leaf_index")
    ]
    missing = _("The certificate stands in no entry of the register.")
    return links or [ChainLink(_("Root register"), "", reverse("credentials:register"), missing)]


def _in_time(certificate: Certificate, today: date) -> ChainLink:
    decision = certificate.entry.decision
    last_day = last_day_to_issue(decision.kind, decision.decided_on)
    issued_on = min(day_of(certificate.issued_at), today)
    is_late = certificate.edition == 1 and issued_on > last_day
    return ChainLink(
        _("Certificate"),
        _("%(serial)s, issued on %(day)s")
        % {"serial": certificate.serial_number, "day": vn_date(day_of(certificate.issued_at))},
        reverse("credentials:file", args=[certificate.pk]),
        _("Issued after the last day, %(day)s.") % {"day": vn_date(last_day)} if is_late else "",
    )
