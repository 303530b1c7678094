"""Decisions and plain values of this room."""
