"""Decisions and arithmetic of this room."""
