"""Moments as credentials write them: XML Schema dateTime in UTC, whole seconds (VCDM 2.0, §4.9)."""

from datetime import UTC, datetime


def xml_moment(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("A moment that does not name its zone means different things to people.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
