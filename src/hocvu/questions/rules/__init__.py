"""Decisions about questions, on plain values."""
