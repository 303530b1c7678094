"""Certificates of a proposed decision as they would print: nothing of them is given yet."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length

from hocvu.credentials.queries.fitting import CODE_TO_TRY
from hocvu.credentials.queries.printing import Common, Numbered, ToPrint
from hocvu.people.models import Post
from hocvu.recognition.models import Proposal, ResultLine
from hocvu.recognition.queries.heads import head_of
from hocvu.recognition.queries.holders import holders_of
from hocvu.recognition.queries.proposals import lines_of
from hocvu.recognition.rules.holders import Holder

_NOT_GIVEN = Numbered("…", "…", CODE_TO_TRY)


@dataclass(frozen=True)
class Specimen:
    """One line of a proposed list, its place among those that are tightest to print, and theirs."""

    holder: Holder
    place: int  # from 1
    count: int
    before: int | None  # the line to look at before this one, and after it
    after: int | None


def common_of_proposal(proposal: Proposal) -> Common:
    """What all certificates of a decision that waits for approval would say now."""
    training_class = proposal.training_class
    programme = training_class.programme
    head = head_of(training_class.host_unit, proposal.decided_on)
    return Common(
        proposal.kind,
        head.issuer,
        head.superior,
        programme.name,
        programme.name_en,
        programme.code,
        training_class.starts_on,
        training_class.ends_on,
        training_class.mode,
        proposal.text,
        proposal.decided_on,
        proposal.proposed_at,
    )


def holders_proposed(proposal: Proposal) -> list[Holder]:
    """Everybody on a proposed list in its order, as their dossiers read now."""
    lines = lines_of(proposal).order_by("position")
    units = dict(lines.values_list("enrolment__person", "enrolment__unit__name"))
    found = holders_of(units, proposal.decided_on)
    return [found[person_id] for person_id in units]


def specimen_of(proposal: Proposal, line: ResultLine) -> ToPrint:
    """One line of a proposed list as it would be printed; numbers are not given yet."""
    enrolment = line.enrolment
    found = holders_of({enrolment.person_id: enrolment.unit.name}, proposal.decided_on)
    return ToPrint(common_of_proposal(proposal), found[enrolment.person_id], _NOT_GIVEN)


def tightest_first(proposal: Proposal) -> QuerySet[ResultLine]:
    """The list with the longest name first, then the longest post and unit: where trouble would
    show, it shows at once.
    """
    held = Post.objects.held_on(proposal.decided_on).filter(
        person=OuterRef("enrolment__person"), is_main=True
    )
    title = Coalesce(Subquery(held.order_by("pk").values(wide=Length("title"))[:1]), 0)
    return lines_of(proposal).order_by(
        Length("enrolment__person__full_name").desc(),
        (title + Length("enrolment__unit__name")).desc(),
        "pk",
    )


def specimen_among(proposal: Proposal, line: ResultLine) -> Specimen:
    """A line of the list with those to look at before and after it."""
    order = list(tightest_first(proposal).values_list("pk", flat=True))
    at = order.index(line.pk)
    return Specimen(
        specimen_of(proposal, line).holder,
        at + 1,
        len(order),
        order[at - 1] if at else None,
        order[at + 1] if at + 1 < len(order) else None,
    )
