"""Answers to what happens below and here; importing them is enough."""

from hocvu.credentials.reactions import blanks, questions, recognition, telling

__all__ = ["blanks", "questions", "recognition", "telling"]
