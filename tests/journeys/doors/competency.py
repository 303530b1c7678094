"""Who has shown what."""

from journeys.doors.door import Door

DOORS = {
    "competency:mine": Door(),
}
