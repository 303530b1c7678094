"""Answers to what happens below and here; importing them is enough."""

from hocvu.credentials.reactions import questions, recognition, telling

__all__ = ["questions", "recognition", "telling"]
