"""Writing a disposition: every saved text is kept, the newest stands."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.situations import policies
from hocvu.situations.actions.finishing import locked_run
from hocvu.situations.models import Disposition, DispositionVersion, Run
from hocvu.situations.queries.running import end_of_node
from hocvu.situations.rules.cases import NodeKind
from hocvu.situations.rules.timing import is_too_late


class NothingIsWrittenHere(NotPossible):
    """The run does not stand at a node where something is written."""


class TimeIsOver(NotPossible):
    pass


def save_disposition(
    run: Run, node_id: str, text: str, *, client_id: UUID, by: Person, at: datetime
) -> DispositionVersion:
    """Keep this text as the newest version; the same text or the same delivery changes nothing."""
    with transaction.atomic():
        run = locked_run(run)
        if not policies.can_decide(by, run):
            raise NotAllowed(
                _("Only those whose run this is can write in it."),
                _("Please sign in with your own account."),
            )
        kept = DispositionVersion.objects.filter(
            disposition__run=run, disposition__node=node_id, client_id=client_id
        ).first()
        if kept is not None:
            return kept
        _refuse_elsewhere(run, node_id, at)
        disposition, _made = Disposition.objects.get_or_create(run=run, node=node_id)
        newest = disposition.versions.order_by("-number").first()
        if newest is not None and newest.text == text:
            return newest
        version = disposition.versions.create(
            number=newest.number + 1 if newest else 1,
            text=text,
            client_id=client_id,
            saved_by=by,
            saved_at=at,
        )
        record("disposition_saved", disposition, by=by, at=at, version=version.number)
        return version


def _refuse_elsewhere(run: Run, node_id: str, at: datetime) -> None:
    node = run.exercise.case.written.nodes.get(node_id)
    stands_here = run.node == node_id and run.finished_at is None
    if node is None or node.kind is not NodeKind.DISPOSITION or not stands_here:
        raise NothingIsWrittenHere(
            _("The case has gone on: this text can no longer be changed."),
            _("Please load the page of the case again."),
        )
    waits_to_be_opened = bool(node.seconds) and run.node_opened_at is None
    over = is_too_late(end_of_node(run), at) or is_too_late(run.exercise.closes_at, at)
    if over or waits_to_be_opened:
        raise TimeIsOver(
            _("Time is over: this text came too late to be kept."),
            _("What was saved before stands and will be marked."),
        )
