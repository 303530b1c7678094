"""Decisions and arithmetic of measuring, on plain values."""
