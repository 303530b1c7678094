"""Who may go through which address: every address of the project is in `DOORS`.

A new address is added to the module of its room: which things it names, for whom it opens, what it
then tells (see `door.Door`). A new room is joined here.
"""

from journeys.doors import (
    campaigns,
    classes,
    competency,
    credentials,
    exams,
    inspection,
    marking,
    measurement,
    people,
    portal,
    questions,
    recognition,
    situations,
    stationery,
    verification,
    wallet,
)
from journeys.doors.eyes import Eyes

_ROOMS = (
    portal,
    people,
    classes,
    questions,
    exams,
    marking,
    situations,
    measurement,
    competency,
    stationery,
    recognition,
    credentials,
    inspection,
    verification,
    wallet,
    campaigns,
)
DOORS = {name: door for room in _ROOMS for name, door in room.DOORS.items()}

__all__ = ["DOORS", "Eyes"]
