"""The web edge of people: parse, one call, render."""
