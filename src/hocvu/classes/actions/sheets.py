"""Signed paper rolls of many bridge points of one session, entered at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes import policies
from hocvu.classes.actions.locks import ClassIsClosed
from hocvu.classes.actions.roll_call import (
    DifferenceUnexplained,
    RollIsClosed,
    SessionIsAhead,
    session_must_be_held,
)
from hocvu.classes.events import RollClosed
from hocvu.classes.models import (
    BridgePoint,
    ClassSession,
    Enrolment,
    MarkMethod,
    Presence,
    Roll,
    TrainingClass,
)
from hocvu.classes.rules import unexplained_difference
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.time import day_of
from hocvu.people.models import Person

_MANY_MARKS = 1_000


class SheetIsWrong(NotPossible):
    """A sheet names a bridge point without this session, or somebody who is not on its roll."""


@dataclass(frozen=True)
class SignedSheet:
    """The paper roll of one bridge point: presences by enrolment id, and the heads counted."""

    bridge_point_id: int
    presences: Mapping[int, Presence]
    head_count: int
    difference_note: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)

    @property
    def present(self) -> int:
        return sum(1 for presence in self.presences.values() if presence == Presence.PRESENT)


@transaction.atomic
def enter_sheets(
    session: ClassSession, sheets: Sequence[SignedSheet], *, by: Person, at: datetime
) -> int:
    """Open, mark and close the rolls of these bridge points; how many marks were entered.

    A sheet that was entered before, with the same head count, is passed over. Either all others
    are entered or none is.
    """
    training_class = TrainingClass.objects.select_related("host_unit").get(
        pk=session.training_class_id
    )
    rolls = _locked_rolls(session, sheets)
    _must_enter_for(training_class, sheets, by=by)
    if training_class.is_closed:
        raise ClassIsClosed(_("This class is closed."), _("Its rolls stay as they are."))
    session_must_be_held(ClassSession.objects.get(pk=session.pk))
    fresh = [sheet for sheet in sheets if not _entered_before(rolls[sheet.bridge_point_id], sheet)]
    if not fresh:
        return 0
    _must_name_learners(training_class, fresh)
    _must_explain_differences(fresh)
    with connection.cursor() as cursor:
        marked = _put_marks(cursor, fresh, rolls, by=by, at=at)
        _close_rolls(cursor, fresh, rolls, by=by, at=at)
        if marked > _MANY_MARKS:
            # Until the planner knows how many there are now, counting attendance takes a minute.
            cursor.execute("ANALYZE classes_roll, classes_rollmark, classes_enrolment")
    facts: dict[str, Any] = {"session": session.number, "rolls": len(fresh), "marks": marked}
    record("sheets_entered", training_class, by=by, at=at, **facts)
    for sheet in fresh:
        publish(RollClosed(roll_id=rolls[sheet.bridge_point_id].pk, at=at))
    if len(fresh) == 1:  # the roll itself tells of it too
        heads: dict[str, Any] = {"present": fresh[0].present, "heads": fresh[0].head_count}
        record("sheet_entered", rolls[fresh[0].bridge_point_id], by=by, at=at, **facts, **heads)
    return marked


def enter_sheet(
    roll: Roll,
    presences: Mapping[int, Presence],
    *,
    head_count: int,
    note: str = "",
    by: Person,
    at: datetime,
) -> int:
    """Enter the signed sheet of one bridge point, by enrolment id; how many marks it brought."""
    if day_of(at) < roll.session.held_on:
        raise SessionIsAhead(
            _("This session is held on %(day)s.")
            % {"day": roll.session.held_on.strftime("%d/%m/%Y")},
            _("Its sheet can be entered from that day on."),
        )
    sheet = SignedSheet(roll.bridge_point_id, presences, head_count, note)
    return enter_sheets(roll.session, [sheet], by=by, at=at)


def _locked_rolls(session: ClassSession, sheets: Sequence[SignedSheet]) -> dict[int, Roll]:
    """The rolls of these bridge points, by bridge point, locked in one order."""
    points = [sheet.bridge_point_id for sheet in sheets]
    rolls = {
        roll.bridge_point_id: roll
        for roll in Roll.objects.select_for_update(no_key=True)
        .filter(session=session, bridge_point__in=points)
        .order_by("pk")
    }
    if len(rolls) < len(points):
        raise SheetIsWrong(
            _("A sheet is of a bridge point that this session does not have, or comes twice."),
            _("No sheet was entered. Please check the sheets against the list of bridge points."),
        )
    return rolls


def _must_enter_for(
    training_class: TrainingClass, sheets: Sequence[SignedSheet], *, by: Person
) -> None:
    if policies.can_run(by, training_class):
        return
    on_duty = BridgePoint.objects.filter(pk__in=[sheet.bridge_point_id for sheet in sheets])
    if not all(by.pk in duties for duties in on_duty.values_list("chair_id", "coordinator_id")):
        raise NotAllowed(
            _("Only whoever runs the class or is on duty at the point may enter its sheet."),
            _("Please ask one of them."),
        )


def _entered_before(roll: Roll, sheet: SignedSheet) -> bool:
    if roll.closed_at and roll.head_count != sheet.head_count:
        raise RollIsClosed(
            _("A roll is already closed, with %(heads)s heads counted.")
            % {"heads": roll.head_count},
            _("No sheet was entered. Correct single marks on that roll instead."),
        )
    return roll.closed_at is not None


def _must_name_learners(training_class: TrainingClass, sheets: Sequence[SignedSheet]) -> None:
    point_of: dict[int, int] = dict(
        Enrolment.objects.active()
        .filter(training_class=training_class)
        .values_list("pk", "bridge_point_id")
    )
    strangers = sum(
        1
        for sheet in sheets
        for enrolment_id in sheet.presences
        if point_of.get(enrolment_id) != sheet.bridge_point_id
    )
    if strangers:
        raise SheetIsWrong(
            _("%(count)s people on these sheets are not on the roll of that bridge point.")
            % {"count": strangers},
            _("No sheet was entered. Please check the names."),
        )


def _must_explain_differences(sheets: Sequence[SignedSheet]) -> None:
    unexplained = sum(
        1
        for sheet in sheets
        if unexplained_difference(sheet.head_count, sheet.present, sheet.difference_note)
    )
    if unexplained:
        raise DifferenceUnexplained(
            _("On %(count)s sheets the heads counted differ from the names present.")
            % {"count": unexplained},
            _("No sheet was entered. Please write on each why they differ."),
        )


def _put_marks(
    cursor: CursorWrapper,
    sheets: Sequence[SignedSheet],
    rolls: Mapping[int, Roll],
    *,
    by: Person,
    at: datetime,
) -> int:
    """Supersede the marks that say otherwise, then put those that do not stand yet."""
    rows = [
        (
            rolls[sheet.bridge_point_id].pk,
            enrolment_id,
            str(presence),
            sheet.reasons.get(enrolment_id, ""),
        )
        for sheet in sheets
        for enrolment_id, presence in sheet.presences.items()
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    cursor.execute(
        "UPDATE classes_rollmark mark SET superseded_at = %s"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS sheet(roll, enrolment, presence)"
        " WHERE mark.roll_id = sheet.roll AND mark.enrolment_id = sheet.enrolment"
        " AND mark.superseded_at IS NULL AND mark.presence <> sheet.presence",
        [at, *columns[:3]],
    )
    # The identifier follows from roll and learner: a sheet is entered once, however often sent.
    cursor.execute(
        "INSERT INTO classes_rollmark"
        " (roll_id, enrolment_id, presence, method, marked_by_id, marked_at, client_id, reason)"
        " SELECT sheet.roll, sheet.enrolment, sheet.presence, %s, %s, %s,"
        " md5('sheet:' || sheet.roll || ':' || sheet.enrolment)::uuid, sheet.reason"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[])"
        " AS sheet(roll, enrolment, presence, reason)"
        " WHERE NOT EXISTS (SELECT FROM classes_rollmark mark WHERE mark.roll_id = sheet.roll"
        " AND mark.enrolment_id = sheet.enrolment AND mark.superseded_at IS NULL)",
        [MarkMethod.SHEET, by.pk, at, *columns],
    )
    return int(cursor.rowcount)


def _close_rolls(
    cursor: CursorWrapper,
    sheets: Sequence[SignedSheet],
    rolls: Mapping[int, Roll],
    *,
    by: Person,
    at: datetime,
) -> None:
    cursor.execute(
        "UPDATE classes_roll roll SET opened_at = coalesce(roll.opened_at, %s), closed_at = %s,"
        " closed_by_id = %s, head_count = sheet.heads, difference_note = sheet.note"
        " FROM unnest(%s::bigint[], %s::integer[], %s::text[]) AS sheet(roll, heads, note)"
        " WHERE roll.id = sheet.roll",
        [
            at,
            at,
            by.pk,
            [rolls[sheet.bridge_point_id].pk for sheet in sheets],
            [sheet.head_count for sheet in sheets],
            [sheet.difference_note.strip() for sheet in sheets],
        ],
    )
