"""Signed roll sheets, as they would come in from the bridge points."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from random import Random

from hocvu.classes.actions import SignedSheet
from hocvu.classes.models import Presence


def signed_sheets(
    places: Sequence[tuple[int, int]], *, present: float, chance: Random
) -> list[SignedSheet]:
    """One sheet a bridge point; `places` are (bridge point, enrolment), sorted by bridge point."""
    sheets = []
    for point, learners in groupby(places, itemgetter(0)):
        presences = {enrolment: _presence(present, chance) for _point, enrolment in learners}
        heads = sum(presence is Presence.PRESENT for presence in presences.values())
        excused = [each for each, presence in presences.items() if presence is Presence.EXCUSED]
        sheets.append(
            SignedSheet(
                bridge_point_id=point,
                presences=presences,
                head_count=heads,
                reasons=dict.fromkeys(excused, "Đi công tác"),
            )
        )
    return sheets


def _presence(present: float, chance: Random) -> Presence:
    if chance.random() < present:
        return Presence.PRESENT
    return chance.choice((Presence.EXCUSED, Presence.ABSENT))
