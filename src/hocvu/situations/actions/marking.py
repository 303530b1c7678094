"""Marking dispositions: two markers blind to each other, a third where they differ."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.items.double_marking import MarkFlaw
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.situations import policies
from hocvu.situations.actions.finishing import locked_run, settle
from hocvu.situations.models import Disposition, DispositionMark
from hocvu.situations.queries.marking import rubric_of, totals_of
from hocvu.situations.rules.marking import flaw_in, settled_share


class RunIsUnderWay(NotPossible):
    """Its author may still change what is to be marked."""


class DispositionIsSettled(NotPossible):
    """Its markers agree, or a third has decided."""


class MarkStands(NotPossible):
    """Its marker has marked it before, with other points."""


class PointsDoNotFit(NotPossible):
    """The points cannot be given by this rubric."""


def mark_disposition(
    disposition: Disposition,
    points: Mapping[str, Fraction],
    *,
    remark: str = "",
    by: Person,
    at: datetime,
) -> DispositionMark:
    """Give points for every criterion of the rubric. A mark once given stands.

    When this mark settles the disposition, and with it the last one of its run, the run is marked.
    """
    with transaction.atomic():
        disposition = (
            Disposition.objects.select_for_update(of=("self",))
            .select_related("run__exercise__case", "run__exercise__training_class__host_unit")
            .get(pk=disposition.pk)
        )
        written = {name: str(Fraction(given)) for name, given in points.items()}
        own = disposition.marks.filter(marker=by).first()
        if own is not None:
            return _same_mark(own, written, remark)
        _refuse(disposition, points, by)
        mark = disposition.marks.create(marker=by, points=written, remark=remark, marked_at=at)
        record("disposition_marked", disposition, by=by, at=at, mark_id=mark.pk)
        if settled_share(rubric_of(disposition), totals_of(disposition)) is not None:
            disposition.settled_at = at
            disposition.save(update_fields=["settled_at"])
            settle([locked_run(disposition.run)], at=at)
        return mark


def _refuse(disposition: Disposition, points: Mapping[str, Fraction], by: Person) -> None:
    if not policies.can_mark(by, disposition):
        raise NotAllowed(
            _("You cannot mark this disposition."),
            _(
                "It is marked by officers who run the class and had no part in writing it. "
                "Please choose another disposition."
            ),
        )
    if disposition.run.finished_at is None:
        raise RunIsUnderWay(
            _("Its author has not finished yet."), _("Please come back when the run is finished.")
        )
    if disposition.settled_at is not None:
        raise DispositionIsSettled(
            _("This disposition already has all the marks it needs."),
            _("Please choose another disposition."),
        )
    flaw = flaw_in(rubric_of(disposition), points)
    if flaw is MarkFlaw.TOO_FINE:
        raise PointsDoNotFit(
            _("Points are given in quarters."), _("Please round them to the nearest quarter.")
        )
    if flaw is not None:
        raise PointsDoNotFit(
            _("These points do not fit the rubric."),
            _("Give points for every criterion, from zero to its greatest number."),
        )


def _same_mark(own: DispositionMark, points: Mapping[str, str], remark: str) -> DispositionMark:
    """The mark given before, when this is the same one sent twice."""
    if own.points != dict(points) or own.remark != remark:
        raise MarkStands(
            _("You have marked this disposition before, and that mark stands."),
            _("Please choose another disposition."),
        )
    return own
